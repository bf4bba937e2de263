/* Any events in any order: what must hold in the flow holds after each. A byte is what happens, the next one how. */
#include <stdlib.h>
#include <string.h>

#include "base/pin_choice.h"
#include "base/text.h"
#include "person.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEPS_MAX 400

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* PUK and new PIN leave only by the second İLERİ with a PIN that was typed twice, or by the word of the last try; and
 * nothing of them stays. */
static void check_unblock(const struct person *p, const struct flow *before, enum event_kind event)
{
	const struct job_unblock *job = &p->effects.card.unblock;

	require(before->again && flow_unblocks(&p->flow));
	require((before->screen == SCREEN_NEW_PIN && event == EVENT_NEXT &&
			!job->last_try_confirmed) ||
		(before->screen == SCREEN_LAST_TRY && event == EVENT_CONFIRM &&
			job->last_try_confirmed));
	require(job->puk.n >= 4 && job->puk.n <= 8 && job->pin.n >= 4 && job->pin.n <= 8);
	require(pin_choice(secret_span(&job->pin), secret_span(&job->puk)) == ERR_OK);
	require(job->last_try_confirmed || !flow_last_try(&p->flow));
	require(flow_pin_trouble(&p->flow) == ERR_OK && p->flow.now < p->flow.deadline);
}

/* A signature is asked for only by İMZALA with a PIN that was just typed, or by the word of the last try; once; for what
 * was shown; and the PIN leaves with it. */
static void check_sign(const struct person *p, const struct flow *before, enum event_kind event)
{
	const struct job_sign *job = &p->effects.card.sign;

	if (p->effects.card.kind == JOB_UNBLOCK)
		check_unblock(p, before, event);
	if (p->effects.card.kind == JOB_NONE || p->effects.card.kind == JOB_UNBLOCK)
		return;
	require(p->effects.card.kind == JOB_SIGN);
	require((before->screen == SCREEN_PIN && event == EVENT_NEXT &&
			!job->signer.last_try_confirmed) ||
		(before->screen == SCREEN_LAST_TRY && event == EVENT_CONFIRM &&
			job->signer.last_try_confirmed));
	require(job->signer.pin.n >= 4 && job->signer.pin.n <= 8 && p->flow.pin.n == 0);
	require(p->flow.end_seen && p->flow.hashed &&
		text_is_safe(bytes_span(&job->content), NULL));
	require(span_equal(bytes_span(&job->content), bytes_span(&p->flow.content)));
	require(job->signer.last_try_confirmed || !flow_last_try(&p->flow));
	require(flow_pin_trouble(&p->flow) == ERR_OK && p->flow.now < p->flow.deadline);
}

static void check(const struct person *p)
{
	const struct flow *f = &p->flow;

	require(f->screen < SCREEN_COUNT && f->focus < FOCUS_COUNT);
	require(f->pin.n == 0 || f->screen == SCREEN_PIN || f->screen == SCREEN_LAST_TRY ||
		f->screen == SCREEN_NEW_PIN);
	require(f->puk.n == 0 || f->screen == SCREEN_PUK || f->screen == SCREEN_LAST_TRY ||
		f->screen == SCREEN_NEW_PIN);
	require(f->new_pin.n == 0 || f->screen == SCREEN_LAST_TRY || f->screen == SCREEN_NEW_PIN);
	require(f->code.n <= CODE_DIGITS && (!f->in_session || f->code.n == 0));
	require(f->screen != SCREEN_CODE ||
		(!f->in_session && f->content.n == 0 && f->cms.n == 0 && f->session.token.n == 0));
	require(f->screen != SCREEN_RESULT || f->accepted);
	require(f->screen != SCREEN_UNBLOCKED || f->accepted);
	require(!f->accepted || f->cms.n > 0 || flow_unblocks(f));
	require(f->top <= f->content.n);
	require(f->screen != SCREEN_SAVE || flow_may_save(f));
	require(flow_next_change(f) > f->now || f->screen == SCREEN_WORKING);
	require(p->effects.network.kind != JOB_SUBMIT || p->effects.network.submit.cms.n > 0);
	require(p->effects.network.kind != JOB_OPEN ||
		p->effects.network.open.code.n == CODE_DIGITS);
}

/* What kind of event the byte how makes; the workers' answers and the card are apart. */
static enum event_kind press(struct person *p, uint8_t how)
{
	struct event event = {.kind = (enum event_kind)(how % (EVENT_SAVED + 1)),
		.item = how / 3u,
		.path = "/tmp/a"};

	event.digit = how % 10;
	event.offset = how & 0x80 ? p->flow.content.n : how;
	event.text[0] = (char)('0' + how % 70);
	event.error.code = how % 5 ? ERR_OK : ERR_FILE_EXISTS;
	person_event(p, event);
	return event.kind;
}

static void answer(struct person *p, uint8_t how)
{
	static const enum job_kind kinds[] = {JOB_OPEN, JOB_SIGN, JOB_UNBLOCK, JOB_SUBMIT};
	enum job_kind kind = how & 0x80 ? p->flow.work : kinds[how % 4];
	enum err code = how & 0x40 ? ERR_OK : (enum err)(how * 7 % ERR_COUNT);

	if (kind == JOB_OPEN && !code)
		person_opens(p, how % 5 ? PERSON_TEXT : "\033[1m");
	else
		person_gets(p, kind, code, how % 4);
}

static void change_card(struct person *p, uint8_t how)
{
	p->tries = how / 8 % 4;
	p->puks = how / 16 % 4;
	if (how % 8 == 0)
		person_no_card(p);
	else if (how % 8 == 1)
		person_other_card(p);
	else if (how % 8 == 2)
		person_progress(p, (enum job_stage)(how / 8 % 4));
	else
		person_card(p);
}

static enum event_kind act(struct person *p, uint8_t what, uint8_t how)
{
	switch (what % 8) {
	case 0:
		answer(p, how);
		return EVENT_RESULT;
	case 1:
		change_card(p, how);
		return EVENT_RESULT;
	case 2:
		person_waits(p, how * 500);
		return EVENT_TIME;
	case 3:
		person_types(p, how & 1 ? PERSON_CODE : how & 2 ? PERSON_NEW_PIN : PERSON_PIN);
		return EVENT_DIGIT;
	case 4:
		person_does(p, EVENT_NEXT);
		return EVENT_NEXT;
	default:
		return press(p, how);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct flow_settings settings = {
		.kiosk = size && data[0] & 1,
		.shuffle = size && data[0] & 2,
		.can_save = size && data[0] & 4,
		.idle_ms = size && data[0] & 8 ? 60000 : 0,
	};
	struct person p;

	secret_init(NULL);
	person_begin(&p, &settings);
	p.purpose = size && data[0] & 32 ? SERVICE_UNBLOCK : SERVICE_CONSENT;
	if (size && data[0] & 16)
		person_walks_to(&p, data[0] & 32 ? SCREEN_PUK : SCREEN_PIN);
	for (size_t i = 1; i + 1 < size && i < 2 * STEPS_MAX; i += 2) {
		struct flow before = p.flow;
		enum event_kind event = act(&p, data[i], data[i + 1]);

		check_sign(&p, &before, event);
		check(&p);
	}
	person_end(&p);
	return 0;
}

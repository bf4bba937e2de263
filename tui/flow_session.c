/* From the code to the contract that was read. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "sign/content.h"
#include "tui/flow_parts.h"

static void clear_code(struct flow *f)
{
	secret_wipe(&f->code);
	f->nonce[0] = '\0';
	f->code_done = false;
}

static void type_digit(struct flow *f, uint8_t digit)
{
	if (f->code_done)
		clear_code(f);
	f->notice = NOTICE_NONE;
	if (f->code.n == CODE_DIGITS) {
		f->notice = NOTICE_TOO_LONG;
		return;
	}
	f->nonce[0] = '\0';
	if (!secret_append(&f->code, (uint8_t)('0' + digit)))
		flow_notice(f, &(struct error){.code = ERR_SECRET_MEMORY});
}

static void erase_digit(struct flow *f)
{
	secret_drop_last(&f->code);
	f->nonce[0] = '\0';
	f->code_done = false;
	f->notice = NOTICE_NONE;
}

/* The same nonce for every attempt with the same code: an answer lost on the way must not use the code up. */
static void make_nonce(struct flow *f, const struct event *event)
{
	if (f->nonce[0])
		return;
	for (unsigned i = 0; i < EVENT_RANDOM; i++)
		snprintf(f->nonce + 2 * i, 3, "%02x", event->random[i]);
}

static void open_session(struct flow *f, const struct event *event, struct effects *effects)
{
	struct job_open *open = &effects->network.open;

	if (f->code.n != CODE_DIGITS) {
		flow_notice(f, &(struct error){.code = ERR_CODE_FORMAT});
		return;
	}
	make_nonce(f, event);
	effects->network.kind = JOB_OPEN;
	if (!secret_set(&open->code, secret_span(&f->code))) {
		effects->network.kind = JOB_NONE;
		flow_notice(f, &(struct error){.code = ERR_SECRET_MEMORY});
		return;
	}
	memcpy(open->nonce, f->nonce, sizeof(f->nonce));
	flow_work(f, JOB_OPEN);
}

void flow_on_code(struct flow *f, const struct event *event, struct effects *effects)
{
	switch (event->kind) {
	case EVENT_DIGIT:
		type_digit(f, event->digit);
		break;
	case EVENT_REFUSED:
		f->notice = NOTICE_CHARACTER;
		memcpy(f->refused, event->text, sizeof(f->refused));
		break;
	case EVENT_ERASE:
		erase_digit(f);
		break;
	case EVENT_CLEAR:
		clear_code(f);
		f->notice = NOTICE_NONE;
		break;
	case EVENT_NEXT:
		open_session(f, event, effects);
		break;
	case EVENT_BACK:
		if (f->code.n == 0 && f->notice == NOTICE_NONE) {
			flow_ask_to_leave(f, true);
		} else {
			clear_code(f);
			f->notice = NOTICE_NONE;
		}
		break;
	default:
		break;
	}
}

/* The texts of the session as the one buffer that is shown, hashed and signed. */
static enum err join_texts(struct flow *f)
{
	struct span texts[SERVICE_TEXTS_MAX];
	size_t total = 0;

	if (f->session.text_count == 0 || f->session.text_count > SERVICE_TEXTS_MAX)
		return ERR_SERVICE_ANSWER;
	for (size_t i = 0; i < f->session.text_count; i++) {
		texts[i] = bytes_span(&f->session.texts[i]);
		total += texts[i].n;
	}
	if (total == 0)
		return ERR_SERVICE_ANSWER;
	if (total > CONTENT_MAX)
		return ERR_TOO_LARGE;
	content_join(texts, f->session.text_count, &f->content);
	f->unsafe = !text_is_safe(bytes_span(&f->content), NULL);
	return ERR_OK;
}

static void refuse_code(struct flow *f, const struct error *error)
{
	flow_enter(f, SCREEN_CODE);
	flow_notice(f, error);
	f->code_done = error->code == ERR_CODE_WRONG || error->code == ERR_CODE_EXPIRED ||
		       error->code == ERR_CODE_USED || error->code == ERR_SESSION_EXPIRED ||
		       error->code == ERR_PURPOSE;
}

void flow_opened(struct flow *f, struct job_result *result, struct effects *effects)
{
	enum err code;

	if (result->error.code) {
		refuse_code(f, &result->error);
		return;
	}
	f->session = result->session;
	result->session = (struct service_session){0};
	f->in_session = true;
	f->sessions++;
	f->deadline = f->now + f->session.remaining_ms;
	clear_code(f);
	if (flow_unblocks(f)) {
		effects->what |= EFFECT_FLUSH_INPUT;
		f->chosen = false; /* another person's card may have been the only one */
		flow_enter(f, SCREEN_CERTIFICATE);
		flow_choose_again(f);
		return;
	}
	if ((code = join_texts(f))) {
		flow_fail(f, JOB_OPEN, &(struct error){.code = code});
		return;
	}
	effects->what |= EFFECT_HASH | EFFECT_FLUSH_INPUT;
	flow_enter(f, SCREEN_CONTRACT);
}

bool flow_may_sign(const struct flow *f)
{
	return f->end_seen && f->hashed && !f->unsafe;
}

void flow_on_contract(struct flow *f, const struct event *event, struct effects *effects)
{
	(void)effects;
	switch (event->kind) {
	case EVENT_SCROLL:
		f->top = event->offset < f->content.n ? event->offset : f->content.n;
		f->focus = FOCUS_FIELD;
		break;
	case EVENT_SHOWN:
		if (event->offset >= f->content.n && !f->end_seen) {
			f->end_seen = true;
			f->focus = f->unsafe ? FOCUS_SECOND : FOCUS_MAIN;
		}
		break;
	case EVENT_HASHED:
		memcpy(f->sha256, event->sha256, sizeof(f->sha256));
		f->hashed = true;
		break;
	case EVENT_NEXT:
		if (flow_may_sign(f))
			flow_enter(f, SCREEN_CERTIFICATE);
		break;
	case EVENT_BACK:
		flow_ask_to_leave(f, false);
		break;
	default:
		break;
	}
}

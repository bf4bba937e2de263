#include "person.h"

#include <stdio.h>
#include <string.h>

#define WALL 1646145643 /* 01.03.2022 */

static void release(struct person *p)
{
	job_request_free(&p->effects.card);
	job_request_free(&p->effects.network);
	p->effects = (struct effects){0};
}

void person_begin(struct person *p, const struct flow_settings *settings)
{
	const struct flow_settings usual = {.can_save = true};

	*p = (struct person){
		.now = 1000, .tries = 3, .puks = 3, .certificate = 1, .reader = "Okuyucu 00"};
	flow_init(&p->flow, settings ? settings : &usual, p->now);
}

void person_end(struct person *p)
{
	release(p);
	flow_free(&p->flow);
}

void person_event(struct person *p, struct event event)
{
	static uint8_t random;

	release(p);
	event.now = p->now;
	event.wall = WALL + p->now / 1000 + p->wall_jump;
	for (unsigned i = 0; i < EVENT_RANDOM; i++)
		event.random[i] = random++;
	flow_step(&p->flow, &event, &p->effects);
}

void person_does(struct person *p, enum event_kind kind)
{
	person_event(p, (struct event){.kind = kind});
}

void person_types(struct person *p, const char *digits)
{
	for (; *digits; digits++)
		person_event(
			p, (struct event){.kind = EVENT_DIGIT, .digit = (uint8_t)(*digits - '0')});
}

void person_says(struct person *p, const char *text)
{
	for (; *text; text++)
		person_event(p, (struct event){.kind = EVENT_TEXT, .text = {*text}});
}

void person_waits(struct person *p, int64_t ms)
{
	p->now += ms;
	person_does(p, EVENT_TIME);
}

static void get(struct person *p, struct job_result *result)
{
	person_event(p, (struct event){.kind = EVENT_RESULT, .result = result});
	job_result_free(result);
}

void person_gets(struct person *p, enum job_kind kind, enum err code, int tries)
{
	struct job_result result = {.kind = kind};

	if (code)
		error_set(&result.error, code, "test");
	result.error.tries = tries;
	if (!code && kind == JOB_SIGN)
		bytes_append_text(&result.cms, "CMS");
	if (!code && kind == JOB_SUBMIT)
		strcpy(result.receipt.receipt, "receipt");
	get(p, &result);
}

void person_opens(struct person *p, const char *text)
{
	struct job_result result = {.kind = JOB_OPEN};
	struct service_session *session = &result.session;

	strcpy(session->id, "session");
	secret_set(&session->token, span_text("token"));
	strcpy(session->tckn, PERSON_TCKN);
	session->remaining_ms = PERSON_SESSION_S * 1000;
	session->purpose = p->purpose;
	if (p->purpose != SERVICE_UNBLOCK) {
		bytes_append_text(&session->texts[0], text);
		session->text_count = 1;
	}
	get(p, &result);
}

void person_progress(struct person *p, enum job_stage stage)
{
	struct job_result result = {.kind = JOB_PROGRESS, .stage = stage};

	get(p, &result);
}

static struct cards *reader_only(const struct person *p, enum err state)
{
	struct cards *cards = must_zalloc(sizeof(*cards));

	cards->reader_count = 1;
	memcpy(cards->readers[0].name, p->reader, sizeof(p->reader));
	cards->readers[0].state = state;
	return cards;
}

static void report(struct person *p, struct cards *cards)
{
	struct job_result result = {.kind = JOB_CARDS, .cards = cards};

	get(p, &result);
}

static void insert(struct person *p, uint8_t mark, const char *tckn)
{
	struct cards *cards = reader_only(p, ERR_OK);
	struct cards_certificate *c = &cards->certificates[0];

	cards->certificate_count = 1;
	memset(c->info.sha256, mark, sizeof(c->info.sha256));
	strcpy(c->info.tckn, tckn);
	c->pin = (struct card_pin){.tries = (int)p->tries,
		.tries_max = 3,
		.last_try = p->tries == 1,
		.blocked = p->tries == 0,
		.min = 4,
		.max = 8,
		.digits_only = true};
	c->has_puk = true;
	c->puk = c->pin;
	c->puk.tries = (int)p->puks;
	c->puk.last_try = p->puks == 1;
	c->puk.blocked = p->puks == 0;
	report(p, cards);
}

void person_card(struct person *p)
{
	insert(p, p->certificate, PERSON_TCKN);
}

void person_other_card(struct person *p)
{
	insert(p, (uint8_t)(p->certificate + 1), "10000000214");
}

void person_card_read(struct person *p)
{
	report(p, reader_only(p, ERR_BUSY));
}

void person_no_card(struct person *p)
{
	report(p, reader_only(p, ERR_NO_CARD));
}

static void leave_screen(struct person *p)
{
	switch (p->flow.screen) {
	case SCREEN_CODE:
		person_card(p);
		person_types(p, PERSON_CODE);
		person_does(p, EVENT_NEXT);
		person_opens(p, PERSON_TEXT);
		break;
	case SCREEN_CONTRACT:
		person_event(p, (struct event){.kind = EVENT_HASHED});
		person_event(p, (struct event){.kind = EVENT_SHOWN, .offset = p->flow.content.n});
		person_does(p, EVENT_NEXT);
		break;
	case SCREEN_PIN:
		person_types(p, PERSON_PIN);
		person_does(p, EVENT_NEXT);
		break;
	case SCREEN_PUK:
		person_types(p, PERSON_PUK);
		person_does(p, EVENT_NEXT);
		break;
	case SCREEN_NEW_PIN:
		person_types(p, PERSON_NEW_PIN);
		person_does(p, EVENT_NEXT);
		break;
	case SCREEN_WORKING:
		person_gets(p, p->flow.work, ERR_OK, 0);
		break;
	default:
		person_does(p, EVENT_NEXT);
		break;
	}
}

void person_walks_to(struct person *p, enum screen screen)
{
	for (int i = 0; i < 10 && p->flow.screen != screen; i++)
		leave_screen(p);
}

void person_signs(struct person *p)
{
	person_walks_to(p, SCREEN_PIN);
	person_types(p, PERSON_PIN);
	person_does(p, EVENT_NEXT);
}

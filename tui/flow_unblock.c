/* A session for unblocking: from the PUK to a card with a new PIN, and a service that knows of it. */
#include <string.h>

#include "base/pin_choice.h"
#include "tui/flow_parts.h"

static void ask_pin(struct flow *f, const struct event *event, struct effects *effects)
{
	effects->what |= EFFECT_FLUSH_INPUT;
	f->pad = pad_make(f->settings.shuffle ? event->random : NULL);
	flow_enter(f, SCREEN_NEW_PIN);
}

/* The new PIN from the beginning, with a word on why. */
static void refuse_pin(struct flow *f, enum err why)
{
	secret_wipe(&f->pin);
	secret_wipe(&f->new_pin);
	f->again = false;
	flow_notice(f, &(struct error){.code = why, .tries = TRIES_UNKNOWN});
}

static void take_first(struct flow *f, const struct event *event, struct effects *effects)
{
	f->new_pin = f->pin;
	f->pin = (struct secret){0};
	f->again = true;
	ask_pin(f, event, effects);
}

static void press_new_pin(struct flow *f, const struct event *event, struct effects *effects)
{
	enum err code = flow_check_typed(f, secret_span(&f->pin));

	if (!code && !f->again)
		code = pin_choice(secret_span(&f->pin), secret_span(&f->puk));
	if (!code && f->again && !secret_equal(secret_span(&f->pin), secret_span(&f->new_pin)))
		code = ERR_PIN_DIFFERENT;
	if (code)
		refuse_pin(f, code);
	else if (!f->again)
		take_first(f, event, effects);
	else if (flow_last_try(f))
		flow_enter(f, SCREEN_LAST_TRY);
	else
		flow_unblock(f, effects, false);
}

void flow_press_puk(struct flow *f, const struct event *event, struct effects *effects)
{
	enum err code;

	if (!flow_certificate(f))
		return;
	if (f->screen == SCREEN_NEW_PIN)
		press_new_pin(f, event, effects);
	else if ((code = flow_check_typed(f, secret_span(&f->puk))))
		flow_notice(f, &(struct error){.code = code, .tries = TRIES_UNKNOWN});
	else
		ask_pin(f, event, effects);
}

void flow_unblock(struct flow *f, struct effects *effects, bool confirmed)
{
	const struct cards_certificate *c = flow_certificate(f);
	struct job_unblock *job = &effects->card.unblock;

	effects->card.kind = JOB_UNBLOCK;
	memcpy(job->reader, f->cards->readers[c->reader].name, sizeof(job->reader));
	memcpy(job->certificate_sha256, f->certificate, sizeof(f->certificate));
	job->puk = f->puk;
	job->pin = f->pin;
	job->last_try_confirmed = confirmed;
	f->puk = f->pin = (struct secret){0};
	flow_wipe_typed(f);
	f->pin_use = PIN_KEPT;
	effects->what |= EFFECT_FLUSH_INPUT;
	flow_work(f, JOB_UNBLOCK);
}

static void tell(struct flow *f, struct effects *effects)
{
	struct job_done *job = &effects->network.done;

	effects->network.kind = JOB_DONE;
	memcpy(job->session, f->session.id, sizeof(job->session));
	secret_set(&job->token, secret_span(&f->session.token));
	flow_work(f, JOB_DONE);
}

/* The card has its new PIN whatever comes now: the session can't be given up any more. */
void flow_unblocked(struct flow *f, const struct event *event, struct effects *effects)
{
	if (event->result->error.code) {
		flow_card_failed(f, event, effects);
		return;
	}
	f->accepted = true;
	tell(f, effects);
}

void flow_told(struct flow *f, const struct error *error)
{
	flow_enter(f, SCREEN_UNBLOCKED);
	if (error->code)
		flow_notice(f, error);
}

void flow_on_unblocked(struct flow *f, const struct event *event, struct effects *effects)
{
	if (event->kind == EVENT_RETRY && f->notice == NOTICE_ERROR) {
		tell(f, effects);
	} else if (event->kind == EVENT_NEXT || event->kind == EVENT_BACK) {
		effects->what |= f->settings.kiosk ? 0 : EFFECT_QUIT;
		flow_reset(f, effects);
	}
}

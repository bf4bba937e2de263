/* Which card: the choice of a certificate, and what is in the readers. */
#include <stdlib.h>
#include <string.h>

#include "tui/flow_parts.h"

struct cards_certificate *flow_chosen(const struct flow *f)
{
	struct cards_certificate *elsewhere = NULL;

	for (unsigned i = 0; f->chosen && f->cards && i < f->cards->certificate_count; i++) {
		struct cards_certificate *c = &f->cards->certificates[i];

		if (memcmp(c->info.sha256, f->certificate, sizeof(f->certificate)) != 0)
			continue;
		if (strcmp(f->cards->readers[c->reader].name, f->reader) == 0)
			return c;
		elsewhere = c;
	}
	return elsewhere;
}

const struct cards_certificate *flow_certificate(const struct flow *f)
{
	return flow_chosen(f);
}

bool flow_unblocks(const struct flow *f)
{
	return f->in_session && f->session.purpose == SERVICE_UNBLOCK;
}

/* A PIN is set beside an expired certificate too, but only for somebody whom an issuer vouches for. */
static enum err pin_settable(const struct flow *f, const struct cards_certificate *c)
{
	if (c->usable == ERR_CERTIFICATE || c->usable == ERR_CERTIFICATE_ISSUER ||
		c->usable == ERR_NO_KEY)
		return c->usable;
	if (strcmp(f->session.tckn, c->info.tckn) != 0)
		return ERR_CERTIFICATE_PERSON;
	return c->has_puk ? ERR_OK : ERR_PUK_NONE;
}

enum err flow_certificate_usable(const struct flow *f, unsigned index)
{
	const struct cards_certificate *c = &f->cards->certificates[index];

	if (flow_unblocks(f))
		return pin_settable(f, c);
	if (c->usable)
		return c->usable;
	if (f->session.tckn[0] && strcmp(f->session.tckn, c->info.tckn) != 0)
		return ERR_CERTIFICATE_PERSON;
	return ERR_OK;
}

/* How well a certificate stands for its card: one that signs, one whose PIN can be set, any. */
static unsigned standing(const struct flow *f, unsigned index)
{
	if (flow_certificate_usable(f, index))
		return 0;
	return f->cards->certificates[index].usable ? 1 : 2;
}

bool flow_certificate_listed(const struct flow *f, unsigned index)
{
	const struct cards_certificate *all = f->cards->certificates;
	const unsigned mine = standing(f, index);

	for (unsigned i = 0; flow_unblocks(f) && i < f->cards->certificate_count; i++) {
		if (all[i].reader == all[index].reader &&
			(standing(f, i) > mine || (standing(f, i) == mine && i < index)))
			return false;
	}
	return true;
}

/* The next certificate from index on that is shown and may be chosen with effect; the count when there is none. */
static unsigned next_usable(const struct flow *f, unsigned index)
{
	while (index < f->cards->certificate_count &&
		(flow_certificate_usable(f, index) || !flow_certificate_listed(f, index)))
		index++;
	return index;
}

static void choose(struct flow *f, unsigned index)
{
	const struct cards_certificate *c;

	if (!f->cards || index >= f->cards->certificate_count)
		return;
	c = &f->cards->certificates[index];
	f->chosen = true;
	memcpy(f->certificate, c->info.sha256, sizeof(f->certificate));
	memcpy(f->reader, f->cards->readers[c->reader].name, sizeof(f->reader));
}

/* Keeps the choice while its certificate is there; else chooses the only usable one. */
void flow_choose_again(struct flow *f)
{
	unsigned count = f->cards ? f->cards->certificate_count : 0, first = count;
	bool only;

	if (flow_chosen(f))
		return;
	f->chosen = false;
	f->details = false;
	if (f->cards)
		first = next_usable(f, 0);
	only = first < count && next_usable(f, first + 1) == count;
	if (only)
		choose(f, first);
	if (f->screen == SCREEN_CERTIFICATE)
		f->focus = only ? FOCUS_MAIN : FOCUS_FIELD;
}

/* The reader in which the chosen certificate was last seen, NULL when it is not there. */
static const struct cards_reader *its_reader(const struct flow *f)
{
	for (unsigned i = 0; f->cards && i < f->cards->reader_count; i++) {
		if (strcmp(f->cards->readers[i].name, f->reader) == 0)
			return &f->cards->readers[i];
	}
	return NULL;
}

bool flow_card_is_being_read(const struct flow *f)
{
	const struct cards_reader *r = its_reader(f);

	return r && r->state == ERR_BUSY;
}

/* What a reader without the chosen certificate says: another card, none, or one that can't be read. */
static enum err why_gone(const struct flow *f)
{
	const struct cards_reader *r = its_reader(f);

	if (!r)
		return f->cards && f->cards->error.code ? f->cards->error.code : ERR_READER_GONE;
	if (r->state == ERR_OK)
		return ERR_CARD_CHANGED;
	return r->state == ERR_NO_CARD || r->state == ERR_BUSY ? ERR_CARD_REMOVED : r->state;
}

void flow_pause(struct flow *f, const struct error *error)
{
	flow_wipe_typed(f);
	flow_enter(f, SCREEN_PAUSED);
	f->failure = *error;
}

void flow_enter_pin(struct flow *f, const struct event *event, struct effects *effects)
{
	flow_wipe_typed(f);
	if (!secret_ready()) {
		flow_fail(f, flow_unblocks(f) ? JOB_UNBLOCK : JOB_SIGN,
			&(struct error){.code = ERR_SECRET_MEMORY});
		return;
	}
	effects->what |= EFFECT_FLUSH_INPUT;
	f->pad = pad_make(f->settings.shuffle ? event->random : NULL);
	flow_enter(f, flow_unblocks(f) ? SCREEN_PUK : SCREEN_PIN);
}

void flow_resume_pin(struct flow *f, const struct event *event, struct effects *effects)
{
	if (flow_chosen(f))
		flow_enter_pin(f, event, effects);
	else
		flow_pause(f, &(struct error){.code = why_gone(f), .tries = TRIES_UNKNOWN});
}

void flow_watch_card(struct flow *f, const struct event *event, struct effects *effects)
{
	bool waiting = f->screen == SCREEN_PIN || f->screen == SCREEN_LAST_TRY ||
		       f->screen == SCREEN_PUK || f->screen == SCREEN_NEW_PIN;

	if (f->screen == SCREEN_PAUSED && flow_chosen(f))
		flow_enter_pin(f, event, effects);
	else if (f->screen == SCREEN_PAUSED && !flow_card_is_being_read(f))
		f->failure = (struct error){.code = why_gone(f), .tries = TRIES_UNKNOWN};
	else if (waiting && !flow_chosen(f) && !flow_card_is_being_read(f))
		flow_resume_pin(f, event, effects);
	else if (waiting && flow_pin_trouble(f))
		flow_enter_pin(f, event, effects);
}

void flow_cards(struct flow *f, const struct event *event, struct effects *effects)
{
	struct job_result *result = event->result;
	bool session_begins = f->screen == SCREEN_CODE || f->screen == SCREEN_WORKING ||
			      f->screen == SCREEN_CONTRACT || f->screen == SCREEN_CERTIFICATE;

	if (!result->cards) /* the worker died and is being started again */
		return;
	free(f->cards);
	f->cards = result->cards;
	result->cards = NULL;
	if (session_begins && !(f->screen == SCREEN_WORKING && f->work != JOB_OPEN))
		flow_choose_again(f);
	flow_watch_card(f, event, effects);
}

/* With nothing chosen among several, Enter points at the first that can be; it takes another one to go on with it. */
static void go_on(struct flow *f, const struct event *event, struct effects *effects)
{
	const struct cards_certificate *c = flow_chosen(f);

	if (c && !flow_certificate_usable(f, (unsigned)(c - f->cards->certificates)))
		flow_enter_pin(f, event, effects);
	if (!c && f->cards)
		choose(f, next_usable(f, 0));
}

/* Which to point at when none is: the first that can be chosen; when none can, the first, which tells why. */
static unsigned first_listed(const struct flow *f)
{
	unsigned usable = next_usable(f, 0), first = 0;

	if (usable < f->cards->certificate_count)
		return usable;
	while (first < f->cards->certificate_count && !flow_certificate_listed(f, first))
		first++;
	return first;
}

static void show_details(struct flow *f)
{
	if (!flow_chosen(f) && f->cards)
		choose(f, first_listed(f));
	f->details = flow_chosen(f);
}

void flow_on_certificate(struct flow *f, const struct event *event, struct effects *effects)
{
	switch (event->kind) {
	case EVENT_CHOOSE:
		choose(f, event->item);
		f->focus = FOCUS_FIELD;
		break;
	case EVENT_DETAILS:
		if (f->details)
			f->details = false;
		else
			show_details(f);
		break;
	case EVENT_NEXT:
		go_on(f, event, effects);
		break;
	case EVENT_BACK:
		if (f->details)
			f->details = false;
		else if (flow_unblocks(f))
			flow_ask_to_leave(f, false);
		else
			flow_enter(f, SCREEN_CONTRACT);
		break;
	default:
		break;
	}
}

void flow_back_to_certificates(struct flow *f)
{
	flow_wipe_typed(f);
	flow_enter(f, SCREEN_CERTIFICATE);
	flow_choose_again(f);
}

void flow_on_paused(struct flow *f, const struct event *event, struct effects *effects)
{
	if (event->kind == EVENT_BACK)
		flow_back_to_certificates(f);
	else if (event->kind == EVENT_NEXT && flow_chosen(f))
		flow_enter_pin(f, event, effects);
}

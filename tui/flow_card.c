/* From the certificate to the card's signature. */
#include <stdlib.h>
#include <string.h>

#include "tui/flow_parts.h"

/* Where a card does not tell the bounds of its PIN: what cards in the field have at least and at most. */
#define PIN_SHORTEST 4
#define PIN_LONGEST 16

/* Signatures without a verdict on the PIN after which the session ends: one more could burn the last try. */
#define UNSETTLED_MAX 2

static struct cards_certificate *chosen(const struct flow *f)
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
	return chosen(f);
}

enum err flow_certificate_usable(const struct flow *f, unsigned index)
{
	const struct cards_certificate *c = &f->cards->certificates[index];

	if (c->usable)
		return c->usable;
	if (f->session.tckn[0] && strcmp(f->session.tckn, c->info.tckn) != 0)
		return ERR_CERTIFICATE_PERSON;
	return ERR_OK;
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
static void choose_again(struct flow *f)
{
	unsigned usable = 0, last = 0;

	if (chosen(f))
		return;
	f->chosen = false;
	f->details = false;
	for (unsigned i = 0; f->cards && i < f->cards->certificate_count; i++) {
		if (!flow_certificate_usable(f, i)) {
			usable++;
			last = i;
		}
	}
	if (usable == 1)
		choose(f, last);
	if (f->screen == SCREEN_CERTIFICATE)
		f->focus = usable == 1 ? FOCUS_MAIN : FOCUS_FIELD;
}

bool flow_last_try(const struct flow *f)
{
	const struct cards_certificate *c = chosen(f);

	return !c || c->pin.last_try || c->pin.tries == 1 || c->pin.tries == TRIES_UNKNOWN;
}

enum err flow_pin_trouble(const struct flow *f)
{
	const struct cards_certificate *c = chosen(f);

	if (!c)
		return ERR_OK;
	if (c->pin.blocked || c->pin.tries == 0)
		return ERR_PIN_BLOCKED;
	return c->pin.not_set ? ERR_PIN_NOT_SET : ERR_OK;
}

unsigned flow_pin_min(const struct flow *f)
{
	const struct cards_certificate *c = chosen(f);

	return c && c->pin.min > 0 ? c->pin.min : PIN_SHORTEST;
}

unsigned flow_pin_max(const struct flow *f)
{
	const struct cards_certificate *c = chosen(f);
	unsigned max = c && c->pin.max > 0 ? c->pin.max : PIN_LONGEST;

	return max < SECRET_MAX ? max : SECRET_MAX;
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

static void pause_for_card(struct flow *f, const struct error *error)
{
	secret_wipe(&f->pin);
	f->word[0] = '\0';
	flow_enter(f, SCREEN_PAUSED);
	f->failure = *error;
}

void flow_enter_pin(struct flow *f, const struct event *event, struct effects *effects)
{
	secret_wipe(&f->pin);
	f->word[0] = '\0';
	if (!secret_ready()) {
		flow_fail(f, JOB_SIGN, &(struct error){.code = ERR_SECRET_MEMORY});
		return;
	}
	effects->what |= EFFECT_FLUSH_INPUT;
	f->pad = pad_make(f->settings.shuffle ? event->random : NULL);
	flow_enter(f, SCREEN_PIN);
}

void flow_resume_pin(struct flow *f, const struct event *event, struct effects *effects)
{
	if (chosen(f))
		flow_enter_pin(f, event, effects);
	else
		pause_for_card(f, &(struct error){.code = why_gone(f), .tries = TRIES_UNKNOWN});
}

void flow_watch_card(struct flow *f, const struct event *event, struct effects *effects)
{
	bool waiting = f->screen == SCREEN_PIN || f->screen == SCREEN_LAST_TRY;

	if (f->screen == SCREEN_PAUSED && chosen(f))
		flow_enter_pin(f, event, effects);
	else if (f->screen == SCREEN_PAUSED && !flow_card_is_being_read(f))
		f->failure = (struct error){.code = why_gone(f), .tries = TRIES_UNKNOWN};
	else if (waiting && !chosen(f) && !flow_card_is_being_read(f))
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
		choose_again(f);
	flow_watch_card(f, event, effects);
}

/* With nothing chosen among several, Enter points at the first that can be; it takes another one to go on with it. */
static void go_on(struct flow *f, const struct event *event, struct effects *effects)
{
	const struct cards_certificate *c = chosen(f);

	if (c && !flow_certificate_usable(f, (unsigned)(c - f->cards->certificates)))
		flow_enter_pin(f, event, effects);
	for (unsigned i = 0; !c && f->cards && i < f->cards->certificate_count; i++) {
		if (!flow_certificate_usable(f, i)) {
			choose(f, i);
			return;
		}
	}
}

void flow_on_certificate(struct flow *f, const struct event *event, struct effects *effects)
{
	switch (event->kind) {
	case EVENT_CHOOSE:
		choose(f, event->item);
		f->focus = FOCUS_FIELD;
		break;
	case EVENT_DETAILS:
		f->details = !f->details && chosen(f);
		break;
	case EVENT_NEXT:
		go_on(f, event, effects);
		break;
	case EVENT_BACK:
		if (f->details)
			f->details = false;
		else
			flow_enter(f, SCREEN_CONTRACT);
		break;
	default:
		break;
	}
}

static void sign(struct flow *f, const struct event *event, struct effects *effects, bool confirmed)
{
	const struct cards_certificate *c = chosen(f);
	struct job_sign *job = &effects->card.sign;

	effects->card.kind = JOB_SIGN;
	memcpy(job->signer.reader, f->cards->readers[c->reader].name, sizeof(job->signer.reader));
	memcpy(job->signer.certificate_sha256, f->certificate, sizeof(f->certificate));
	job->signer.pin = f->pin;
	f->pin = (struct secret){0};
	job->signer.last_try_confirmed = confirmed;
	job->signer.signing_time = event->wall;
	f->signed_at = event->wall;
	f->pin_use = PIN_KEPT;
	bytes_append(&job->content, bytes_span(&f->content));
	effects->what |= EFFECT_FLUSH_INPUT;
	flow_work(f, JOB_SIGN);
}

/* What can be known to be wrong with the PIN before a card sees it. */
static enum err check_pin(const struct flow *f)
{
	const struct cards_certificate *c = chosen(f);

	if (f->pin.n < flow_pin_min(f) || f->pin.n > flow_pin_max(f))
		return ERR_PIN_LENGTH;
	for (size_t i = 0; c->pin.digits_only && i < f->pin.n; i++) {
		if (f->pin.at[i] < '0' || f->pin.at[i] > '9')
			return ERR_PIN_DIGITS;
	}
	return ERR_OK;
}

static void press_sign(struct flow *f, const struct event *event, struct effects *effects)
{
	enum err code;

	if (!chosen(f))
		return;
	if ((code = check_pin(f)))
		flow_notice(f, &(struct error){.code = code, .tries = TRIES_UNKNOWN});
	else if (flow_last_try(f))
		flow_enter(f, SCREEN_LAST_TRY);
	else
		sign(f, event, effects, false);
}

static void type_pin(struct flow *f, uint8_t character)
{
	f->notice = NOTICE_NONE;
	if (f->pin.n >= flow_pin_max(f))
		f->notice = NOTICE_TOO_LONG;
	else if (!secret_append(&f->pin, character))
		flow_notice(f, &(struct error){.code = ERR_SECRET_MEMORY});
}

static void back_to_certificates(struct flow *f)
{
	secret_wipe(&f->pin);
	flow_enter(f, SCREEN_CERTIFICATE);
	choose_again(f);
}

void flow_on_pin(struct flow *f, const struct event *event, struct effects *effects)
{
	const struct cards_certificate *c = chosen(f);

	if (event->kind == EVENT_BACK || (event->kind == EVENT_NEXT && flow_pin_trouble(f))) {
		effects->what |= EFFECT_FLUSH_INPUT;
		back_to_certificates(f);
		return;
	}
	if (flow_pin_trouble(f))
		return;
	switch (event->kind) {
	case EVENT_DIGIT:
		type_pin(f, (uint8_t)('0' + event->digit));
		break;
	case EVENT_TEXT:
		if (c && !c->pin.digits_only)
			type_pin(f, (uint8_t)event->text[0]);
		else
			flow_notice(
				f, &(struct error){.code = ERR_PIN_DIGITS, .tries = TRIES_UNKNOWN});
		break;
	case EVENT_ERASE:
		secret_drop_last(&f->pin);
		f->notice = NOTICE_NONE;
		break;
	case EVENT_CLEAR:
		secret_wipe(&f->pin);
		f->notice = NOTICE_NONE;
		break;
	case EVENT_NEXT:
		press_sign(f, event, effects);
		break;
	default:
		break;
	}
}

void flow_on_last_try(struct flow *f, const struct event *event, struct effects *effects)
{
	size_t n = strlen(f->word);

	switch (event->kind) {
	case EVENT_TEXT:
		if (n + strlen(event->text) < sizeof(f->word))
			memcpy(f->word + n, event->text, strlen(event->text) + 1);
		break;
	case EVENT_ERASE:
		while (n > 0 && (f->word[--n] & 0xC0) == 0x80) /* the rest of a UTF-8 character */
			;
		f->word[n] = '\0';
		break;
	case EVENT_CLEAR:
		f->word[0] = '\0';
		break;
	case EVENT_CONFIRM:
		if (chosen(f) && f->pin.n > 0)
			sign(f, event, effects, true);
		f->word[0] = '\0';
		break;
	case EVENT_BACK:
		flow_enter_pin(f, event, effects);
		break;
	default:
		break;
	}
}

void flow_on_paused(struct flow *f, const struct event *event, struct effects *effects)
{
	if (event->kind == EVENT_BACK)
		back_to_certificates(f);
	else if (event->kind == EVENT_NEXT && chosen(f))
		flow_enter_pin(f, event, effects);
}

/* The card's verdict is newer than the list of cards. */
static void remember_tries(struct flow *f, const struct error *error)
{
	struct cards_certificate *c = chosen(f);

	if (!c)
		return;
	if (error->code == ERR_PIN_LAST_TRY)
		c->pin.last_try = true;
	if (error_pin_use(error->code) == PIN_UNKNOWN)
		c->pin.tries = TRIES_UNKNOWN;
	if (error->code != ERR_PIN_WRONG && error->code != ERR_PIN_BLOCKED)
		return;
	c->pin.tries = error->code == ERR_PIN_BLOCKED ? 0 : error->tries;
	c->pin.blocked = c->pin.tries == 0;
	c->pin.last_try = c->pin.tries == 1;
}

static bool is_about_presence(enum err code)
{
	return code == ERR_CARD_REMOVED || code == ERR_READER_GONE || code == ERR_CARD_CHANGED ||
	       code == ERR_NO_CARD || code == ERR_CARD_MUTE;
}

static bool is_about_pin(const struct error *error)
{
	return error_pin_use(error->code) == PIN_USED || error->code == ERR_PIN_LAST_TRY;
}

static void sign_failed(struct flow *f, const struct event *event, struct effects *effects)
{
	struct error error = event->result->error;

	remember_tries(f, &error);
	f->pin_use = error_pin_use(error.code);
	if (f->pin_use == PIN_UNKNOWN)
		f->unsettled++;
	if (is_about_presence(error.code) || (is_about_pin(&error) && !chosen(f))) {
		pause_for_card(f, &error);
	} else if (is_about_pin(&error)) {
		flow_enter_pin(f, event, effects);
		if (f->screen == SCREEN_PIN)
			flow_notice(f, &error);
	} else {
		flow_fail(f, JOB_SIGN, &error);
	}
}

bool flow_unsettled(const struct flow *f)
{
	return f->unsettled >= UNSETTLED_MAX;
}

void flow_signed(struct flow *f, const struct event *event, struct effects *effects)
{
	if (event->result->error.code) {
		sign_failed(f, event, effects);
		return;
	}
	bytes_wipe(&f->cms);
	f->cms = event->result->cms;
	event->result->cms = (struct bytes){0};
	flow_submit(f, effects);
}

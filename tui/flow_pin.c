/* What is typed and given to the card: a PIN for a signature, a PUK and a new PIN. */
#include <string.h>

#include "tui/flow_parts.h"

/* Where a card does not tell the bounds of its PIN: what cards in the field have at least and at most. */
#define PIN_SHORTEST 4
#define PIN_LONGEST 16

/* Signatures without a verdict on the PIN after which the session ends: one more could burn the last try. */
#define UNSETTLED_MAX 2

const struct card_pin *flow_state(const struct flow *f)
{
	const struct cards_certificate *c = flow_chosen(f);

	return !c ? NULL : flow_unblocks(f) ? &c->puk : &c->pin;
}

const struct secret *flow_typed(const struct flow *f)
{
	return f->screen == SCREEN_PUK ? &f->puk : &f->pin;
}

bool flow_last_try(const struct flow *f)
{
	const struct card_pin *state = flow_state(f);

	return !state || state->last_try || state->tries == 1 || state->tries == TRIES_UNKNOWN;
}

enum err flow_pin_trouble(const struct flow *f)
{
	const struct card_pin *state = flow_state(f);
	const bool puk = flow_unblocks(f);

	if (!state)
		return ERR_OK;
	if (puk && !flow_chosen(f)->has_puk)
		return ERR_PUK_NONE;
	if (state->blocked || state->tries == 0)
		return puk ? ERR_PUK_BLOCKED : ERR_PIN_BLOCKED;
	return state->not_set && !puk ? ERR_PIN_NOT_SET : ERR_OK;
}

/* The format of what is typed: of the PUK on its screen, of the PIN elsewhere. */
static const struct card_pin *format(const struct flow *f)
{
	const struct cards_certificate *c = flow_chosen(f);

	return !c ? NULL : f->screen == SCREEN_PUK ? &c->puk : &c->pin;
}

unsigned flow_pin_min(const struct flow *f)
{
	const struct card_pin *form = format(f);

	return form && form->min > 0 ? form->min : PIN_SHORTEST;
}

unsigned flow_pin_max(const struct flow *f)
{
	const struct card_pin *form = format(f);
	unsigned max = form && form->max > 0 ? form->max : PIN_LONGEST;

	return max < SECRET_MAX ? max : SECRET_MAX;
}

void flow_wipe_typed(struct flow *f)
{
	secret_wipe(&f->pin);
	secret_wipe(&f->puk);
	secret_wipe(&f->new_pin);
	f->again = false;
	f->word[0] = '\0';
}

static void sign(struct flow *f, const struct event *event, struct effects *effects, bool confirmed)
{
	const struct cards_certificate *c = flow_chosen(f);
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

enum err flow_check_typed(const struct flow *f, struct span typed)
{
	const struct card_pin *form = format(f);
	const bool puk = f->screen == SCREEN_PUK;

	if (typed.n < flow_pin_min(f) || typed.n > flow_pin_max(f))
		return puk ? ERR_PUK_LENGTH : ERR_PIN_LENGTH;
	for (size_t i = 0; form->digits_only && i < typed.n; i++) {
		if (typed.at[i] < '0' || typed.at[i] > '9')
			return puk ? ERR_PUK_DIGITS : ERR_PIN_DIGITS;
	}
	return ERR_OK;
}

static void press_sign(struct flow *f, const struct event *event, struct effects *effects)
{
	enum err code;

	if (!flow_chosen(f))
		return;
	if ((code = flow_check_typed(f, secret_span(&f->pin))))
		flow_notice(f, &(struct error){.code = code, .tries = TRIES_UNKNOWN});
	else if (flow_last_try(f))
		flow_enter(f, SCREEN_LAST_TRY);
	else
		sign(f, event, effects, false);
}

static struct secret *typed(struct flow *f)
{
	return f->screen == SCREEN_PUK ? &f->puk : &f->pin;
}

static void type_pin(struct flow *f, uint8_t character)
{
	f->notice = NOTICE_NONE;
	if (typed(f)->n >= flow_pin_max(f))
		f->notice = NOTICE_TOO_LONG;
	else if (!secret_append(typed(f), character))
		flow_notice(f, &(struct error){.code = ERR_SECRET_MEMORY});
}

/* Back: from the new PIN to the PUK, else to the certificates. */
static void leave_entry(struct flow *f, const struct event *event, struct effects *effects)
{
	effects->what |= EFFECT_FLUSH_INPUT;
	if (f->screen == SCREEN_NEW_PIN)
		flow_enter_pin(f, event, effects);
	else
		flow_back_to_certificates(f);
}

static void press_entry(struct flow *f, const struct event *event, struct effects *effects)
{
	if (flow_unblocks(f))
		flow_press_puk(f, event, effects);
	else
		press_sign(f, event, effects);
}

static void type_text(struct flow *f, uint8_t character)
{
	const struct card_pin *form = format(f);

	if (form && !form->digits_only)
		type_pin(f, character);
	else
		flow_notice(f, &(struct error){.code = f->screen == SCREEN_PUK ? ERR_PUK_DIGITS
									       : ERR_PIN_DIGITS,
				       .tries = TRIES_UNKNOWN});
}

/* The PIN, the PUK or the new PIN. */
void flow_on_pin(struct flow *f, const struct event *event, struct effects *effects)
{
	if (event->kind == EVENT_BACK || (event->kind == EVENT_NEXT && flow_pin_trouble(f))) {
		leave_entry(f, event, effects);
		return;
	}
	if (flow_pin_trouble(f))
		return;
	switch (event->kind) {
	case EVENT_DIGIT:
		type_pin(f, (uint8_t)('0' + event->digit));
		break;
	case EVENT_TEXT:
		type_text(f, (uint8_t)event->text[0]);
		break;
	case EVENT_ERASE:
		secret_drop_last(typed(f));
		f->notice = NOTICE_NONE;
		break;
	case EVENT_CLEAR:
		secret_wipe(typed(f));
		f->notice = NOTICE_NONE;
		break;
	case EVENT_NEXT:
		press_entry(f, event, effects);
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
		if (flow_chosen(f) && f->pin.n > 0 && flow_unblocks(f))
			flow_unblock(f, effects, true);
		else if (flow_chosen(f) && f->pin.n > 0)
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

/* The card's verdict is newer than the list of cards. */
static void remember_tries(struct flow *f, const struct error *error)
{
	const bool blocked = error->code == ERR_PIN_BLOCKED || error->code == ERR_PUK_BLOCKED;
	struct cards_certificate *c = flow_chosen(f);
	struct card_pin *state = !c ? NULL : flow_unblocks(f) ? &c->puk : &c->pin;

	if (!c)
		return;
	if (error->code == ERR_PIN_LAST_TRY || error->code == ERR_PUK_LAST_TRY)
		state->last_try = true;
	if (error_pin_use(error->code) == PIN_UNKNOWN)
		state->tries = TRIES_UNKNOWN;
	if (error_pin_use(error->code) != PIN_USED)
		return;
	state->tries = blocked ? 0 : error->tries;
	state->blocked = state->tries == 0;
	state->last_try = state->tries == 1;
}

static bool is_about_presence(enum err code)
{
	return code == ERR_CARD_REMOVED || code == ERR_READER_GONE || code == ERR_CARD_CHANGED ||
	       code == ERR_NO_CARD || code == ERR_CARD_MUTE;
}

static bool is_about_pin(const struct error *error)
{
	return error_pin_use(error->code) == PIN_USED || error->code == ERR_PIN_LAST_TRY ||
	       error->code == ERR_PUK_LAST_TRY;
}

void flow_card_failed(struct flow *f, const struct event *event, struct effects *effects)
{
	struct error error = event->result->error;

	remember_tries(f, &error);
	f->pin_use = error_pin_use(error.code);
	f->failed = event->result->kind;
	if (f->pin_use == PIN_UNKNOWN)
		f->unsettled++;
	if (is_about_presence(error.code) || (is_about_pin(&error) && !flow_chosen(f))) {
		flow_pause(f, &error);
	} else if (is_about_pin(&error)) {
		flow_enter_pin(f, event, effects);
		if (f->screen == SCREEN_PIN || f->screen == SCREEN_PUK)
			flow_notice(f, &error);
	} else {
		flow_fail(f, event->result->kind, &error);
	}
}

bool flow_unsettled(const struct flow *f)
{
	return f->unsettled >= UNSETTLED_MAX;
}

void flow_signed(struct flow *f, const struct event *event, struct effects *effects)
{
	if (event->result->error.code) {
		flow_card_failed(f, event, effects);
		return;
	}
	bytes_wipe(&f->cms);
	f->cms = event->result->cms;
	event->result->cms = (struct bytes){0};
	flow_submit(f, effects);
}

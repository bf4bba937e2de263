/* What is known of PINs and PUKs without trying one. */
#include "card/driver.h"

static struct card_pin unknown_state(const struct pin_object *pin)
{
	return (struct card_pin){
		.tries = TRIES_UNKNOWN,
		.tries_max = TRIES_UNKNOWN,
		.min = pin->min,
		.max = pin->max,
		.digits_only = pin->coding != PIN_UTF8,
	};
}

/* What the card's answer to a PIN or PUK has told before, where the card does not say anything better now. */
static void recall_blocked(const struct card *c, const struct pin_object *pin, struct card_pin *out)
{
	if ((c->blocked != pin && c->puk_blocked != pin) ||
		(out->tries != TRIES_UNKNOWN && !out->last_try))
		return;
	out->blocked = true;
	out->last_try = false;
	out->tries = 0;
}

enum err card_look_at_pin(
	struct card *c, const struct pin_object *pin, struct card_pin *out, struct error *e)
{
	enum err code = ERR_NOT_FOUND;

	*out = unknown_state(pin);
	if (c->driver->pin_state && (!pin->unblocking || c->driver->tells_puk) &&
		(code = c->driver->pin_state(c, pin, out, e)))
		*out = unknown_state(pin);
	out->last_try = out->last_try || out->tries == 1;
	out->blocked = out->blocked || out->tries == 0;
	recall_blocked(c, pin, out);
	return code;
}

bool card_same_pin(const struct card *c, size_t certificate, size_t other)
{
	return certificate < c->certificate_count && other < c->certificate_count &&
	       c->signers[certificate].pin && c->signers[certificate].pin == c->signers[other].pin;
}

/* The state of one PIN object in a transaction of its own. */
static enum err ask_state(
	struct card *c, const struct pin_object *pin, struct card_pin *out, struct error *e)
{
	bool fresh;
	enum err code;

	*out = unknown_state(pin);
	if ((code = reader_begin(c->channel.reader, &fresh, e)))
		return code;
	if (!(code = card_select(c, e)))
		code = card_look_at_pin(c, pin, out, e);
	reader_end(c->channel.reader, false);
	if (code && !card_is_unreachable(code))
		return c->selected ? ERR_OK : code; /* not told: unknown */
	return code;
}

enum err card_pin_status(struct card *c, size_t certificate, struct card_pin *out, struct error *e)
{
	if (certificate >= c->certificate_count || !c->certificates[certificate].has_key)
		return error_set(e, ERR_NO_KEY, "certificate %zu", certificate);
	return ask_state(c, c->signers[certificate].pin, out, e);
}

enum err card_puk_status(struct card *c, size_t certificate, struct card_pin *out, struct error *e)
{
	const struct pin_object *puk =
		certificate < c->certificate_count ? c->signers[certificate].puk : NULL;

	if (!puk)
		return error_set(e, ERR_PUK_NONE, "certificate %zu", certificate);
	if (c->driver->tells_puk)
		return ask_state(c, puk, out, e);
	*out = unknown_state(puk);
	recall_blocked(c, puk, out);
	return ERR_OK;
}

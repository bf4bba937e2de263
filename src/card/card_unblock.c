/* A new PIN by the PUK. What card_sign.c holds to with a PIN is held to with a PUK here: one command with it leaves at
 * most, whatever the card answers. */
#include "card/driver.h"

#include <string.h>

#include "base/pin_choice.h"
#include "card/pin_rules.h"

/* One unblocking on its way. blocks: the PUK as the card wants it, then the new PIN. */
struct unblocking {
	struct card *card;
	const struct pin_object *pin, *puk;
	uint8_t blocks[2 * PIN_BLOCK_MAX];
	size_t puk_n, pin_n;
	bool confirmed, puk_sent;
};

static struct span puk_block(const struct unblocking *u)
{
	return span_of(u->blocks, u->puk_n);
}

static struct span pin_block(const struct unblocking *u)
{
	return span_of(u->blocks + u->puk_n, u->pin_n);
}

/* No answer, or none that tells: the PUK may have been counted, the PIN may be a new one. */
static enum err unsettled(struct unblocking *u, struct error *e)
{
	u->card->puk_unsettled++;
	if (e) {
		e->code = ERR_PUK_UNSETTLED;
		e->tries = TRIES_UNKNOWN;
	}
	return ERR_PUK_UNSETTLED;
}

/* The one command with the PUK; where the card takes both in one, the new PIN goes with it. 6984 is the PUK's on every
 * card here: to say "try again" of one that is blocked would be worse than the other way round. */
static enum err send_puk(struct unblocking *u, struct error *e)
{
	struct card *c = u->card;
	unsigned sw = 0;
	enum err code;

	u->puk_sent = true;
	if (c->driver->set_pin)
		code = iso_verify(&c->channel, u->puk->reference, puk_block(u), &sw, e);
	else
		code = iso_reset_retry_counter(&c->channel, ISO_RESET_CODE_AND_NEW,
			u->pin->reference, span_of(u->blocks, u->puk_n + u->pin_n), &sw, e);
	if (code)
		return unsettled(u, e);
	code = pin_of_puk(pin_judge(sw, true, e), e);
	c->puk_blocked = code == ERR_PUK_BLOCKED ? u->puk : NULL;
	return code == ERR_PUK_UNSETTLED ? unsettled(u, e) : code;
}

/* Behind a PUK that was right. */
static enum err set_pin(struct unblocking *u, struct error *e)
{
	struct card *c = u->card;
	unsigned sw = SW_OK;

	if (!c->driver->set_pin)
		return ERR_OK;
	if (c->driver->set_pin(c, u->pin, pin_block(u), &sw, e))
		return unsettled(u, e);
	return sw == SW_OK ? ERR_OK : error_set_sw(e, ERR_PIN_NOT_TAKEN, sw, "RESET RETRY COUNTER");
}

/* Inside the transaction: the application is selected in it, so that nobody else's gets the PUK. */
static enum err run(struct unblocking *u, struct error *e)
{
	struct card_pin state;
	enum err code;

	if ((code = card_select(u->card, e)))
		return code;
	code = card_look_at_pin(u->card, u->puk, &state, e);
	if (code && card_is_unreachable(code))
		return code;
	if ((code = pin_of_puk(pin_permit(&state, u->confirmed, e), e)) || (code = send_puk(u, e)))
		return code;
	return set_pin(u, e);
}

/* What can be told without the card. */
static enum err plan(struct unblocking *u, size_t certificate, struct span puk, struct span new_pin,
	struct error *e)
{
	struct card *c = u->card;
	enum err code;

	if (certificate >= c->certificate_count || !c->signers[certificate].puk)
		return error_set(e, ERR_PUK_NONE, "certificate %zu", certificate);
	u->pin = c->signers[certificate].pin;
	u->puk = c->signers[certificate].puk;
	if (c->puk_unsettled >= CARD_UNSETTLED_MAX)
		return error_set(e, ERR_PUK_UNSETTLED, "%u answers missing", c->puk_unsettled);
	if ((code = pin_of_puk(pin_check(u->puk, puk, e), e)) ||
		(code = pin_check(u->pin, new_pin, e)))
		return code;
	code = pin_choice(new_pin, puk);
	return code ? error_set(e, code, "PIN") : ERR_OK;
}

enum err card_unblock(struct card *c, const struct card_unblock_request *request, struct span puk,
	struct span new_pin, struct error *e)
{
	struct unblocking u = {.card = c, .confirmed = request->last_try_confirmed};
	bool fresh;
	enum err code;

	if ((code = plan(&u, request->certificate, puk, new_pin, e)))
		return code;
	if ((code = reader_begin(c->channel.reader, &fresh, e)))
		return code;
	u.puk_n = pin_encode(u.puk, puk, u.blocks);
	u.pin_n = pin_encode(u.pin, new_pin, u.blocks + u.puk_n);
	code = run(&u, e);
	explicit_bzero(u.blocks, sizeof(u.blocks));
	reader_end(c->channel.reader, true);
	c->selected = false;
	if (!code && c->blocked == u.pin)
		c->blocked = NULL;
	if (code && e)
		e->pin_sent = u.puk_sent;
	return code;
}

/* The signature. One VERIFY at most leaves here for one call of card_sign(), whatever the
 * card answers. */
#include "card/driver.h"

#include <string.h>

#include "card/pin_rules.h"
#include "card/tlv.h"

#define PIN_NEEDED_AKIS 0x6406 /* AKiS' own "PIN not entered" beside 6982 */
#define COMPUTATIONS_MAX                                                                           \
	8 /* PSO commands behind one VERIFY: a way each, and once more with a fresh environment */

/* One signature on its way. */
struct signing {
	struct card *card;
	const struct card_sign_request *request;
	struct signer *signer;
	struct sign_way ways[SIGN_WAYS_MAX];
	size_t way_count;
	size_t way;     /* the one to be used */
	size_t tried;   /* ways given up */
	bool set;       /* the security environment is set for it */
	bool set_early; /* it was set before VERIFY, which may have undone it */
	bool proven;    /* the application was selected inside this transaction */
	bool pin_sent;
};

static enum err set_dst(struct card *c, const struct key_object *key, const struct sign_way *way,
	unsigned *sw, struct error *e)
{
	uint8_t algorithm = (uint8_t)way->algorithm, reference = (uint8_t)key->reference;
	struct bytes data = {0};
	enum err code;

	if (key->reference != NO_REFERENCE)
		tlv_append(&data, 0x84, span_of(&reference, 1));
	else if (key->path.n >= 2)
		tlv_append(&data, 0x81, span_of(key->path.at + key->path.n - 2, 2));
	if (way->algorithm != NO_REFERENCE)
		tlv_append(&data, 0x80, span_of(&algorithm, 1));
	code = iso_mse_set(&c->channel, ISO_CRT_DST, bytes_span(&data), sw, e);
	bytes_free(&data);
	return code;
}

static enum err send_mse(struct signing *s, unsigned *sw, struct error *e)
{
	struct card *c = s->card;
	const struct sign_way *way = &s->ways[s->way];

	if (c->driver->set_key)
		return c->driver->set_key(c, s->signer->object, way, sw, e);
	return set_dst(c, s->signer->object, way, sw, e);
}

static enum err prove_selection(struct signing *s, struct error *e)
{
	enum err code = card_select(s->card, e);

	s->proven = code == ERR_OK;
	return code;
}

/* Goes to the next way, from the last to the first; false when each was given up. */
static bool next_way(struct signing *s)
{
	s->set = false;
	s->way = (s->way + 1) % s->way_count;
	return ++s->tried < s->way_count;
}

/* Sets the environment for the first way whose MSE the card takes. *sw is 9000, or why none was:
 * 6982 when the card wants the PIN first. */
static enum err set_environment(struct signing *s, unsigned *sw, struct error *e)
{
	enum err code;

	do {
		if ((code = send_mse(s, sw, e)))
			return code;
		s->set = *sw == SW_OK;
	} while (!s->set && *sw != SW_SECURITY_STATUS && *sw != PIN_NEEDED_AKIS && next_way(s));
	return ERR_OK;
}

/* Before VERIFY: finds a way without risk. A card whose application another program has left is
 * selected again first. */
static enum err prepare_environment(struct signing *s, struct error *e)
{
	unsigned sw = SW_OK;
	size_t first = s->way;
	enum err code;

	if ((code = set_environment(s, &sw, e)))
		return code;
	if (!s->set && !s->proven) {
		s->way = first;
		s->tried = 0;
		if ((code = prove_selection(s, e)) || (code = set_environment(s, &sw, e)))
			return code;
	}
	if (sw == SW_SECURITY_STATUS || sw == PIN_NEEDED_AKIS) {
		s->card->pin_first = true;
		return ERR_OK;
	}
	s->set_early = s->set;
	return s->set ? ERR_OK : error_set_sw(e, ERR_ALGORITHM, sw, "MSE");
}

/* The state inside the signing transaction. A card that does not answer as it did may have another
 * application selected. */
static enum err check_pin(struct signing *s, struct error *e)
{
	struct card_pin state;
	enum err code = card_look_at_pin(s->card, s->signer->pin, &state, e);

	if (code && !card_is_unreachable(code) && !s->proven) {
		if ((code = prove_selection(s, e)))
			return code;
		s->set = false;
		code = card_look_at_pin(s->card, s->signer->pin, &state, e);
	}
	if (code && card_is_unreachable(code))
		return code;
	return pin_permit(&state, s->request->last_try_confirmed, e);
}

/* The one VERIFY. */
static enum err send_pin(struct signing *s, struct span block, struct error *e)
{
	struct card *c = s->card;
	unsigned sw = 0;
	enum err code;

	s->pin_sent = true;
	code = iso_verify(&c->channel, s->signer->pin->reference, block, &sw, e);
	if (code) {
		if (e) {
			e->code = ERR_PIN_UNSETTLED;
			e->tries = TRIES_UNKNOWN;
		}
		code = ERR_PIN_UNSETTLED;
	} else {
		code = pin_judge(sw, c->driver->blocked_6984, e);
		c->blocked = code == ERR_PIN_BLOCKED ? s->signer->pin : NULL;
	}
	if (code == ERR_PIN_UNSETTLED)
		c->unsettled++;
	return code;
}

/* PSO in the present way. ERR_OK with *right telling whether the signature is the certificate's
 * key's; out holds it. */
static enum err compute(
	struct signing *s, struct bytes *out, bool *right, unsigned *sw, struct error *e)
{
	const struct card_sign_request *r = s->request;
	EVP_PKEY *key = s->signer->key;
	struct bytes input = {0}, answer = {0};
	enum err code = ERR_OK;

	*right = false;
	*sw = SW_WRONG_LENGTH; /* an input that can't be made is as one that the card refuses */
	bytes_clear(out);
	if (signature_make_input(s->ways[s->way].input, key, r->digest, r->value, &input))
		code = iso_pso_sign(&s->card->channel, bytes_span(&input),
			(unsigned)EVP_PKEY_get_size(key), &answer, sw, e);
	if (!code && *sw == SW_OK && signature_take(key, bytes_span(&answer), out))
		*right = signature_is_right(key, r->scheme, r->digest, r->value, bytes_span(out));
	bytes_free(&input);
	bytes_free(&answer);
	return code;
}

/* What to do after a PSO that brought no right signature: true when another one is worth sending.
 */
static bool go_on(struct signing *s, unsigned sw)
{
	if (sw != SW_OK && s->set_early) {
		s->set_early = false; /* VERIFY has undone the environment: set it again, and late
					 from now on */
		s->set = false;
		s->card->pin_first = true;
		return true;
	}
	if (sw == SW_SECURITY_STATUS || sw == PIN_NEEDED_AKIS)
		return false; /* another way would want the PIN again */
	return next_way(s);
}

/* Behind a good VERIFY: signs in each way that the card takes, until the signature is right. */
static enum err sign_verified(struct signing *s, struct bytes *out, struct error *e)
{
	unsigned sw = SW_OK;
	bool right = false;
	enum err code;

	for (int i = 0; i < COMPUTATIONS_MAX; i++) {
		if (!s->set && (code = set_environment(s, &sw, e)))
			return code;
		if (!s->set)
			return iso_error(e, sw, "MSE");
		if ((code = compute(s, out, &right, &sw, e)))
			return code;
		if (right)
			return ERR_OK;
		if (!go_on(s, sw))
			break;
	}
	bytes_clear(out);
	return sw == SW_OK ? error_set(e, ERR_SIGNATURE_WRONG, "%s", s->card->driver->name)
			   : iso_error(e, sw, "PSO");
}

/* Inside the transaction. Before the PIN leaves, the application has proven itself: it was selected
 * just now, or it has answered for its own key and PIN. */
static enum err run(struct signing *s, struct span block, struct bytes *out, struct error *e)
{
	struct card *c = s->card;
	bool late;
	enum err code;

	if ((!c->selected || !c->driver->pin_state || c->driver->state_by_select) &&
		(code = prove_selection(s, e)))
		return code;
	late = c->pin_first;
	if (!late && (code = prepare_environment(s, e)))
		return code;
	if ((code = check_pin(s, e)))
		return code;
	if (!late && !s->set && !c->pin_first && (code = prepare_environment(s, e)))
		return code;
	if ((code = send_pin(s, block, e)))
		return code;
	return sign_verified(s, out, e);
}

/* What can be told without the card. */
static enum err plan(struct signing *s, struct span pin, struct error *e)
{
	const struct card_sign_request *r = s->request;
	struct card *c = s->card;
	size_t known;

	if (r->certificate >= c->certificate_count || !c->certificates[r->certificate].has_key)
		return error_set(e, ERR_NO_KEY, "certificate %zu", r->certificate);
	s->signer = &c->signers[r->certificate];
	if (!signature_scheme_fits(s->signer->key, r->scheme) ||
		r->value.n != signature_digest_size(r->digest))
		return error_set(
			e, ERR_ALGORITHM, "scheme %d, digest of %zu bytes", r->scheme, r->value.n);
	s->way_count = c->driver->ways(c, s->signer, r->scheme, r->digest, s->ways);
	if (s->way_count == 0)
		return error_set(e, ERR_ALGORITHM, "%s", c->driver->name);
	known = s->signer->way[r->scheme][r->digest];
	s->way = known > 0 && known <= s->way_count ? known - 1 : 0;
	if (c->unsettled >= CARD_UNSETTLED_MAX)
		return error_set(e, ERR_PIN_UNSETTLED, "%u answers missing", c->unsettled);
	return pin_check(s->signer->pin, pin, e);
}

enum err card_sign(struct card *c, const struct card_sign_request *request, struct span pin,
	struct bytes *out, struct error *e)
{
	struct signing s = {.card = c, .request = request};
	uint8_t block[PIN_BLOCK_MAX] = {0};
	bool fresh;
	enum err code;

	bytes_clear(out);
	if ((code = plan(&s, pin, e)))
		return code;
	if ((code = reader_begin(c->channel.reader, &fresh, e)))
		return code;
	c->selected = c->selected && !fresh;
	code = run(&s, span_of(block, pin_encode(s.signer->pin, pin, block)), out, e);
	explicit_bzero(block, sizeof(block));
	reader_end(c->channel.reader, true);
	c->selected = false;
	if (!code)
		s.signer->way[request->scheme][request->digest] = (uint8_t)(1 + s.way);
	else if (e)
		e->pin_sent = s.pin_sent;
	return code;
}

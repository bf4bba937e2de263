#include "card/apdu.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX                                                                                 \
	(2 * APDU_EXTENDED_NE) /* bytes; more than one full answer is a card that never ends */
#define CONTINUATIONS_MAX (ANSWER_MAX / 256) /* GET RESPONSE commands for one answer */
#define CLA_CHAINED 0x10                     /* ISO 7816-4 5.4.1: not the last of a chain */
#define INS_GET_RESPONSE 0xC0

unsigned channel_ne(const struct channel *c)
{
	return c->long_ne > c->ne ? c->long_ne : c->ne;
}

void channel_extend(struct channel *c, unsigned nc, unsigned ne)
{
	if (reader_is_t0(c->reader))
		return;
	c->long_nc = nc < APDU_EXTENDED_NC ? nc : APDU_EXTENDED_NC;
	c->long_ne = ne < APDU_EXTENDED_NE ? ne : APDU_EXTENDED_NE;
}

/* Length fields of ISO 7816-4 5.1, written at p; returns the bytes written before and behind the
 * data through *le_n. */
static size_t put_lc(uint8_t *p, const struct apdu *a, bool extended)
{
	size_t n = 0;

	if (extended)
		p[n++] = 0;
	if (extended && a->data.n > 0)
		p[n++] = (uint8_t)(a->data.n >> 8);
	if (a->data.n > 0)
		p[n++] = (uint8_t)a->data.n;
	return n;
}

static size_t put_le(uint8_t *p, const struct apdu *a, bool extended)
{
	size_t n = 0;

	if (a->ne == 0)
		return 0;
	if (extended)
		p[n++] = (uint8_t)(a->ne >> 8);
	p[n++] = (uint8_t)a->ne;
	return n;
}

/* T=0 (ISO 7816-3 12.2): P3 is always there, and never both Lc and Le. */
static size_t put_t0(uint8_t *p, const struct apdu *a)
{
	p[0] = a->data.n > 0 ? (uint8_t)a->data.n : (uint8_t)a->ne;
	if (a->data.n > 0)
		memcpy(p + 1, a->data.at, a->data.n);
	return 1 + a->data.n;
}

/* Bytes of a as sent; room is 4 + 3 + Nc + 2. */
static size_t encode(const struct channel *c, const struct apdu *a, uint8_t *p)
{
	bool t0 = reader_is_t0(c->reader);
	bool extended = !t0 && (a->data.n > APDU_SHORT_NC || a->ne > APDU_SHORT_NE);
	size_t n = 4;

	memcpy(p, (const uint8_t[]){a->cla, a->ins, a->p1, a->p2}, 4);
	if (t0)
		return n + put_t0(p + n, a);
	if (a->data.n > 0 || extended)
		n += put_lc(p + n, a, extended);
	if (a->data.n > 0) {
		memcpy(p + n, a->data.at, a->data.n);
		n += a->data.n;
	}
	return n + put_le(p + n, a, extended);
}

/* One command, one answer: appends the data to answer. */
static enum err once(struct channel *c, const struct apdu *a, struct bytes *answer, unsigned *sw,
	struct error *e)
{
	size_t room = 4 + 3 + a->data.n + 2, before = answer->n, n;
	uint8_t *command = must_alloc(room);
	enum err code;

	n = encode(c, a, command);
	code = reader_transmit(c->reader, span_of(command, n), answer, e);
	explicit_bzero(command, room);
	free(command);
	if (code)
		return code;
	if (answer->n < before + 2)
		return error_set(e, ERR_CARD_DATA, "no status word");
	*sw = (unsigned)answer->at[answer->n - 2] << 8 | answer->at[answer->n - 1];
	answer->n -= 2;
	if (*sw >> 12 != 0x6 &&
		*sw >> 12 != 0x9) /* ISO 7816-4 5.6: anything else is no status word */
		return error_set(e, ERR_CARD_DATA, "status word %04X", *sw);
	return ERR_OK;
}

/* 61xx: xx more bytes wait (00: 256 or more). */
static enum err collect(
	struct channel *c, uint8_t cla, struct bytes *answer, unsigned *sw, struct error *e)
{
	for (unsigned i = 0; *sw >> 8 == 0x61; i++) {
		unsigned waiting = *sw & 0xFF;
		struct apdu get = {
			cla & 0x03, INS_GET_RESPONSE, 0, 0, {0}, waiting ? waiting : 256};
		size_t before = answer->n;
		enum err code = once(c, &get, answer, sw, e);

		if (!code && *sw >> 8 == 0x6C && (*sw & 0xFF)) { /* it has less than it said */
			get.ne = *sw & 0xFF;
			code = once(c, &get, answer, sw, e);
		}
		if (code)
			return code;
		if (i == CONTINUATIONS_MAX || answer->n > ANSWER_MAX ||
			(*sw >> 8 == 0x61 && answer->n == before))
			return error_set(e, ERR_CARD_DATA, "an answer that never ends");
	}
	return ERR_OK;
}

/* All but the last piece of a chain; *sw is 0x9000 when each was taken. */
static enum err send_chain(
	struct channel *c, struct apdu *a, struct bytes *answer, unsigned *sw, struct error *e)
{
	struct span all = a->data;
	unsigned ne = a->ne;
	enum err code = ERR_OK;

	*sw = 0x9000;
	a->cla |= CLA_CHAINED;
	a->ne = 0;
	while (all.n > c->nc && *sw == 0x9000 && !code) {
		a->data = span_first(all, c->nc);
		all = span_from(all, c->nc);
		code = once(c, a, answer, sw, e);
	}
	a->cla &= (uint8_t)~CLA_CHAINED;
	a->ne = ne;
	a->data = all;
	return code;
}

enum err apdu_exchange(struct channel *c, const struct apdu *command, struct bytes *answer,
	unsigned *sw, struct error *e)
{
	struct apdu a = *command;
	bool repeatable = a.ne > 0 || a.data.n == 0; /* a VERIFY is not */
	enum err code;

	bytes_clear(answer);
	if (a.ne > channel_ne(c))
		a.ne = channel_ne(c);
	if (a.data.n > c->nc && a.data.n > c->long_nc) {
		code = send_chain(c, &a, answer, sw, e);
		if (code || *sw != 0x9000)
			return code;
	}
	if ((code = once(c, &a, answer, sw, e)))
		return code;
	if (*sw >> 8 == 0x6C && repeatable) {
		a.ne = *sw & 0xFF ? *sw & 0xFF : 256;
		bytes_clear(answer);
		if ((code = once(c, &a, answer, sw, e)))
			return code;
	}
	if (*sw >> 8 == 0x61 && command->ne == 0) {
		*sw = 0x9000; /* done, and what it has to say was not asked for */
		return ERR_OK;
	}
	return collect(c, a.cla, answer, sw, e);
}

enum err apdu_send(struct channel *c, const struct apdu *command, unsigned *sw, struct error *e)
{
	struct bytes none = {0};
	enum err code = apdu_exchange(c, command, &none, sw, e);

	bytes_free(&none);
	return code;
}

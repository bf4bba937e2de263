/* A whole session with a card that may answer anything: opened, asked for its PIN's state, given one PIN. */
#include "card/card.h"

#include <stdlib.h>

#include "blocks.h"

/* One PUK for one confirmation. */
static void unblock(struct card *c, size_t certificate, struct reader *r)
{
	const struct card_unblock_request request = {
		.certificate = certificate, .last_try_confirmed = true};
	unsigned before = blocks_secrets(r);
	struct error e = {0};

	if (card_unblock(c, &request, span_text("51942837"), span_text("805137"), &e) &&
		e.pin_sent != (blocks_secrets(r) > before))
		abort();
	if (blocks_secrets(r) > before + 1)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void sign(struct card *c, size_t certificate, const struct reader *r)
{
	static const uint8_t digest[32];
	unsigned before = blocks_secrets(r);
	struct bytes signature = {0};
	struct error e = {0};
	enum err code = ERR_OK;

	for (enum card_scheme scheme = CARD_RSA_PKCS1; scheme <= CARD_ECDSA; scheme++) {
		struct card_sign_request request = {.certificate = certificate,
			.scheme = scheme,
			.digest = CARD_SHA256,
			.value = span_of(digest, sizeof(digest)),
			.last_try_confirmed = certificate % 2 == 0};

		code = card_sign(c, &request, span_text("123456"), &signature, &e);
		if (code && e.pin_sent != (blocks_secrets(r) > before))
			abort();
		if (blocks_secrets(r) > before + 1)
			abort(); /* one PIN for one confirmation */
		before = blocks_secrets(r);
	}
	bytes_free(&signature);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct reader *r = blocks_reader(span_of(data, n));
	const struct card_certificate *certificates;
	struct card_pin pin;
	struct error e;
	struct card *c;

	if (card_open(r, &c, &e) == ERR_OK) {
		for (size_t i = card_certificates(c, &certificates); i > 0; i--) {
			card_pin_status(c, i - 1, &pin, &e);
			card_puk_status(c, i - 1, &pin, &e);
			unblock(c, i - 1, r);
			sign(c, i - 1, r);
		}
		card_close(c);
	}
	reader_disconnect(r, false);
	return 0;
}

/* AKiS v1.0 to 1.4: answers of at most 244 bytes, a FCI whose tag 90 tells the PIN's danger,
 * DIRECTORY, keys set by MSE 22 C3, PIN digits sent as their values, 6984 for a blocked PIN. Secure
 * messaging of v1.1-1.4 is not public: such a card is used as far as it allows things in clear. */
#include "card/driver.h"

#include <string.h>

#include "card/atr.h"
#include "card/pkcs15.h"
#include "card/tlv.h"

#define DATA_MAX 244
#define ENTRY_SIZE 20 /* of DIRECTORY */
#define SERIAL_AT 55  /* in GET DATA 01 06 */
#define SERIAL_SIZE 12
#define PIN_MIN 4
#define PIN_MAX 16
#define PIN_TRIES_MAX 3 /* as Kamu SM's cards are made */

enum { LOCAL = 0x80, PIN_REFERENCE = LOCAL | 1, TAG_SYSTEM = 0x0106 };
enum { ENTRY_EF = 0x2F, CERTIFICATE_FIRST = 0x2F10, CERTIFICATE_LAST = 0x2F1F };
enum { BIT_NEW_PIN = 0x08, BIT_WRONG_ONCE = 0x40, BIT_LAST_TRY = 0x80 }; /* of FCI tag 90 */

/* Historical bytes "UEKAE V1.0", or 80 67 "UEKAE" and a version. */
static bool knows_atr(struct span atr)
{
	static const uint8_t later[] = {0x80, 0x67, 'U', 'E', 'K', 'A', 'E'};
	struct span h;

	/* v1.0's ATR offers T=1 and has a check byte; both are looked at by atr_historical(). */
	return atr_historical(atr, &h) &&
	       (span_equal(h, span_text("UEKAE V1.0")) ||
		       span_equal(span_first(h, sizeof(later)), span_of(later, sizeof(later))));
}

static void take_state(struct card *c, struct span fci)
{
	static const unsigned bits_path[] = {0x6F, 0x90};
	struct tlv bits;

	c->pin_seen = (struct card_pin){.tries = TRIES_UNKNOWN, .tries_max = TRIES_UNKNOWN};
	if (!tlv_find_path(fci, bits_path, 2, &bits) || bits.value.n == 0)
		return;
	c->pin_seen.tries_max = PIN_TRIES_MAX;
	c->pin_seen.tries = PIN_TRIES_MAX;
	if (bits.value.at[0] & BIT_WRONG_ONCE)
		c->pin_seen.tries = PIN_TRIES_MAX - 1;
	if (bits.value.at[0] & BIT_LAST_TRY)
		c->pin_seen.tries = 1;
	c->pin_seen.not_set = bits.value.at[0] & BIT_NEW_PIN;
}

/* SELECT with its FCI, asked for at the length it had the last time (features), since these cards answer 6Cxx to any
 * other one. */
static enum err select_once(
	struct card *c, enum iso_select_by by, struct span what, struct error *e)
{
	struct apdu select = {
		0x00, 0xA4, (uint8_t)by, ISO_FCI, what, c->features ? c->features : DATA_MAX};
	struct bytes fci = {0};
	unsigned sw = 0;
	enum err code = apdu_exchange(&c->channel, &select, &fci, &sw, e);

	if (!code && sw != SW_OK)
		code = iso_error(e, sw, "SELECT");
	if (!code) {
		take_state(c, bytes_span(&fci));
		c->features = by == ISO_BY_NAME ? (unsigned)fci.n : 0;
	}
	bytes_free(&fci);
	return code;
}

/* By name; from the MF when that is wanted (variant). */
static enum err select_application(struct card *c, struct error *e)
{
	static const uint8_t mf[] = {0x3F, 0x00};
	const struct span name = span_text("PKCS-15");
	enum err code;

	if (!c->files.channel) {
		c->channel.nc = c->channel.ne = DATA_MAX;
		channel_extend(&c->channel, 0, 0);
		c->files = file_system_of(&c->channel);
		c->files.answer = ISO_FCI_UNREAD;
	}
	if (!c->variant) {
		code = select_once(c, ISO_BY_NAME, name, e);
		if (code == ERR_OK || card_is_unreachable(code))
			return code;
		c->variant = 1;
	}
	if ((code = select_once(c, ISO_BY_ID, span_of(mf, 2), e)))
		return code;
	return select_once(c, ISO_BY_NAME, name, e);
}

static enum err read_serial(struct card *c, struct error *e)
{
	static const char digits[] = "0123456789ABCDEF";
	struct bytes system = {0};
	unsigned sw = 0;
	enum err code = iso_get_data(&c->channel, TAG_SYSTEM, &system, &sw, e);

	for (size_t i = 0;
		!code && sw == SW_OK && system.n >= SERIAL_AT + SERIAL_SIZE && i < SERIAL_SIZE;
		i++) {
		c->contents.serial[2 * i] = digits[system.at[SERIAL_AT + i] >> 4];
		c->contents.serial[2 * i + 1] = digits[system.at[SERIAL_AT + i] & 15];
	}
	bytes_free(&system);
	return code;
}

/* One file that DIRECTORY names, if it is a certificate's. */
static enum err read_listed(struct card *c, uint16_t file, size_t *index, struct error *e)
{
	struct file_path path = {.at = {(uint8_t)(file >> 8), (uint8_t)file}, .n = 2};
	struct bytes der = {0};
	enum err code;

	if (file < CERTIFICATE_FIRST || file > CERTIFICATE_LAST)
		return ERR_OK;
	if (!(code = file_read_object(&c->files, &path, &der, e))) {
		card_add_fixed(c, file, &der, (uint8_t)(LOCAL | (2 * *index + 1)));
		++*index;
	}
	bytes_free(&der);
	return card_is_unreachable(code) ? code : ERR_OK;
}

/* Entries of 20 bytes: a kind and the file's identifier, or the identifier alone (2F is both the
 * kind and the high byte of the files that we look for). */
static enum err read_list(struct card *c, struct error *e)
{
	struct apdu directory = {0x80, 0x18, 0x00, 0x00, {0}, APDU_SHORT_NE};
	struct bytes list = {0};
	size_t index = 0;
	unsigned sw = 0;
	enum err code = apdu_exchange(&c->channel, &directory, &list, &sw, e);

	if (!code && sw != SW_OK)
		code = iso_error(e, sw, "DIRECTORY");
	for (size_t at = 0; !code && at + ENTRY_SIZE <= list.n; at += ENTRY_SIZE) {
		const uint8_t *entry = list.at + at;
		bool kind = entry[0] == ENTRY_EF && entry[1] == ENTRY_EF;

		code = read_listed(c,
			(uint16_t)(kind ? entry[1] << 8 | entry[2] : entry[0] << 8 | entry[1]),
			&index, e);
	}
	bytes_free(&list);
	return code;
}

static enum err read_contents(struct card *c, struct error *e)
{
	enum err code = pkcs15_read(&c->files, &c->contents, e);

	if (card_is_unreachable(code))
		return code;
	if (code || c->contents.certificate_count == 0) {
		contents_release(&c->contents);
		if ((code = read_list(c, e)))
			return code;
		card_add_fixed_pins(c, PIN_REFERENCE, PIN_VALUES, PIN_MIN, PIN_MAX);
	}
	card_add_puk(c, PIN_REFERENCE);
	/* Whatever a directory says of the PIN's coding, these cards want values. */
	for (size_t i = 0; i < c->contents.pin_count; i++)
		c->contents.pins[i].coding = PIN_VALUES;
	return c->contents.serial[0] ? ERR_OK : read_serial(c, e);
}

static enum err pin_state(
	struct card *c, const struct pin_object *pin, struct card_pin *out, struct error *e)
{
	(void)pin;
	if (c->pin_seen.tries == TRIES_UNKNOWN)
		return error_set(e, ERR_NOT_FOUND, "FCI without tag 90");
	out->tries = c->pin_seen.tries;
	out->tries_max = c->pin_seen.tries_max;
	out->not_set = c->pin_seen.not_set;
	return ERR_OK;
}

static enum err set_key(struct card *c, const struct key_object *key, const struct sign_way *way,
	unsigned *sw, struct error *e)
{
	struct apdu mse = {0x00, 0x22, 0xC3, (uint8_t)key->reference, {0}, 0};

	(void)way;
	return apdu_send(&c->channel, &mse, sw, e);
}

/* With the PUK verified: RESET RETRY COUNTER for a blocked PIN, CHANGE REFERENCE DATA (P1 01: the holder of another
 * PIN sets it) for one that is not. Neither counts tries, so the other one is tried when the first is refused. */
static enum err set_pin(struct card *c, const struct pin_object *pin, struct span block,
	unsigned *sw, struct error *e)
{
	struct apdu change = {0x00, 0x24, 0x01, pin->reference, block, 0};
	enum err code =
		iso_reset_retry_counter(&c->channel, ISO_RESET_NEW, pin->reference, block, sw, e);

	if (!code && *sw != SW_OK)
		code = apdu_send(&c->channel, &change, sw, e);
	return code;
}

/* RSA only. The block in full for a card that pads nothing. */
static size_t ways(const struct card *c, const struct signer *s, enum card_scheme scheme,
	enum card_digest digest, struct sign_way out[SIGN_WAYS_MAX])
{
	(void)c;
	(void)s;
	(void)digest;
	if (scheme != CARD_RSA_PKCS1)
		return 0;
	out[0] = (struct sign_way){NO_REFERENCE, INPUT_DIGEST_INFO};
	out[1] = (struct sign_way){NO_REFERENCE, INPUT_PKCS1_BLOCK};
	return 2;
}

const struct card_driver driver_akis1 = {
	.name = "akis1",
	.blocked_6984 = true,
	.state_by_select = true,
	.knows_atr = knows_atr,
	.select = select_application,
	.read = read_contents,
	.pin_state = pin_state,
	.ways = ways,
	.set_key = set_key,
	.set_pin = set_pin,
};

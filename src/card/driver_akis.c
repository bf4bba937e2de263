/* AKiS v2.x: the signature application is a DF named "PKCS-15", its security objects are those of
 * IAS-ECC. The PIN's tries are read from the PIN object, never by an empty VERIFY, which would cost
 * one. */
#include "card/driver.h"

#include <openssl/core_names.h>
#include <string.h>

#include "card/atr.h"
#include "card/pkcs15.h"
#include "card/tlv.h"

#define CERTIFICATE_FIRST 0x2F10
#define CERTIFICATES_LOOKED_FOR 10
#define KEYS_LOOKED_FOR 10
#define PIN_MIN 4 /* characters; where the card does not tell */
#define PIN_MAX 16
#define POINT_MAX 256

enum { LOCAL = 0x80, PIN_REFERENCE = LOCAL | 1 };

/* Security objects: class in the tag BF cc nn, data in it. */
enum {
	OBJECT_PIN = 0x81,
	OBJECT_PUBLIC_KEY = 0xA0,
	TAG_PARAMETERS = 0xA0,
	TAG_TRIES_MAX = 0x9A,
	TAG_TRIES = 0x9B,
	TAG_PUBLIC_KEY = 0x7F49,
	TAG_MODULUS = 0x81,
	TAG_POINT = 0x86,
};

/* How the application was found, so that it is selected again with one command. */
enum variant { UNKNOWN, BY_NAME, BY_NAME_FROM_MF, BY_AID };

static const uint8_t name[] = {'P', 'K', 'C', 'S', '-', '1', '5'};

/* Historical bytes 80 65 'T' 'C': "eTC". */
static bool knows_atr(struct span atr)
{
	static const uint8_t tag[] = {0x80, 0x65, 0x54, 0x43};
	struct span h;

	return atr_historical(atr, &h) &&
	       span_equal(span_first(h, sizeof(tag)), span_of(tag, sizeof(tag)));
}

static enum err select_mf(struct card *c, struct error *e)
{
	static const uint8_t mf[] = {0x3F, 0x00};
	struct bytes fci = {0};
	unsigned sw = 0;
	enum err code = iso_select(&c->channel, ISO_BY_ID, ISO_FCI, span_of(mf, 2), &fci, &sw, e);

	bytes_free(&fci);
	return code;
}

static enum err select_as(struct card *c, enum variant how, struct error *e)
{
	struct span by = how == BY_AID ? pkcs15_aid() : span_of(name, sizeof(name));
	unsigned sw = 0;
	enum err code;

	if (how == BY_NAME_FROM_MF && (code = select_mf(c, e)))
		return code;
	if ((code = card_select_name(c, by, &sw, e)))
		return code;
	return sw == SW_OK ? ERR_OK : iso_error(e, sw, "SELECT PKCS-15");
}

static enum err select_application(struct card *c, struct error *e)
{
	enum err code = ERR_NOT_FOUND;

	if (c->variant != UNKNOWN)
		return select_as(c, c->variant, e);
	if ((code = card_learn_lengths(c, e)))
		return code;
	for (enum variant how = BY_NAME; how <= BY_AID; how++) {
		if (!(code = select_as(c, how, e))) {
			c->variant = how;
			c->files = file_system_of(&c->channel);
			return ERR_OK;
		}
		if (card_is_unreachable(code))
			return code;
	}
	return code;
}

/* GET DATA 3FFF with an extended header list for one part of one object; *found holds the part's
 * value, in answer. */
static enum err get_object(struct card *c, uint8_t class, uint8_t number, unsigned part,
	struct bytes *answer, struct tlv *found, struct error *e)
{
	const unsigned object = 0xBF0000u | (unsigned)class << 8 | number,
		       path[] = {0x70, object, part};
	uint8_t list[] = {
		0x4D, 0x08, 0x70, 0x06, 0xBF, class, number, 0x02, (uint8_t)part, 0x80, 0x80};
	struct apdu a = {0x00, 0xCB, 0x3F, 0xFF, {.at = list, .n = 10}, channel_ne(&c->channel)};
	unsigned sw = 0;
	enum err code;

	if (part > 0xFF) { /* a tag of two bytes */
		list[1]++, list[3]++, list[7]++;
		list[8] = (uint8_t)(part >> 8);
		list[9] = (uint8_t)part;
		a.data.n++;
	}
	if ((code = apdu_exchange(&c->channel, &a, answer, &sw, e)))
		return code;
	if (sw != SW_OK)
		return iso_error(e, sw, "GET DATA");
	if (!tlv_find_path(bytes_span(answer), path, 3, found))
		return error_set(e, ERR_NOT_FOUND, "object %06X", object);
	return ERR_OK;
}

/* Does the card's public key number have the value that the certificate's key has? */
static bool same_key(EVP_PKEY *key, struct span public)
{
	uint8_t mine[2 * POINT_MAX + 1];
	struct tlv theirs;
	BIGNUM *modulus = NULL;
	size_t n = 0;

	if (tlv_find(public, TAG_POINT, &theirs) && theirs.value.n <= sizeof(mine))
		return EVP_PKEY_get_octet_string_param(
			       key, OSSL_PKEY_PARAM_PUB_KEY, mine, sizeof(mine), &n) == 1 &&
		       span_equal(theirs.value, span_of(mine, n));
	if (!tlv_find(public, TAG_MODULUS, &theirs) ||
		EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus) != 1)
		return false;
	while (theirs.value.n > 0 && theirs.value.at[0] == 0)
		theirs.value = span_from(theirs.value, 1);
	if ((n = (size_t)BN_num_bytes(modulus)) <= sizeof(mine))
		BN_bn2bin(modulus, mine);
	BN_free(modulus);
	return n <= sizeof(mine) && span_equal(theirs.value, span_of(mine, n));
}

/* The number of the card's key for a certificate: 2i-1 for the i-th, as Kamu SM's library has it,
 * or whichever public key is the same. Cards that show no public keys get the guess: a wrong one is
 * found by verifying the signature. */
static enum err find_key(
	struct card *c, size_t index, struct span certificate, uint8_t *number, struct error *e)
{
	EVP_PKEY *key = signature_key(certificate);
	uint8_t guess = (uint8_t)(2 * index + 1);
	bool found = !key;
	enum err code = ERR_OK;

	*number = guess;
	for (uint8_t i = 0; i <= KEYS_LOOKED_FOR && !found && !card_is_unreachable(code); i++) {
		uint8_t candidate = i == 0 ? guess : i;
		struct bytes answer = {0};
		struct tlv public;

		if (i == guess)
			continue;
		code = get_object(
			c, OBJECT_PUBLIC_KEY, candidate, TAG_PUBLIC_KEY, &answer, &public, e);
		found = code == ERR_OK && same_key(key, public.value);
		if (found)
			*number = candidate;
		bytes_free(&answer);
		if (i == 0 && code == ERR_CARD_REFUSED)
			break; /* no such command, or not for public keys */
	}
	EVP_PKEY_free(key);
	return card_is_unreachable(code) ? code : ERR_OK;
}

/* A card without a directory: certificates lie in 2F10 and on. */
static enum err read_fixed(struct card *c, struct error *e)
{
	size_t index = 0;

	contents_release(&c->contents);
	for (uint16_t i = 0; i < CERTIFICATES_LOOKED_FOR; i++) {
		uint16_t file = CERTIFICATE_FIRST + i;
		struct file_path path = {.at = {(uint8_t)(file >> 8), (uint8_t)file}, .n = 2};
		struct bytes der = {0};
		uint8_t number = 0;
		enum err code = file_read_object(&c->files, &path, &der, e);

		if (!code && !(code = find_key(c, index++, bytes_span(&der), &number, e)))
			card_add_fixed(c, file, &der, LOCAL | number);
		bytes_free(&der);
		if (card_is_unreachable(code))
			return code;
	}
	card_add_fixed_pins(c, PIN_REFERENCE, PIN_ASCII, PIN_MIN, PIN_MAX);
	return ERR_OK;
}

static enum err read_contents(struct card *c, struct error *e)
{
	enum err code = pkcs15_read(&c->files, &c->contents, e);

	if (card_is_unreachable(code))
		return code;
	if (code || c->contents.certificate_count == 0)
		return read_fixed(c, e);
	card_add_puk(c, PIN_REFERENCE);
	return ERR_OK;
}

static enum err pin_state(
	struct card *c, const struct pin_object *pin, struct card_pin *out, struct error *e)
{
	struct bytes answer = {0};
	struct tlv parameters, tries, most;
	enum err code = get_object(
		c, OBJECT_PIN, pin->reference & ~LOCAL, TAG_PARAMETERS, &answer, &parameters, e);

	if (!code && (!tlv_find(parameters.value, TAG_TRIES, &tries) || tries.value.n != 1))
		code = error_set(e, ERR_NOT_FOUND, "tries left");
	if (!code)
		out->tries = tries.value.at[0];
	if (!code && tlv_find(parameters.value, TAG_TRIES_MAX, &most) && most.value.n == 1)
		out->tries_max = most.value.at[0];
	bytes_free(&answer);
	return code;
}

/* Algorithm references of IAS-ECC: 2, 5 and 4 for PKCS#1, PSS and ECDSA, with 40, 50, 60 added for
 * SHA-256, -384, -512. Which of them an AKiS takes is not public: it is asked, and the signature
 * verified. */
static size_t ways(const struct card *c, const struct signer *s, enum card_scheme scheme,
	enum card_digest digest, struct sign_way out[SIGN_WAYS_MAX])
{
	const int hash = driver_ias_hash(digest);
	const struct sign_way known[3][4] = {
		[CARD_RSA_PKCS1] = {{0x02, INPUT_DIGEST_INFO}, {0x02 | hash, INPUT_DIGEST_INFO},
			{0x02 | hash, INPUT_DIGEST}, {NO_REFERENCE, INPUT_DIGEST_INFO}},
		[CARD_RSA_PSS] = {{0x05 | hash, INPUT_DIGEST}, {0x05, INPUT_DIGEST},
			{NO_REFERENCE, INPUT_PSS_BLOCK}, {0x00, INPUT_PSS_BLOCK}},
		[CARD_ECDSA] = {{0x04 | hash, INPUT_DIGEST}, {0x04, INPUT_DIGEST},
			{NO_REFERENCE, INPUT_DIGEST}, {0x00, INPUT_DIGEST}},
	};

	(void)c;
	(void)s;
	memcpy(out, known[scheme], sizeof(known[scheme]));
	return 4;
}

/* The PUK's right to set the PIN is IAS-ECC's: it is verified as PIN 2, and then the new value alone is sent. So
 * neither its length in the command nor its padding has to be guessed. */
static enum err set_pin(struct card *c, const struct pin_object *pin, struct span block,
	unsigned *sw, struct error *e)
{
	return iso_reset_retry_counter(&c->channel, ISO_RESET_NEW, pin->reference, block, sw, e);
}

const struct card_driver driver_akis = {
	.name = "akis",
	.tells_puk = true,
	.knows_atr = knows_atr,
	.select = select_application,
	.read = read_contents,
	.pin_state = pin_state,
	.ways = ways,
	.set_pin = set_pin,
};

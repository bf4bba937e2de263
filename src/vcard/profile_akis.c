/* AKiS v2.2: the IAS-ECC way. PIN 1 and PUK 2 in the DF, tries readable from security objects, the
 * PIN wanted before each signature. Algorithm identifiers are those of IAS-ECC: low digit 2 PKCS#1
 * v1.5, 4 ECDSA, 5 PSS; high digit 1, 3, 4, 5, 6 for SHA-1, -224, -256, -384, -512, and 0 for "the
 * host says" (a DigestInfo, a hash value). */
#include "vcard/card.h"

#include "vcard/crypto.h"
#include "vcard/security_objects.h"

enum {
	SCHEME_PKCS1 = 2,
	SCHEME_ECDSA = 4,
	SCHEME_PSS = 5,
	DATA_MIN = 20, /* SHA-1 */
	DATA_MAX = 64, /* SHA-512 */
};

static const EVP_MD *hash_of(uint8_t algorithm)
{
	switch (algorithm >> 4) {
	case 1:
		return EVP_sha1();
	case 3:
		return EVP_sha224();
	case 4:
		return EVP_sha256();
	case 5:
		return EVP_sha384();
	case 6:
		return EVP_sha512();
	default:
		return NULL;
	}
}

static bool algorithm_known(uint8_t algorithm, EVP_PKEY *key)
{
	bool ec = EVP_PKEY_get_base_id(key) == EVP_PKEY_EC;
	unsigned scheme = algorithm & 0x0F;

	if (algorithm >> 4 && !hash_of(algorithm))
		return false;
	return ec ? scheme == SCHEME_ECDSA : scheme == SCHEME_PKCS1 || scheme == SCHEME_PSS;
}

static unsigned manage_environment(struct card *c, const struct command *cmd, struct bytes *out)
{
	(void)out;
	if (cmd->p1 != MSE_SET_COMPUTE || cmd->p2 != MSE_SIGNATURE)
		return SW_P1P2;
	if (!card_in_application(c))
		return SW_CONDITIONS;
	return card_set_environment(c, cmd->data, algorithm_known);
}

static bool compute(uint8_t algorithm, EVP_PKEY *key, struct span data, struct bytes *out)
{
	const EVP_MD *hash = hash_of(algorithm);
	bool fits = hash ? data.n == (size_t)EVP_MD_get_size(hash)
			 : data.n >= DATA_MIN && data.n <= DATA_MAX;

	switch (algorithm & 0x0F) {
	case SCHEME_PKCS1:
		if (!hash || crypto_is_digest_info(data, hash))
			return crypto_sign_pkcs1(key, data, out);
		return fits && crypto_sign_hash_pkcs1(key, hash, data, out);
	case SCHEME_PSS:
		if (!hash)
			hash = crypto_hash_of_size(data.n);
		return hash && fits && crypto_sign_hash_pss(key, hash, data, out);
	default:
		return fits && crypto_sign_ecdsa_raw(key, data, out);
	}
}

static unsigned sign(struct card *c, const struct command *cmd, struct bytes *out)
{
	struct state_key *k;
	unsigned sw;

	if (!(k = card_signing_key(c, cmd, &sw)))
		return sw;
	return compute(c->environment.algorithm, k->key, cmd->data, out) ? SW_OK : SW_DATA;
}

/* The old PIN, as long as the one that is set, and the new one behind it. */
static unsigned change_pin(struct card *c, const struct command *cmd, struct bytes *out)
{
	enum pin_name name = card_pin_of(c, cmd->p2);
	size_t old;
	unsigned sw;

	(void)out;
	if (cmd->p1)
		return SW_P1P2;
	if (name == PIN_COUNT || !card_in_application(c))
		return SW_NOT_FOUND;
	old = card_pin_field(c, name);
	if (cmd->data.n < old + c->profile->pin_min || cmd->data.n > old + c->profile->pin_max)
		return SW_LENGTH;
	sw = card_check_pin(c, name, span_first(cmd->data, old));
	return sw == SW_OK ? card_set_pin(c, name, span_from(cmd->data, old)) : sw;
}

static const struct instruction instructions[] = {
	{0x00, 0xA4, command_select},
	{0x00, 0xB0, command_read_binary},
	{0x00, 0xCB, command_get_security_object},
	{0x00, 0x20, command_verify},
	{0x00, 0x24, change_pin},
	{0x00, 0x2C, command_reset_retry_counter},
	{0x00, 0x22, manage_environment},
	{0x00, 0x2A, sign},
	{0x00, 0x84, command_get_challenge},
	{0},
};

/* EF.ATR: card service data; card capabilities with command chaining, extended length and extended
 * length information (ISO 7816-4 8.1.1.2.7), the lengths themselves (7F66). */
static const uint8_t info[] = {0x43, 0x01, 0xC0, 0x47, 0x03, 0xF6, 0x21, 0xE0, 0x7F, 0x66, 0x08,
	0x02, 0x02, 0x10, 0x00, 0x02, 0x02, 0x10, 0x00};

const struct profile profile_akis = {
	.name = "akis",
	.atr = "3B9F978131FE4580655443D2210831C073F6218081055B",
	.df = 0x3D00,
	.df_names = {{.at = profile_pkcs15 + PKCS15_RID_SIZE,
			     .n = PKCS15_AID_SIZE - PKCS15_RID_SIZE},
		{.at = profile_pkcs15, .n = PKCS15_AID_SIZE}},
	.df_aid = {.at = profile_pkcs15, .n = PKCS15_AID_SIZE},
	.info = {.at = info, .n = sizeof(info)},
	.data_max = NE_SHORT_MAX,
	.extended = true,
	.chaining = true,
	.ec = true,
	.local_references = true,
	.pin_each_time = true,
	.pin_references = {0x81, 0x82},
	.pin_coding = PIN_ASCII,
	.empty_verify = EMPTY_VERIFY_COUNTS,
	.pin_min = 4,
	.pin_max = 8,
	.sw_blocked = SW_BLOCKED,
	.sw_not_verified = SW_SECURITY_STATUS,
	.instructions = instructions,
};

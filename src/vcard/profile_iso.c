/* The card edge of IsoApplet, an openly documented Java Card applet. A host that has asked GET DATA
 * 01 01 speaks its interface 1.0 (ECDSA of a hash value, RSA-PSS); one that has only selected the
 * applet speaks 0.6, where the card hashes with SHA-1 before ECDSA. The applet is selected by
 * default. */
#include "vcard/card.h"

#include "vcard/crypto.h"

enum {
	API_0 = 0x0006,
	API_1 = 0x0100,
	FEATURE_EXTENDED = 0x01,
	FEATURE_RANDOM = 0x02,
	FEATURE_ECC = 0x04,
	FEATURE_PSS = 0x08,
	ALGORITHM_PKCS1 = 0x11,
	ALGORITHM_PSS = 0x12,
	ALGORITHM_ECDSA = 0x21,
};

static const uint8_t applet[] = {
	0xF2, 0x76, 0xA2, 0x88, 0xBC, 0xFB, 0xA6, 0x9D, 0x34, 0xF3, 0x10, 0x01};

static void put_api(unsigned api, uint8_t features, struct bytes *out)
{
	const uint8_t answer[] = {(uint8_t)(api >> 8), (uint8_t)api, features};

	bytes_append(out, span_of(answer, sizeof(answer)));
}

/* Selecting the applet, again too, is also how to log out. */
static unsigned select_file(struct card *c, const struct command *cmd, struct bytes *out)
{
	if (cmd->p1 != 0x04 || !span_equal(cmd->data, span_of(applet, sizeof(applet))))
		return command_select(c, cmd, out);
	card_reset(c);
	c->iso_api = API_0;
	if (cmd->ne)
		put_api(API_0, FEATURE_EXTENDED | FEATURE_RANDOM | FEATURE_ECC, out);
	return SW_OK;
}

static unsigned get_data(struct card *c, const struct command *cmd, struct bytes *out)
{
	if (cmd->p1 != 0x01 || cmd->p2 != 0x01)
		return SW_P1P2;
	c->iso_api = API_1;
	put_api(API_1, FEATURE_EXTENDED | FEATURE_RANDOM | FEATURE_ECC | FEATURE_PSS, out);
	return SW_OK;
}

/* The applet verifies its PIN only: the PUK is checked inside RESET RETRY COUNTER alone. */
static unsigned verify(struct card *c, const struct command *cmd, struct bytes *out)
{
	return card_pin_of(c, cmd->p2) == PIN_USER ? command_verify(c, cmd, out) : SW_P1P2;
}

/* Old and new PIN, both padded to 16 bytes. */
static unsigned change_pin(struct card *c, const struct command *cmd, struct bytes *out)
{
	enum pin_name name = card_pin_of(c, cmd->p2);
	unsigned sw;

	(void)out;
	if (cmd->p1 || name != PIN_USER)
		return SW_P1P2;
	if (cmd->data.n != 2 * PIN_SIZE_MAX)
		return SW_LENGTH;
	sw = card_check_pin(c, name, span_first(cmd->data, PIN_SIZE_MAX));
	return sw == SW_OK ? card_set_pin(c, name, span_from(cmd->data, PIN_SIZE_MAX)) : sw;
}

static bool algorithm_known(uint8_t algorithm, EVP_PKEY *key)
{
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC)
		return algorithm == ALGORITHM_ECDSA;
	return algorithm == ALGORITHM_PKCS1 || algorithm == ALGORITHM_PSS;
}

static unsigned manage_environment(struct card *c, const struct command *cmd, struct bytes *out)
{
	(void)out;
	if (cmd->p1 != MSE_SET_COMPUTE || cmd->p2 != MSE_SIGNATURE)
		return SW_FUNCTION;
	if (!c->verified[PIN_USER])
		return SW_SECURITY_STATUS;
	return card_set_environment(c, cmd->data, algorithm_known);
}

/* Interface 0.6 hashes on the card; 1.0 takes what it gets for a hash value. */
static bool compute_ecdsa(const struct card *c, EVP_PKEY *key, struct span data, struct bytes *out)
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (c->iso_api == API_1)
		return data.n && crypto_sign_ecdsa(key, data, out);
	return EVP_Digest(data.at, data.n, hash, &n, EVP_sha1(), NULL) == 1 &&
	       crypto_sign_ecdsa(key, span_of(hash, n), out);
}

static bool compute(const struct card *c, EVP_PKEY *key, struct span data, struct bytes *out)
{
	const EVP_MD *hash;

	switch (c->environment.algorithm) {
	case ALGORITHM_PKCS1:
		return crypto_sign_pkcs1(key, data, out);
	case ALGORITHM_PSS:
		hash = crypto_hash_of_size(data.n);
		return hash && crypto_sign_hash_pss(key, hash, data, out);
	default:
		return compute_ecdsa(c, key, data, out);
	}
}

static unsigned sign(struct card *c, const struct command *cmd, struct bytes *out)
{
	struct state_key *k;
	unsigned sw;

	if (!(k = card_signing_key(c, cmd, &sw)))
		return sw;
	return compute(c, k->key, cmd->data, out) ? SW_OK : SW_LENGTH;
}

static const struct instruction instructions[] = {
	{0x00, 0xA4, select_file},
	{0x00, 0xB0, command_read_binary},
	{0x00, 0xCA, get_data},
	{0x00, 0x20, verify},
	{0x00, 0x24, change_pin},
	{0x00, 0x2C, command_reset_retry_counter},
	{0x00, 0x22, manage_environment},
	{0x00, 0x2A, sign},
	{0x00, 0x84, command_get_challenge},
	{0},
};

const struct profile profile_iso = {
	.name = "iso",
	/* Historical bytes: DF selection by full name, chaining and extended length, issuer's data
	   "eonay". */
	.atr = "3B8D018031C073C001C055656F6E6179A6",
	.df = 0x5015,
	.df_aid = {.at = profile_pkcs15, .n = PKCS15_AID_SIZE},
	.data_max = NE_SHORT_MAX,
	.extended = true,
	.chaining = true,
	.ec = true,
	.pin_references = {0x01, 0x02},
	.pin_coding = PIN_PADDED,
	.empty_verify = EMPTY_VERIFY_ASKS,
	.pin_min = 4,
	.pin_max = 16,
	.sw_blocked = SW_TRIES_LEFT,
	.sw_not_verified = SW_SECURITY_STATUS,
	.instructions = instructions,
};

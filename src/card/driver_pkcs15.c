/* Any card with a PKCS#15 directory and the plain commands of ISO 7816-8: MSE SET DST, VERIFY, PSO.
 * Which algorithm reference such a card wants is told by its TokenInfo, or found by asking: MSE
 * costs no PIN try. */
#include "card/driver.h"

#include "card/pkcs15.h"

/* PKCS#11 mechanisms, as AlgorithmInfo.algorithm names them. */
enum {
	CKM_RSA_PKCS = 0x01,
	CKM_RSA_X_509 = 0x03,
	CKM_RSA_PKCS_PSS = 0x0D,
	CKM_SHA256_RSA_PKCS = 0x40, /* and 41, 42 for SHA-384, -512 */
	CKM_SHA256_RSA_PKCS_PSS = 0x43,
	CKM_ECDSA = 0x1041,
	CKM_ECDSA_SHA256 = 0x1044,
};

static bool knows_no_atr(struct span atr)
{
	(void)atr;
	return false;
}

/* Through EF.DIR, for cards that do not know their application by its AID. */
static enum err select_by_dir(struct card *c, struct error *e)
{
	static const struct file_path dir_path = {.at = {0x3F, 0x00, 0x2F, 0x00}, .n = 4};
	struct bytes dir = {0}, fci = {0};
	struct file_path place;
	unsigned sw = 0;
	enum err code = file_read_objects(&c->files, &dir_path, &dir, e);

	if (!code && !pkcs15_parse_dir(bytes_span(&dir), &place))
		code = error_set(e, ERR_NOT_FOUND, "EF.DIR");
	bytes_free(&dir);
	if (code)
		return code;
	code = iso_select(
		&c->channel, ISO_PATH, ISO_FCI, span_of(place.at + 2, place.n - 2), &fci, &sw, e);
	bytes_free(&fci);
	if (!code && sw != SW_OK)
		code = iso_error(e, sw, "SELECT");
	if (!code)
		c->files.application = place;
	return code;
}

static enum err select_application(struct card *c, struct error *e)
{
	unsigned sw = 0;
	enum err code;

	if (!c->files.channel)
		c->files = file_system_of(&c->channel);
	if ((code = card_select_name(c, pkcs15_aid(), &sw, e)))
		return code;
	return sw == SW_OK ? ERR_OK : select_by_dir(c, e);
}

static enum err read_directory(struct card *c, struct error *e)
{
	return pkcs15_read(&c->files, &c->contents, e);
}

/* What a mechanism is to us: its input, and whether it serves scheme and digest. */
static bool mechanism_serves(unsigned mechanism, enum card_scheme scheme, enum card_digest digest,
	enum sign_input *input)
{
	static const struct {
		unsigned first; /* + digest when hashed */
		bool hashed;
		enum card_scheme scheme;
		enum sign_input input;
	} known[] = {
		{CKM_SHA256_RSA_PKCS, true, CARD_RSA_PKCS1, INPUT_DIGEST},
		{CKM_RSA_PKCS, false, CARD_RSA_PKCS1, INPUT_DIGEST_INFO},
		{CKM_RSA_X_509, false, CARD_RSA_PKCS1, INPUT_PKCS1_BLOCK},
		{CKM_SHA256_RSA_PKCS_PSS, true, CARD_RSA_PSS, INPUT_DIGEST},
		{CKM_RSA_PKCS_PSS, false, CARD_RSA_PSS, INPUT_DIGEST},
		{CKM_RSA_X_509, false, CARD_RSA_PSS, INPUT_PSS_BLOCK},
		{CKM_ECDSA_SHA256, true, CARD_ECDSA, INPUT_DIGEST},
		{CKM_ECDSA, false, CARD_ECDSA, INPUT_DIGEST},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].scheme == scheme &&
			mechanism == known[i].first + (known[i].hashed ? digest : 0)) {
			*input = known[i].input;
			return true;
		}
	}
	return false;
}

static bool key_allows(const struct key_object *key, unsigned reference)
{
	for (size_t i = 0; i < key->algorithm_count; i++) {
		if (key->algorithms[i] == reference)
			return true;
	}
	return key->algorithm_count == 0;
}

/* The ways that TokenInfo tells. */
static size_t told_ways(const struct card *c, const struct signer *s, enum card_scheme scheme,
	enum card_digest digest, struct sign_way *out)
{
	size_t n = 0;

	for (size_t i = 0; i < c->contents.algorithm_count && n < SIGN_WAYS_MAX; i++) {
		const struct algorithm *a = &c->contents.algorithms[i];

		if (a->card_reference != NO_REFERENCE && key_allows(s->object, a->reference) &&
			mechanism_serves(a->mechanism, scheme, digest, &out[n].input))
			out[n++].algorithm = a->card_reference;
	}
	return n;
}

/* The ways that cards of the field have: the key alone, the reference of IAS-ECC and its kin, the
 * bare RSA operation. */
static size_t ways(const struct card *c, const struct signer *s, enum card_scheme scheme,
	enum card_digest digest, struct sign_way out[SIGN_WAYS_MAX])
{
	const int hash = driver_ias_hash(digest);
	const struct sign_way usual[3][4] = {
		[CARD_RSA_PKCS1] = {{NO_REFERENCE, INPUT_DIGEST_INFO}, {0x02, INPUT_DIGEST_INFO},
			{0x02 | hash, INPUT_DIGEST}, {0x00, INPUT_PKCS1_BLOCK}},
		[CARD_RSA_PSS] = {{0x05 | hash, INPUT_DIGEST}, {NO_REFERENCE, INPUT_PSS_BLOCK},
			{0x00, INPUT_PSS_BLOCK}, {0x05, INPUT_DIGEST}},
		[CARD_ECDSA] = {{NO_REFERENCE, INPUT_DIGEST}, {0x04, INPUT_DIGEST},
			{0x04 | hash, INPUT_DIGEST}, {0x00, INPUT_DIGEST}},
	};
	size_t n = told_ways(c, s, scheme, digest, out);

	for (size_t i = 0; i < 4 && n < SIGN_WAYS_MAX; i++)
		out[n++] = usual[scheme][i];
	return n;
}

const struct card_driver driver_pkcs15 = {
	.name = "pkcs15",
	.knows_atr = knows_no_atr,
	.select = select_application,
	.read = read_directory,
	.ways = ways,
};

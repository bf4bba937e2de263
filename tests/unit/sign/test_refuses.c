/* Forged and broken signatures, each with the code that it must be refused with. */
#include "unit.h"

#include "base/hex.h"
#include "sign/der.h"
#include "sign/forge.h"
#include "sign/oid.h"
#include "sign/verify.h"

static struct pki root, rsa, rsa2, p256;
static const char text[] = "Sözleşme metni";

static struct span content(void)
{
	return span_of(text, sizeof(text) - 1);
}

static int make_pki(void **state)
{
	(void)state;
	pki_make_root(&root);
	pki_make_signer(&rsa, "rsa2048", &root);
	pki_make_signer(&rsa2, "rsa3072", &root);
	pki_make_signer(&p256, "p256", &root);
	return 0;
}

static int free_pki(void **state)
{
	(void)state;
	pki_free(&root);
	pki_free(&rsa);
	pki_free(&rsa2);
	pki_free(&p256);
	return 0;
}

static enum err verify(struct span cms, bool detached)
{
	struct verify_request request = {
		.cms = cms, .detached = detached, .content = content(), .at = PKI_NOW};
	struct verify_report report;

	return verify_cms(&request, &report, NULL);
}

/* The forger's own control: what it makes without a mistake is accepted. */
static void accepts_what_is_right(void **state)
{
	static const struct {
		struct pki *signer;
		const char *digest;
		unsigned flags;
	} right[] = {
		{&rsa, "SHA256", 0},
		{&rsa, "SHA256", FORGE_DETACHED},
		{&rsa, "SHA512", 0},
		{&rsa, "SHA256", FORGE_PSS},
		{&p256, "SHA256", 0},
		{&p256, "SHA384", FORGE_DETACHED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		struct forge f;
		struct bytes cms = {0};

		forge_start(&f, right[i].signer, right[i].digest, content(), right[i].flags);
		forge_build(&f, &cms);
		assert_int_equal(verify(bytes_span(&cms), right[i].flags & FORGE_DETACHED), ERR_OK);
		forge_free(&f);
		bytes_free(&cms);
	}
}

/* Attributes that tell something and change nothing. */
static void accepts_attributes_that_are_understood(void **state)
{
	static const char *const more[] = {
		/* CMSAlgorithmProtection, of the same algorithms */
		"302B 06092A864886F70D010934 311E 301C 300B0609608648016503040201"
		"A10D 06092A864886F70D0101010500",
		/* mime-type */
		"3014 060604008D450201 310A 0C08 746578742F636D73",
		/* smimeCapabilities */
		"301E 06092A864886F70D01090F 3111 300F 300D06096086480165030402010500",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++) {
		struct forge f;
		struct bytes cms = {0};

		forge_start(&f, &rsa, "SHA256", content(), 0);
		forge_set(&f, PART_A_MORE, more[i]);
		forge_build(&f, &cms);
		assert_int_equal(verify(bytes_span(&cms), false), ERR_OK);
		forge_set(&f, PART_A_MORE_STILL, more[i]);
		bytes_clear(&f.part[PART_SIGNATURE]);
		bytes_clear(&cms);
		forge_build(&f, &cms);
		assert_int_equal(verify(bytes_span(&cms), false), ERR_CMS_ATTRIBUTES);
		forge_free(&f);
		bytes_free(&cms);
	}
}

/* One or two parts replaced by other DER; everything else, the signature value included, stays
 * right. */
struct replaced {
	const char *what;
	enum err want;
	unsigned flags;
	enum part part;
	const char *hex;
	enum part second;
	const char *second_hex;
};

#define SHA256_ID "300B0609608648016503040201"
#define SHA512_ID "300B0609608648016503040203"
#define MGF1(hash) "06092A864886F70D010108" hash
#define RSA_PSS "06092A864886F70D01010A"
#define EMPTY ""

static const struct replaced replaced[] = {
	{"enveloped data", ERR_CMS_FORMAT, 0, PART_TYPE, "06092A864886F70D010703", PART_NONE, NULL},
	{"plain data", ERR_CMS_FORMAT, 0, PART_TYPE, "06092A864886F70D010701", PART_NONE, NULL},
	{"signed and enveloped data", ERR_CMS_FORMAT, 0, PART_TYPE, "06092A864886F70D010704",
		PART_NONE, NULL},
	{"version 0", ERR_CMS_FORMAT, 0, PART_VERSION, "020100", PART_NONE, NULL},
	{"version 2", ERR_CMS_FORMAT, 0, PART_VERSION, "020102", PART_NONE, NULL},
	{"version 3, signer 1", ERR_CMS_FORMAT, 0, PART_VERSION, "020103", PART_NONE, NULL},
	{"version 4", ERR_CMS_FORMAT, 0, PART_VERSION, "020104", PART_NONE, NULL},
	{"version in two bytes", ERR_CMS_FORMAT, 0, PART_VERSION, "02020001", PART_NONE, NULL},
	{"no version", ERR_CMS_FORMAT, 0, PART_VERSION, EMPTY, PART_NONE, NULL},
	{"signer's version 3 with issuer and serial", ERR_CMS_FORMAT, 0, PART_SIGNER_VERSION,
		"020103", PART_VERSION, "020103"},
	{"signer's version 1 with a key identifier", ERR_CMS_FORMAT, 0, PART_IDENTIFIER,
		"8004DEADBEEF", PART_NONE, NULL},
	{"no digest algorithms", ERR_CMS_FORMAT, 0, PART_DIGESTS, EMPTY, PART_NONE, NULL},
	{"empty digest algorithms", ERR_CMS_FORMAT, 0, PART_DIGESTS, "3100", PART_NONE, NULL},
	{"two digest algorithms", ERR_CMS_FORMAT, 0, PART_DIGESTS, "311A" SHA256_ID SHA512_ID,
		PART_NONE, NULL},
	{"digest algorithms as a sequence", ERR_CMS_FORMAT, 0, PART_DIGESTS, "300D" SHA256_ID,
		PART_NONE, NULL},
	{"content as pieces", ERR_CMS_FORMAT, 0, PART_CONTENT, "A009 2407 0402 5373 0401 74",
		PART_NONE, NULL},
	{"content of indefinite length", ERR_CMS_FORMAT, 0, PART_CONTENT, "A080 0401 41 0000",
		PART_NONE, NULL},
	{"content twice", ERR_CMS_FORMAT, 0, PART_CONTENT, "A006 040141 040141", PART_NONE, NULL},
	{"content is no octet string", ERR_CMS_FORMAT, 0, PART_CONTENT, "A003 0C0141", PART_NONE,
		NULL},
	{"empty content tag", ERR_CMS_FORMAT, 0, PART_CONTENT, "A000", PART_NONE, NULL},
	{"empty certificates", ERR_CMS_FORMAT, 0, PART_CERTIFICATES, "A000", PART_NONE, NULL},
	{"an attribute certificate", ERR_CMS_FORMAT, 0, PART_CERTIFICATES, "A004 A202 3000",
		PART_NONE, NULL},
	{"a certificate of another format", ERR_CMS_FORMAT, 0, PART_CERTIFICATES, "A004 A302 3000",
		PART_NONE, NULL},
	{"revocation lists", ERR_CMS_FORMAT, 0, PART_LISTS, "A102 3000", PART_NONE, NULL},
	{"an empty set of revocation lists", ERR_CMS_FORMAT, 0, PART_LISTS, "A100", PART_NONE,
		NULL},
	{"signature as a bit string", ERR_CMS_FORMAT, 0, PART_SIGNATURE, "0302 0001", PART_NONE,
		NULL},
	{"no signature", ERR_CMS_FORMAT, 0, PART_SIGNATURE, "0500", PART_NONE, NULL},
	{"something behind the signature", ERR_CMS_FORMAT, 0, PART_BEHIND_SIGNER, "0500", PART_NONE,
		NULL},
	{"something behind the unsigned attributes", ERR_CMS_FORMAT, 0, PART_UNSIGNED, "A100",
		PART_BEHIND_SIGNER, "A100"},
	{"an empty second signer", ERR_CMS_FORMAT, 0, PART_SIGNERS, "3000", PART_NONE, NULL},
	{"one byte behind", ERR_CMS_FORMAT, 0, PART_BEHIND, "00", PART_NONE, NULL},
	{"four bytes behind", ERR_CMS_FORMAT, 0, PART_BEHIND, "DEADBEEF", PART_NONE, NULL},
	{"no signer", ERR_CMS_FORMAT, FORGE_NO_SIGNERS, PART_NONE, NULL, PART_NONE, NULL},

	{"content type signed data", ERR_CMS_CONTENT, 0, PART_CONTENT_TYPE,
		"06092A864886F70D010702", PART_VERSION, "020103"},
	{"content type signed data in version 1", ERR_CMS_FORMAT, 0, PART_CONTENT_TYPE,
		"06092A864886F70D010702", PART_NONE, NULL},
	{"content type time stamp", ERR_CMS_CONTENT, 0, PART_CONTENT_TYPE,
		"060B2A864886F70D0109100104", PART_VERSION, "020103"},
	{"content-type attribute time stamp", ERR_CMS_CONTENT, 0, PART_A_TYPE,
		"301A 06092A864886F70D010903 310D 060B2A864886F70D0109100104", PART_NONE, NULL},
	{"both content types time stamp, version 1", ERR_CMS_FORMAT, 0, PART_A_TYPE,
		"301A 06092A864886F70D010903 310D 060B2A864886F70D0109100104", PART_CONTENT_TYPE,
		"060B2A864886F70D0109100104"},
	{"evil content inside a detached signature", ERR_CMS_CONTENT, FORGE_DETACHED, PART_CONTENT,
		"A00F 040D 4556494C20434F4E5452414354", PART_NONE, NULL},
	{"empty content inside a detached signature", ERR_CMS_CONTENT, FORGE_DETACHED, PART_CONTENT,
		"A002 0400", PART_NONE, NULL},
	{"no content inside an attached signature", ERR_CMS_CONTENT, 0, PART_CONTENT, EMPTY,
		PART_NONE, NULL},
	{"another content inside", ERR_CMS_CONTENT, 0, PART_CONTENT,
		"A00F 040D 4556494C20434F4E5452414354", PART_NONE, NULL},
	{"an empty content inside", ERR_CMS_CONTENT, 0, PART_CONTENT, "A002 0400", PART_NONE, NULL},

	{"digest algorithms name another", ERR_CMS_ALGORITHM, 0, PART_DIGESTS, "310D" SHA512_ID,
		PART_NONE, NULL},
	{"digest algorithms with NULL, the signer's without", ERR_CMS_ALGORITHM, 0, PART_DIGESTS,
		"310F 300D06096086480165030402010500", PART_NONE, NULL},
	{"digest with parameters", ERR_CMS_ALGORITHM, 0, PART_DIGEST,
		"300E0609608648016503040201 020101", PART_NONE, NULL},
	{"signer's digest is another", ERR_CMS_ALGORITHM, 0, PART_DIGEST, SHA512_ID, PART_NONE,
		NULL},
	{"signer's digest SHA-1", ERR_CMS_ALGORITHM, 0, PART_DIGEST, "3007 06052B0E03021A",
		PART_NONE, NULL},
	{"signature with SHA-1", ERR_CMS_ALGORITHM, 0, PART_ALGORITHM,
		"300D06092A864886F70D0101050500", PART_NONE, NULL},
	{"signature with MD5", ERR_CMS_ALGORITHM, 0, PART_ALGORITHM,
		"300D06092A864886F70D0101040500", PART_NONE, NULL},
	{"signature with another digest", ERR_CMS_ALGORITHM, 0, PART_ALGORITHM,
		"300D06092A864886F70D01010D0500", PART_NONE, NULL},
	{"RSA without NULL", ERR_CMS_ALGORITHM, 0, PART_ALGORITHM, "300B06092A864886F70D010101",
		PART_NONE, NULL},
	{"RSA encryption with OAEP", ERR_CMS_ALGORITHM, 0, PART_ALGORITHM,
		"300D06092A864886F70D0101070500", PART_NONE, NULL},
	{"ECDSA for an RSA key", ERR_CMS_ALGORITHM, 0, PART_ALGORITHM, "300A06082A8648CE3D040302",
		PART_NONE, NULL},
	{"ECDSA with another digest", ERR_CMS_ALGORITHM, 0, PART_ALGORITHM,
		"300A06082A8648CE3D040303", PART_NONE, NULL},
	{"Ed25519", ERR_CMS_ALGORITHM, 0, PART_ALGORITHM, "300506032B6570", PART_NONE, NULL},
	{"PSS with its defaults (SHA-1)", ERR_CMS_ALGORITHM, FORGE_PSS, PART_ALGORITHM,
		"300D" RSA_PSS "3000", PART_NONE, NULL},
	{"PSS without parameters", ERR_CMS_ALGORITHM, FORGE_PSS, PART_ALGORITHM, "300B" RSA_PSS,
		PART_NONE, NULL},
	{"PSS with MGF1 of SHA-1", ERR_CMS_ALGORITHM, FORGE_PSS, PART_ALGORITHM,
		"3021" RSA_PSS "3014 A00D" SHA256_ID "A203020120", PART_NONE, NULL},
	{"PSS with a salt of 20", ERR_CMS_ALGORITHM, FORGE_PSS, PART_ALGORITHM,
		"303D" RSA_PSS "3030 A00D" SHA256_ID "A11A3018" MGF1(SHA256_ID) "A203020114",
		PART_NONE, NULL},
	{"PSS with its trailer written", ERR_CMS_ALGORITHM, FORGE_PSS, PART_ALGORITHM,
		"3042" RSA_PSS "3035 A00D" SHA256_ID
		"A11A3018" MGF1(SHA256_ID) "A203020120 A303020101",
		PART_NONE, NULL},

	{"no attributes", ERR_CMS_ATTRIBUTES, FORGE_NO_ATTRIBUTES, PART_NONE, NULL, PART_NONE,
		NULL},
	{"no attributes, detached", ERR_CMS_ATTRIBUTES, FORGE_NO_ATTRIBUTES | FORGE_DETACHED,
		PART_NONE, NULL, PART_NONE, NULL},
	{"attributes out of order", ERR_CMS_ATTRIBUTES, FORGE_UNSORTED, PART_NONE, NULL, PART_NONE,
		NULL},
	{"without content-type", ERR_CMS_ATTRIBUTES, 0, PART_A_TYPE, EMPTY, PART_NONE, NULL},
	{"without message-digest", ERR_CMS_ATTRIBUTES, 0, PART_A_DIGEST, EMPTY, PART_NONE, NULL},
	{"without signing-time", ERR_CMS_ATTRIBUTES, 0, PART_A_TIME, EMPTY, PART_NONE, NULL},
	{"without signing-certificate-v2", ERR_CMS_ATTRIBUTES, 0, PART_A_CERTIFICATE, EMPTY,
		PART_NONE, NULL},
	{"content-type with two values", ERR_CMS_ATTRIBUTES, 0, PART_A_TYPE,
		"3023 06092A864886F70D010903 3116 06092A864886F70D010701 06092A864886F70D010701",
		PART_NONE, NULL},
	{"content-type without value", ERR_CMS_ATTRIBUTES, 0, PART_A_TYPE,
		"300D 06092A864886F70D010903 3100", PART_NONE, NULL},
	{"content-type as text", ERR_CMS_CONTENT, 0, PART_A_TYPE,
		"3011 06092A864886F70D010903 3104 0C026461", PART_NONE, NULL},
	{"something behind an attribute's values", ERR_CMS_ATTRIBUTES, 0, PART_A_TYPE,
		"301A 06092A864886F70D010903 310B 06092A864886F70D010701 0500", PART_NONE, NULL},
	{"message-digest twice, the other's first", ERR_CMS_ATTRIBUTES, 0, PART_A_MORE,
		"3011 06092A864886F70D010904 3104 0402 0000", PART_NONE, NULL},
	{"content-type twice", ERR_CMS_ATTRIBUTES, 0, PART_A_MORE,
		"301A 06092A864886F70D010903 310D 060B2A864886F70D0109100104", PART_NONE, NULL},
	{"signing-time twice", ERR_CMS_ATTRIBUTES, 0, PART_A_MORE,
		"301C 06092A864886F70D010905 310F 170D3235303130313030303030305A", PART_NONE, NULL},
	{"signing-time without seconds", ERR_CMS_ATTRIBUTES, 0, PART_A_TIME,
		"301A 06092A864886F70D010905 310D 170B323530313031303030305A", PART_NONE, NULL},
	{"signing-time with an offset", ERR_CMS_ATTRIBUTES, 0, PART_A_TIME,
		"3020 06092A864886F70D010905 3113 17113235303130313030303030302B30333030",
		PART_NONE, NULL},
	{"signing-time on 30 February", ERR_CMS_ATTRIBUTES, 0, PART_A_TIME,
		"301C 06092A864886F70D010905 310F 170D3235303233303030303030305A", PART_NONE, NULL},
	{"signing-time as GeneralizedTime before 2050", ERR_CMS_ATTRIBUTES, 0, PART_A_TIME,
		"301E 06092A864886F70D010905 3111 180F32303235303130313030303030305A", PART_NONE,
		NULL},
	{"signing-time as text", ERR_CMS_ATTRIBUTES, 0, PART_A_TIME,
		"301C 06092A864886F70D010905 310F 0C0D3235303130313030303030305A", PART_NONE, NULL},
	{"signing-certificate (v1) in place of v2", ERR_CMS_ATTRIBUTES, 0, PART_A_CERTIFICATE,
		"302B 060B2A864886F70D010910020C 311C 301A 3018 3016 0414"
		"0102030405060708090A0B0C0D0E0F1011121314",
		PART_NONE, NULL},
	{"signing-certificate (v1) beside v2", ERR_CMS_ATTRIBUTES, 0, PART_A_MORE,
		"302B 060B2A864886F70D010910020C 311C 301A 3018 3016 0414"
		"0102030405060708090A0B0C0D0E0F1011121314",
		PART_NONE, NULL},
	{"signing-certificate-v2 of nothing", ERR_CMS_ATTRIBUTES, 0, PART_A_CERTIFICATE,
		"3013 060B2A864886F70D010910022F 3104 3002 3000", PART_NONE, NULL},
	{"signing-certificate-v2 empty", ERR_CMS_ATTRIBUTES, 0, PART_A_CERTIFICATE,
		"3011 060B2A864886F70D010910022F 3102 3000", PART_NONE, NULL},
	{"signing-certificate-v2 with SHA-1", ERR_CMS_ATTRIBUTES, 0, PART_A_CERTIFICATE,
		"3034 060B2A864886F70D010910022F 3125 3023 3021 301F 3007 06052B0E03021A 0414"
		"0102030405060708090A0B0C0D0E0F1011121314",
		PART_NONE, NULL},
	{"an unknown attribute", ERR_CMS_ATTRIBUTES, 0, PART_A_MORE,
		"300B 06052A03040506 3102 0500", PART_NONE, NULL},
	{"a signature policy", ERR_CMS_ATTRIBUTES, 0, PART_A_MORE,
		"3011 060B2A864886F70D010910020F 3102 0500", PART_NONE, NULL},
	{"an attribute that is no sequence", ERR_CMS_ATTRIBUTES, 0, PART_A_MORE, "3103020101",
		PART_NONE, NULL},
	{"a mime-type that is not DER", ERR_CMS_ATTRIBUTES, 0, PART_A_MORE,
		"300F 060604008D450201 3105 3080 0500 00", PART_NONE, NULL},
	{"an unsigned attribute", ERR_CMS_ATTRIBUTES, 0, PART_UNSIGNED,
		"A10D 300B 06052A03040506 3102 0500", PART_NONE, NULL},
	{"a counter signature", ERR_CMS_ATTRIBUTES, 0, PART_UNSIGNED,
		"A111 300F 06092A864886F70D010906 3102 3000", PART_NONE, NULL},
	{"a time stamp that nobody checks", ERR_CMS_ATTRIBUTES, 0, PART_UNSIGNED,
		"A113 3011 060B2A864886F70D010910020E 3102 3000", PART_NONE, NULL},
	{"an empty set of unsigned attributes", ERR_CMS_ATTRIBUTES, 0, PART_UNSIGNED, "A100",
		PART_NONE, NULL},
	{"protection of another algorithm", ERR_CMS_ATTRIBUTES, 0, PART_A_MORE,
		"302B 06092A864886F70D010934 311E 301C" SHA512_ID "A10D 06092A864886F70D0101010500",
		PART_NONE, NULL},

	{"message-digest of other bytes", ERR_CMS_DIGEST, 0, PART_A_DIGEST,
		"302F 06092A864886F70D010904 3122 0420"
		"0000000000000000000000000000000000000000000000000000000000000000",
		PART_NONE, NULL},
	{"message-digest too short", ERR_CMS_DIGEST, 0, PART_A_DIGEST,
		"3011 06092A864886F70D010904 3104 0402 0000", PART_NONE, NULL},
	{"message-digest empty", ERR_CMS_DIGEST, 0, PART_A_DIGEST,
		"300F 06092A864886F70D010904 3102 0400", PART_NONE, NULL},
	{"message-digest as text", ERR_CMS_ATTRIBUTES, 0, PART_A_DIGEST,
		"300F 06092A864886F70D010904 3102 0C00", PART_NONE, NULL},

	{"no certificates", ERR_CMS_CERTIFICATE, 0, PART_CERTIFICATES, EMPTY, PART_NONE, NULL},
	{"a certificate that is none", ERR_CMS_CERTIFICATE, 0, PART_CERTIFICATES,
		"A005 3003 020101", PART_NONE, NULL},
	{"the signer is somebody else", ERR_CMS_CERTIFICATE, 0, PART_IDENTIFIER, "3005 3000 020101",
		PART_NONE, NULL},
	{"a key identifier that is not the signer's", ERR_CMS_CERTIFICATE, 0, PART_IDENTIFIER,
		"8004DEADBEEF", PART_VERSION, "020103"},

	{"an empty signature", ERR_CMS_SIGNATURE, 0, PART_SIGNATURE, "0400", PART_NONE, NULL},
	{"a short signature", ERR_CMS_SIGNATURE, 0, PART_SIGNATURE, "0404DEADBEEF", PART_NONE,
		NULL},
	{"signed under the tag [0]", ERR_CMS_SIGNATURE, FORGE_SIGN_AS_TAGGED, PART_NONE, NULL,
		PART_NONE, NULL},
	{"PSS with another salt than written", ERR_CMS_SIGNATURE, FORGE_PSS | FORGE_SALT_MAX,
		PART_NONE, NULL, PART_NONE, NULL},
};

static void build_replaced(const struct replaced *r, struct bytes *cms)
{
	struct forge f;

	forge_start(&f, &rsa, "SHA256", content(), r->flags);
	if (r->part != PART_NONE)
		forge_set(&f, r->part, r->hex);
	if (r->second != PART_NONE)
		forge_set(&f, r->second, r->second_hex);
	/* A key identifier goes with version 3 in both places. */
	if (r->part == PART_IDENTIFIER && r->second == PART_VERSION)
		forge_set(&f, PART_SIGNER_VERSION, "020103");
	forge_build(&f, cms);
	forge_free(&f);
}

static void refuses_replaced_parts(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(replaced) / sizeof(*replaced); i++) {
		struct bytes cms = {0};
		enum err got;

		build_replaced(&replaced[i], &cms);
		got = verify(bytes_span(&cms), replaced[i].flags & FORGE_DETACHED);
		if (got != replaced[i].want) {
			print_error("%s: %s, not %s\n", replaced[i].what, error_symbol(got),
				error_symbol(replaced[i].want));
			wrong++;
		}
		bytes_free(&cms);
	}
	assert_int_equal(wrong, 0);
}

/* Everything consistent, with a digest that is not accepted. */
static void refuses_weak_digests(void **state)
{
	static const char *const digests[] = {
		"MD5", "SHA1", "SHA224", "RIPEMD160", "SHA3-256", "SHA512-256"};

	(void)state;
	for (size_t i = 0; i < sizeof(digests) / sizeof(*digests); i++) {
		struct forge f;
		struct bytes cms = {0};

		forge_start(&f, &rsa, digests[i], content(), 0);
		forge_build(&f, &cms);
		assert_int_equal(verify(bytes_span(&cms), false), ERR_CMS_ALGORITHM);
		forge_free(&f);
		bytes_free(&cms);
	}
}

/* Keys that may not sign: everything consistent but the key. */
static void refuses_weak_keys(void **state)
{
	static const char *const keys[] = {"rsa1024", "p224", "k256", "p256_explicit"};

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		struct pki weak;
		struct forge f;
		struct bytes cms = {0};

		pki_make_signer(&weak, keys[i], &root);
		forge_start(&f, &weak, "SHA256", content(), 0);
		forge_build(&f, &cms);
		assert_int_equal(verify(bytes_span(&cms), false), ERR_CERTIFICATE_KEY);
		forge_free(&f);
		bytes_free(&cms);
		pki_free(&weak);
	}
}

/* F. Strenzke's forgery: the attributes of a true signature become the content, and the attributes
 * are left out; the signature value holds over that. */
static void refuses_the_attributes_as_content(void **state)
{
	struct forge f, forgery;
	struct bytes cms = {0}, attributes = {0};
	struct verify_report report;
	struct span set[4];

	(void)state;
	forge_start(&f, &rsa, "SHA256", content(), FORGE_DETACHED);
	forge_build(&f, &cms);
	for (int i = 0; i < 4; i++)
		set[i] = bytes_span(&f.part[PART_A_TYPE + i]);
	der_put_set(&attributes, DER_SET, set, 4);
	for (int detached = 0; detached < 2; detached++) {
		forge_start(&forgery, &rsa, "SHA256", bytes_span(&attributes),
			FORGE_NO_ATTRIBUTES | (detached ? FORGE_DETACHED : 0u));
		forge_set_span(&forgery, PART_SIGNATURE, bytes_span(&f.part[PART_SIGNATURE]));
		bytes_clear(&cms);
		forge_build(&forgery, &cms);
		struct verify_request request = {.cms = bytes_span(&cms),
			.detached = detached,
			.content = bytes_span(&attributes),
			.at = PKI_NOW};
		assert_int_equal(verify_cms(&request, &report, NULL), ERR_CMS_ATTRIBUTES);
		assert_false(report.signature_valid);
		forge_free(&forgery);
	}
	forge_free(&f);
	bytes_free(&cms);
	bytes_free(&attributes);
}

static enum err build_and_verify(struct forge *f)
{
	struct bytes cms = {0};
	enum err result;

	forge_build(f, &cms);
	result = verify(bytes_span(&cms), f->flags & FORGE_DETACHED);
	forge_free(f);
	bytes_free(&cms);
	return result;
}

/* The given certificates under [0], in DER's order unless turned. */
static void set_certificates(struct forge *f, const struct pki *a, const struct pki *b, bool turned)
{
	struct bytes *out = &f->part[PART_CERTIFICATES];
	struct span one = bytes_span(&a->der), other = bytes_span(&b->der);
	bool swap = (der_order(one, other) > 0) != turned;
	size_t set;

	bytes_clear(out);
	set = der_begin(out);
	bytes_append(out, swap ? other : one);
	bytes_append(out, swap ? one : other);
	der_end(out, set, DER_CONTEXT_0);
}

static void refuses_certificates_that_do_not_belong(void **state)
{
	struct forge f;

	(void)state;
	forge_start(&f, &rsa, "SHA256", content(), 0);
	set_certificates(&f, &rsa, &root, false);
	assert_int_equal(build_and_verify(&f), ERR_CMS_CERTIFICATE);
	forge_start(&f, &rsa, "SHA256", content(), 0);
	set_certificates(&f, &rsa, &root, true);
	assert_int_equal(build_and_verify(&f), ERR_CMS_FORMAT);
	forge_start(&f, &rsa, "SHA256", content(), 0);
	set_certificates(&f, &rsa, &rsa, false);
	assert_int_equal(build_and_verify(&f), ERR_CMS_FORMAT);
	/* Only somebody else's inside. */
	forge_start(&f, &rsa, "SHA256", content(), 0);
	bytes_clear(&f.part[PART_CERTIFICATES]);
	der_put(&f.part[PART_CERTIFICATES], DER_CONTEXT_0, bytes_span(&rsa2.der));
	assert_int_equal(build_and_verify(&f), ERR_CMS_CERTIFICATE);
	/* signing-certificate-v2 names the other of two. */
	forge_start(&f, &rsa, "SHA256", content(), 0);
	set_certificates(&f, &rsa, &rsa2, false);
	bytes_clear(&f.part[PART_A_CERTIFICATE]);
	forge_put_signing_certificate(
		&f.part[PART_A_CERTIFICATE], bytes_span(&rsa2.der), (struct span){0});
	assert_int_equal(build_and_verify(&f), ERR_CMS_CERTIFICATE);
}

static enum err with_more_behind_the_hash(const char *hex)
{
	struct forge f;
	struct bytes more = {0};

	assert_true(hex_read(hex, &more));
	forge_start(&f, &rsa, "SHA256", content(), 0);
	bytes_clear(&f.part[PART_A_CERTIFICATE]);
	forge_put_signing_certificate(
		&f.part[PART_A_CERTIFICATE], bytes_span(&rsa.der), bytes_span(&more));
	bytes_free(&more);
	return build_and_verify(&f);
}

static void refuses_a_wrong_issuer_and_serial(void **state)
{
	(void)state;
	assert_int_equal(with_more_behind_the_hash(""), ERR_OK);
	assert_int_equal(
		with_more_behind_the_hash("3009 3004 A402 3000 020101"), ERR_CMS_CERTIFICATE);
	assert_int_equal(with_more_behind_the_hash("3000"), ERR_CMS_CERTIFICATE);
	assert_int_equal(with_more_behind_the_hash("0500"), ERR_CMS_ATTRIBUTES);
	assert_int_equal(with_more_behind_the_hash("3000 0500"), ERR_CMS_ATTRIBUTES);
}

/* SHA-256 is the DEFAULT of ESSCertIDv2: written out without parameters it is not DER. */
static void refuses_a_default_that_is_written(void **state)
{
	static const struct {
		const char *algorithm;
		enum err want;
	} cases[] = {
		{"300B0609608648016503040201", ERR_CMS_ATTRIBUTES},
		{"300D06096086480165030402010500", ERR_OK},
		{"", ERR_OK},
	};
	uint8_t hash[EVP_MAX_MD_SIZE];

	(void)state;
	forge_digest("SHA256", bytes_span(&rsa.der), hash);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct bytes value = {0}, *attribute;
		struct forge f;
		size_t at;

		forge_start(&f, &rsa, "SHA256", content(), 0);
		assert_true(hex_read(cases[i].algorithm, &value));
		der_put(&value, DER_OCTET_STRING, span_of(hash, 32));
		for (int depth = 0; depth < 3; depth++)
			der_end(&value, 0, DER_SEQUENCE);
		der_end(&value, 0, DER_SET);
		attribute = &f.part[PART_A_CERTIFICATE];
		bytes_clear(attribute);
		at = der_begin(attribute);
		der_put(attribute, DER_OID, OID_SMIME_AA(47));
		bytes_append(attribute, bytes_span(&value));
		der_end(attribute, at, DER_SEQUENCE);
		assert_int_equal(build_and_verify(&f), cases[i].want);
		bytes_free(&value);
	}
}

static void refuses_another_keys_signature(void **state)
{
	struct forge f;

	(void)state;
	forge_start(&f, &rsa, "SHA256", content(), 0);
	f.key = rsa2.key;
	assert_int_equal(build_and_verify(&f), ERR_CMS_SIGNATURE);
	/* The other's certificate in place of the signer's, too. */
	forge_start(&f, &rsa2, "SHA256", content(), 0);
	f.key = rsa.key;
	assert_int_equal(build_and_verify(&f), ERR_CMS_SIGNATURE);
	/* A signature over the content in place of the attributes. */
	forge_start(&f, &rsa, "SHA256", content(), FORGE_NO_ATTRIBUTES);
	struct bytes cms = {0};
	forge_build(&f, &cms);
	f.flags = 0;
	bytes_free(&cms);
	assert_int_equal(build_and_verify(&f), ERR_CMS_SIGNATURE);
}

/* ECDSA: raw r and s, and DER with a byte too many, are no Ecdsa-Sig-Value in DER. */
static void refuses_other_forms_of_ecdsa(void **state)
{
	struct forge f;
	struct bytes cms = {0}, value = {0};
	struct span signature, rs;

	(void)state;
	forge_start(&f, &p256, "SHA256", content(), 0);
	forge_build(&f, &cms);
	assert_true(der_only(bytes_span(&f.part[PART_SIGNATURE]), DER_OCTET_STRING, &signature));
	bytes_append(&value, signature);
	bytes_append_byte(&value, 0);
	bytes_clear(&f.part[PART_SIGNATURE]);
	der_put(&f.part[PART_SIGNATURE], DER_OCTET_STRING, bytes_span(&value));
	bytes_clear(&cms);
	forge_build(&f, &cms);
	assert_int_equal(verify(bytes_span(&cms), false), ERR_CMS_SIGNATURE);
	assert_true(der_only(signature.n ? span_first(bytes_span(&value), value.n - 1) : signature,
		DER_SEQUENCE, &rs));
	bytes_clear(&f.part[PART_SIGNATURE]);
	der_put(&f.part[PART_SIGNATURE], DER_OCTET_STRING, rs);
	bytes_clear(&cms);
	forge_build(&f, &cms);
	assert_int_equal(verify(bytes_span(&cms), false), ERR_CMS_SIGNATURE);
	forge_free(&f);
	bytes_free(&cms);
	bytes_free(&value);
}

static void refuses_two_signers(void **state)
{
	struct forge f, other;
	struct bytes cms = {0};
	struct span rest, info, data, signers;

	(void)state;
	/* The one SignerInfo of another good signature as the second one. */
	forge_start(&other, &rsa2, "SHA256", content(), 0);
	forge_build(&other, &cms);
	rest = bytes_span(&cms);
	assert_true(der_only(rest, DER_SEQUENCE, &info));
	assert_true(der_take(&info, DER_OID, NULL) && der_only(info, DER_CONTEXT_0, &data));
	assert_true(der_only(data, DER_SEQUENCE, &data));
	for (struct der element; der_next(&data, &element);)
		signers = element.value;
	forge_start(&f, &rsa, "SHA256", content(), 0);
	forge_set_span(&f, PART_SIGNERS, signers);
	assert_int_equal(build_and_verify(&f), ERR_CMS_FORMAT);
	forge_free(&other);
	bytes_free(&cms);
}

static void refuses_what_is_not_der(void **state)
{
	static const char *const cases[] = {"", "30", "3000", "3080", "30800000", "0500", "A000",
		"308006092A864886F70D010702A0800000 0000",
		"2D2D2D2D2D424547494E20434D532D2D2D2D2D0A"};
	struct forge f;
	struct bytes cms = {0}, longer = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct bytes one = {0};

		assert_true(hex_read(cases[i], &one));
		assert_int_equal(verify(bytes_span(&one), false), ERR_CMS_FORMAT);
		bytes_free(&one);
	}
	/* A length in more bytes than it takes, and the indefinite form. */
	forge_start(&f, &rsa, "SHA256", content(), 0);
	forge_build(&f, &cms);
	assert_int_equal(cms.at[1], 0x82);
	assert_true(hex_read("308300", &longer));
	bytes_append(&longer, span_from(bytes_span(&cms), 2));
	assert_int_equal(verify(bytes_span(&longer), false), ERR_CMS_FORMAT);
	bytes_clear(&longer);
	assert_true(hex_read("3080", &longer));
	bytes_append(&longer, span_from(bytes_span(&cms), 4));
	assert_true(hex_read("0000", &longer));
	assert_int_equal(verify(bytes_span(&longer), false), ERR_CMS_FORMAT);
	forge_free(&f);
	bytes_free(&cms);
	bytes_free(&longer);
}

static void refuses_too_much_beside_the_content(void **state)
{
	struct bytes junk = {0}, certificates = {0};
	struct forge f;

	(void)state;
	while (junk.n < CMS_STRUCTURE_MAX)
		bytes_append_text(&junk, "\x05");
	forge_start(&f, &rsa, "SHA256", content(), 0);
	der_put(&certificates, DER_SEQUENCE, bytes_span(&junk));
	bytes_append(&certificates, bytes_span(&rsa.der));
	bytes_clear(&f.part[PART_CERTIFICATES]);
	der_put(&f.part[PART_CERTIFICATES], DER_CONTEXT_0, bytes_span(&certificates));
	assert_int_equal(build_and_verify(&f), ERR_CMS_FORMAT);
	bytes_free(&junk);
	bytes_free(&certificates);
}

/* The certificate is right in form, and may not sign. */
static void refuses_certificates_that_may_not_sign(void **state)
{
	static const struct {
		struct pki_spec spec;
		enum err want;
		enum err want_of_any;
	} cases[] = {
		{{.to = PKI_NOW - 1}, ERR_CERTIFICATE_EXPIRED, ERR_CERTIFICATE_EXPIRED},
		{{.to = PKI_NOW}, ERR_OK, ERR_OK},
		{{.from = PKI_NOW + 1}, ERR_CERTIFICATE_FUTURE, ERR_CERTIFICATE_FUTURE},
		{{.from = PKI_NOW}, ERR_OK, ERR_OK},
		{{.usage = "critical,digitalSignature"}, ERR_CERTIFICATE_USAGE, ERR_OK},
		{{.usage = "critical,keyEncipherment"}, ERR_CERTIFICATE_USAGE, ERR_OK},
		{{.usage = ""}, ERR_CERTIFICATE_USAGE, ERR_OK},
		{{.statements = {""}}, ERR_CERTIFICATE_NOT_QUALIFIED, ERR_OK},
		{{.statements = {PKI_OID_ETSI}}, ERR_CERTIFICATE_NOT_QUALIFIED, ERR_OK},
		{{.statements = {PKI_OID_BTK}}, ERR_CERTIFICATE_NOT_QUALIFIED, ERR_OK},
		{{.statements = {PKI_OID_ETSI, PKI_OID_BTK_NEWER}}, ERR_OK, ERR_OK},
		{{.policy = ""}, ERR_CERTIFICATE_NOT_QUALIFIED, ERR_OK},
		{{.extended_usage = "clientAuth"}, ERR_OK, ERR_OK},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct verify_request request = {.content = content(), .at = PKI_NOW};
		struct verify_report report;
		struct pki signer;
		struct bytes cms = {0};

		pki_make(&signer, &cases[i].spec, &root);
		assert_int_equal(
			pki_make_cms(&signer, (struct cades_request){0}, content(), &cms, NULL),
			ERR_OK);
		request.cms = bytes_span(&cms);
		assert_int_equal(verify_cms(&request, &report, NULL), cases[i].want);
		assert_true(report.signature_valid);
		request.any_certificate = true;
		assert_int_equal(verify_cms(&request, &report, NULL), cases[i].want_of_any);
		bytes_free(&cms);
		pki_free(&signer);
	}
}

/* A caller that forgets the content gets no: only what is said to be any content is any. */
static void refuses_a_content_that_is_not_asked_for(void **state)
{
	struct bytes cms = {0};
	struct verify_report report;

	(void)state;
	assert_int_equal(
		pki_make_cms(&rsa, (struct cades_request){0}, content(), &cms, NULL), ERR_OK);
	struct verify_request request = {.cms = bytes_span(&cms), .at = PKI_NOW};
	assert_int_equal(verify_cms(&request, &report, NULL), ERR_CMS_CONTENT);
	request.any_content = true;
	assert_int_equal(verify_cms(&request, &report, NULL), ERR_OK);
	assert_true(span_equal(report.content, content()));
	bytes_free(&cms);
}

static void refuses_a_signing_time_outside(void **state)
{
	struct bytes cms = {0};
	struct verify_report report;

	(void)state;
	assert_int_equal(
		pki_make_cms(&rsa, (struct cades_request){0}, content(), &cms, NULL), ERR_OK);
	for (int i = -2; i <= 2; i++) {
		struct verify_request request = {.cms = bytes_span(&cms),
			.content = content(),
			.at = PKI_NOW,
			.signing_time_from = PKI_NOW + i - 1,
			.signing_time_to = PKI_NOW + i + 1};

		assert_int_equal(verify_cms(&request, &report, NULL),
			i < -1 || i > 1 ? ERR_CMS_TIME : ERR_OK);
	}
	bytes_free(&cms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_what_is_right),
		cmocka_unit_test(accepts_attributes_that_are_understood),
		cmocka_unit_test(refuses_replaced_parts),
		cmocka_unit_test(refuses_weak_digests),
		cmocka_unit_test(refuses_weak_keys),
		cmocka_unit_test(refuses_the_attributes_as_content),
		cmocka_unit_test(refuses_certificates_that_do_not_belong),
		cmocka_unit_test(refuses_a_wrong_issuer_and_serial),
		cmocka_unit_test(refuses_a_default_that_is_written),
		cmocka_unit_test(refuses_another_keys_signature),
		cmocka_unit_test(refuses_other_forms_of_ecdsa),
		cmocka_unit_test(refuses_two_signers),
		cmocka_unit_test(refuses_what_is_not_der),
		cmocka_unit_test(refuses_too_much_beside_the_content),
		cmocka_unit_test(refuses_certificates_that_may_not_sign),
		cmocka_unit_test(refuses_a_content_that_is_not_asked_for),
		cmocka_unit_test(refuses_a_signing_time_outside),
	};

	return cmocka_run_group_tests(tests, make_pki, free_pki);
}

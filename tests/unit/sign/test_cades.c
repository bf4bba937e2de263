#include "unit.h"

#include "sign/pki.h"
#include "sign/verify.h"

static struct pki root;

static int make_root(void **state)
{
	(void)state;
	pki_make_root(&root);
	return 0;
}

static int free_root(void **state)
{
	(void)state;
	pki_free(&root);
	return 0;
}

/* Every kind of key that a card may have, and what is chosen for it. */
static const struct kind {
	const char *key;
	bool pss;
	enum digest asked;
	enum signature_scheme scheme;
	enum digest digest;
} kinds[] = {
	{"rsa2048", false, DIGEST_NONE, SCHEME_RSA_PKCS1, DIGEST_SHA256},
	{"rsa3072", false, DIGEST_SHA512, SCHEME_RSA_PKCS1, DIGEST_SHA512},
	{"rsa4096", false, DIGEST_SHA384, SCHEME_RSA_PKCS1, DIGEST_SHA384},
	{"rsa2048", true, DIGEST_NONE, SCHEME_RSA_PSS, DIGEST_SHA256},
	{"rsa2048", true, DIGEST_SHA512, SCHEME_RSA_PSS, DIGEST_SHA512},
	{"rsapss", false, DIGEST_NONE, SCHEME_RSA_PSS, DIGEST_SHA256},
	{"rsapss384", false, DIGEST_NONE, SCHEME_RSA_PSS, DIGEST_SHA384},
	{"p256", false, DIGEST_NONE, SCHEME_ECDSA, DIGEST_SHA256},
	{"p384", false, DIGEST_NONE, SCHEME_ECDSA, DIGEST_SHA384},
	{"p521", false, DIGEST_NONE, SCHEME_ECDSA, DIGEST_SHA512},
	{"p256", false, DIGEST_SHA512, SCHEME_ECDSA, DIGEST_SHA512},
};

static void check_kind(const struct kind *kind, bool detached)
{
	struct span content = span_text("Sözleşme metni");
	struct cades_request request = {
		.pss = kind->pss, .digest = kind->asked, .detached = detached};
	struct verify_report report;
	struct bytes cms = {0};
	struct error e = {0};
	struct pki signer;

	pki_make_signer(&signer, kind->key, &root);
	assert_int_equal(pki_make_cms(&signer, request, content, &cms, &e), ERR_OK);
	struct verify_request verify = {
		.cms = bytes_span(&cms), .detached = detached, .content = content, .at = PKI_NOW};
	assert_int_equal(verify_cms(&verify, &report, &e), ERR_OK);
	assert_int_equal(report.scheme, kind->scheme);
	assert_int_equal(report.digest, kind->digest);
	assert_int_equal(report.signing_time, PKI_NOW);
	assert_true(report.signature_valid);
	assert_int_equal(report.chain, VERIFY_CHAIN_NOT_CHECKED);
	assert_string_equal(report.signer.tckn, PKI_TCKN);
	assert_true(span_equal(report.certificate, bytes_span(&signer.der)));
	if (!detached)
		assert_true(span_equal(report.content, content));
	bytes_free(&cms);
	pki_free(&signer);
}

static void every_kind_of_key_attached(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		check_kind(&kinds[i], false);
}

static void every_kind_of_key_detached(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		check_kind(&kinds[i], true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_key_attached),
		cmocka_unit_test(every_kind_of_key_detached),
	};

	return cmocka_run_group_tests(tests, make_root, free_root);
}

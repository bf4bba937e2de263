/* Chains to trusted roots, good and bad; and what a trust file may be. */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "sign/pki.h"
#include "sign/verify.h"

#define TEMPLATE "/tmp/eonay-chain.XXXXXX"

/* root -> sub -> signer */
static struct pki root, sub, signer, stranger;

static int make_pki(void **state)
{
	(void)state;
	pki_make_root(&root);
	pki_make(&sub, &(struct pki_spec){.ca = true, .key = "rsa_sub", .name = "Alt ESHS"}, &root);
	pki_make_signer(&signer, "rsa2048", &sub);
	pki_make(&stranger, &(struct pki_spec){.ca = true, .key = "p384", .name = "Yabancı"}, NULL);
	return 0;
}

static int free_pki(void **state)
{
	(void)state;
	pki_free(&root);
	pki_free(&sub);
	pki_free(&signer);
	pki_free(&stranger);
	return 0;
}

static struct trust *trust_in(const struct pki *a, const struct pki *b)
{
	const struct pki *both[] = {a, b};
	char path[] = TEMPLATE;
	struct trust *t = NULL;

	pki_write_pem(path, both, b ? 2 : 1);
	assert_int_equal(trust_read_file(path, &t, NULL), ERR_OK);
	unlink(path);
	return t;
}

static enum err chain(const struct pki *a, const struct pki *b, const struct pki *leaf,
	const struct pki *beside, int64_t at)
{
	struct trust *t = trust_in(a, b);
	struct span one = beside ? bytes_span(&beside->der) : (struct span){0};
	struct error e = {0};
	enum err result =
		certificate_chain(t, bytes_span(&leaf->der), &one, beside ? 1 : 0, at, &e);

	assert_int_equal(e.code, result);
	if (result)
		assert_true(*e.where);
	trust_free(t);
	return result;
}

static void builds_a_chain(void **state)
{
	(void)state;
	assert_int_equal(chain(&root, &sub, &signer, NULL, PKI_NOW), ERR_OK);
	assert_int_equal(chain(&sub, &root, &signer, NULL, PKI_NOW), ERR_OK);
	assert_int_equal(chain(&root, NULL, &signer, &sub, PKI_NOW), ERR_OK);
}

static void wants_a_whole_chain(void **state)
{
	(void)state;
	assert_int_equal(chain(&root, NULL, &signer, NULL, PKI_NOW), ERR_CERTIFICATE_ISSUER);
	assert_int_equal(chain(&stranger, NULL, &signer, &sub, PKI_NOW), ERR_CERTIFICATE_ISSUER);
	/* An intermediate alone is no end of a chain. */
	assert_int_equal(chain(&stranger, &sub, &signer, NULL, PKI_NOW), ERR_CERTIFICATE_ISSUER);
	/* A root that only the message brings is not trusted. */
	assert_int_equal(chain(&stranger, &sub, &signer, &root, PKI_NOW), ERR_CERTIFICATE_ISSUER);
}

static void judges_at_the_time_asked(void **state)
{
	struct pki leaf;

	(void)state;
	pki_make(&leaf, &(struct pki_spec){.from = PKI_NOW, .to = PKI_NOW + 10}, &sub);
	assert_int_equal(chain(&root, &sub, &leaf, NULL, PKI_NOW - 1), ERR_CERTIFICATE_FUTURE);
	assert_int_equal(chain(&root, &sub, &leaf, NULL, PKI_NOW), ERR_OK);
	/* OpenSSL takes the last second itself for expired. */
	assert_int_equal(chain(&root, &sub, &leaf, NULL, PKI_NOW + 9), ERR_OK);
	assert_int_equal(chain(&root, &sub, &leaf, NULL, PKI_NOW + 11), ERR_CERTIFICATE_EXPIRED);
	assert_int_equal(chain(&root, &sub, &signer, NULL, PKI_TO + 1), ERR_CERTIFICATE_ISSUER);
	pki_free(&leaf);
}

/* The issuer between root and signer is wrong in one respect. */
static void refuses_bad_issuers(void **state)
{
	static const struct pki_spec cases[] = {
		{.constraints = "critical,CA:FALSE"},
		{.constraints = ""},
		{.usage = "critical,cRLSign"},
		{.usage = ""},
		{.usage = "critical,digitalSignature,nonRepudiation"},
		{.to = PKI_NOW - 1},
		{.from = PKI_NOW + 1},
		{.digest = "SHA1"},
		{.digest = "MD5"},
		{.key = "rsa1024"},
		{.extension = "1.2.3.4=critical,DER:0500"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pki_spec spec = cases[i];
		struct pki bad, leaf;

		spec.ca = true;
		spec.name = "Bozuk ESHS";
		if (!spec.key)
			spec.key = "rsa_sub";
		pki_make(&bad, &spec, &root);
		pki_make_signer(&leaf, "p256", &bad);
		assert_int_equal(chain(&root, &bad, &leaf, NULL, PKI_NOW), ERR_CERTIFICATE_ISSUER);
		assert_int_equal(chain(&root, NULL, &leaf, &bad, PKI_NOW), ERR_CERTIFICATE_ISSUER);
		pki_free(&bad);
		pki_free(&leaf);
	}
}

static void refuses_weak_signatures_on_the_signer(void **state)
{
	static const char *const digests[] = {"SHA1", "MD5"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct pki leaf;

		pki_make(&leaf, &(struct pki_spec){.digest = digests[i]}, &sub);
		assert_int_equal(chain(&root, &sub, &leaf, NULL, PKI_NOW), ERR_CERTIFICATE_ISSUER);
		pki_free(&leaf);
	}
}

static void bears_unusual_but_good_certificates(void **state)
{
	static const struct pki_spec cases[] = {
		{.pss = true},
		{.digest = "SHA384"},
		{.extended_usage = "clientAuth"},
		{.extended_usage = "critical,1.2.3.4"},
		{.key = "p384"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pki leaf;

		pki_make(&leaf, &cases[i], &sub);
		assert_int_equal(chain(&root, &sub, &leaf, NULL, PKI_NOW), ERR_OK);
		pki_free(&leaf);
	}
}

static void keeps_the_path_length(void **state)
{
	struct pki limited, below, leaf;

	(void)state;
	pki_make(&limited,
		&(struct pki_spec){.ca = true,
			.key = "rsa_sub",
			.name = "Sınırlı ESHS",
			.constraints = "critical,CA:TRUE,pathlen:0"},
		&root);
	pki_make(
		&below, &(struct pki_spec){.ca = true, .key = "p256", .name = "Alttaki"}, &limited);
	pki_make_signer(&leaf, "rsa2048", &below);
	assert_int_equal(chain(&root, &limited, &leaf, &below, PKI_NOW), ERR_CERTIFICATE_ISSUER);
	pki_free(&limited);
	pki_free(&below);
	pki_free(&leaf);
}

static void a_signer_is_no_issuer(void **state)
{
	struct pki leaf;

	(void)state;
	pki_make_signer(&leaf, "p256", &signer);
	assert_int_equal(chain(&root, &sub, &leaf, &signer, PKI_NOW), ERR_CERTIFICATE_ISSUER);
	pki_free(&leaf);
}

static enum err read_text(const char *text)
{
	char path[] = TEMPLATE;
	int fd = mkstemp(path);
	struct trust *t;
	struct error e = {0};
	enum err result;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	result = trust_read_file(path, &t, &e);
	assert_int_equal(e.code, result);
	trust_free(t);
	unlink(path);
	return result;
}

static void refuses_files_without_certificates(void **state)
{
	struct trust *t;
	struct error e;

	(void)state;
	assert_int_equal(trust_read_file("/nonexistent/ca.pem", &t, &e), ERR_FILE_READ);
	assert_null(t);
	assert_non_null(strstr(e.where, "/nonexistent/ca.pem"));
	assert_int_equal(trust_read_file("/tmp", &t, &e), ERR_TRUST_FILE);
	assert_int_equal(read_text(""), ERR_TRUST_FILE);
	assert_int_equal(read_text("no certificate\n"), ERR_TRUST_FILE);
	assert_int_equal(
		read_text("-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n"),
		ERR_TRUST_FILE);
	/* Locked with a pass phrase: nobody is asked for it. */
	assert_int_equal(read_text("-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
				   "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
				   "AAAAAAAAAAAAAAAAAAAAAA==\n-----END CERTIFICATE-----\n"),
		ERR_TRUST_FILE);
}

/* The same through verify_cms(): which certificates inside are let be, and what report.chain tells. */
static enum err verify(
	const struct pki *a, const struct pki *b, const struct bytes *cms, enum verify_chain *told)
{
	struct trust *t = a ? trust_in(a, b) : NULL;
	struct verify_request request = {
		.cms = bytes_span(cms), .any_content = true, .trust = t, .at = PKI_NOW};
	struct verify_report report;
	enum err result = verify_cms(&request, &report, NULL);

	assert_true(report.signature_valid);
	*told = report.chain;
	trust_free(t);
	return result;
}

static void verifies_with_a_chain(void **state)
{
	struct span further = bytes_span(&sub.der);
	struct cades_request with_issuer = {.further = &further, .further_count = 1};
	struct bytes alone = {0}, together = {0};
	enum verify_chain told;

	(void)state;
	assert_int_equal(
		pki_make_cms(&signer, (struct cades_request){0}, span_text("x"), &alone, NULL),
		ERR_OK);
	assert_int_equal(
		pki_make_cms(&signer, with_issuer, span_text("x"), &together, NULL), ERR_OK);
	assert_int_equal(verify(NULL, NULL, &alone, &told), ERR_OK);
	assert_int_equal(told, VERIFY_CHAIN_NOT_CHECKED);
	assert_int_equal(verify(&root, &sub, &alone, &told), ERR_OK);
	assert_int_equal(told, VERIFY_CHAIN_TRUSTED);
	assert_int_equal(verify(&root, NULL, &alone, &told), ERR_CERTIFICATE_ISSUER);
	assert_int_equal(told, VERIFY_CHAIN_UNTRUSTED);
	assert_int_equal(verify(&root, NULL, &together, &told), ERR_OK);
	assert_int_equal(told, VERIFY_CHAIN_TRUSTED);
	assert_int_equal(verify(&stranger, NULL, &together, &told), ERR_CERTIFICATE_ISSUER);
	bytes_free(&alone);
	bytes_free(&together);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builds_a_chain),
		cmocka_unit_test(wants_a_whole_chain),
		cmocka_unit_test(judges_at_the_time_asked),
		cmocka_unit_test(refuses_bad_issuers),
		cmocka_unit_test(refuses_weak_signatures_on_the_signer),
		cmocka_unit_test(bears_unusual_but_good_certificates),
		cmocka_unit_test(keeps_the_path_length),
		cmocka_unit_test(a_signer_is_no_issuer),
		cmocka_unit_test(refuses_files_without_certificates),
		cmocka_unit_test(verifies_with_a_chain),
	};

	return cmocka_run_group_tests(tests, make_pki, free_pki);
}

/* Revocation lists made by OpenSSL, right ones and ones that are wrong in one respect. */
#include "unit.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/load.h"
#include "sign/pki.h"
#include "sign/revocation.h"

#define URL "http://ca.example/list.crl"

/* root -> ca -> signer, listed; no_list is a CA that may not sign lists. */
static struct pki root, ca, other, no_list, signer, listed, pointed;

/* What a list says. Zero and NULL stand for a right one, of the CA, that lists listed. */
struct says {
	const struct pki *by;     /* whose key signs */
	const struct pki *issuer; /* whose name is in it */
	const char *digest;
	int64_t from, to; /* seconds from PKI_NOW; 0: an hour before and after */
	bool no_next, version_1;
	int reason;                              /* -1: none */
	const char *extension, *entry_extension; /* "name=value" as in openssl.cnf */
};

static int make_all(void **state)
{
	(void)state;
	pki_make_root(&root);
	pki_make(&ca, &(struct pki_spec){.ca = true, .key = "p256", .name = "Alt ESHS"}, &root);
	pki_make(
		&other, &(struct pki_spec){.ca = true, .key = "p384", .name = "Başka ESHS"}, &root);
	pki_make(&no_list,
		&(struct pki_spec){.ca = true,
			.key = "p384",
			.name = "Alt ESHS",
			.usage = "critical,keyCertSign"},
		&root);
	pki_make_signer(&signer, "p256", &ca);
	pki_make_signer(&listed, "p256", &ca);
	pki_make(&pointed,
		&(struct pki_spec){.key = "p256", .extension = "crlDistributionPoints=URI:" URL},
		&ca);
	return 0;
}

static int free_all(void **state)
{
	struct pki *const all[] = {&root, &ca, &other, &no_list, &signer, &listed, &pointed};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		pki_free(all[i]);
	return 0;
}

static X509_EXTENSION *extension_of(const char *text, X509_CRL *list)
{
	char name[64];
	const char *equals = strchr(text, '=');
	X509V3_CTX context;
	X509_EXTENSION *extension;
	CONF *conf = NCONF_new(NULL);

	snprintf(name, sizeof(name), "%.*s", (int)(equals - text), text);
	X509V3_set_ctx(&context, ca.x, NULL, NULL, list, 0);
	X509V3_set_nconf(&context, conf);
	extension = X509V3_EXT_conf(NULL, &context, name, equals + 1);
	assert_non_null(extension);
	NCONF_free(conf);
	return extension;
}

static void add_entry(X509_CRL *list, const struct says *s, const struct pki *about)
{
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_TIME *time = ASN1_TIME_set(NULL, PKI_NOW - 5000);
	ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();

	X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(about->x));
	X509_REVOKED_set_revocationDate(entry, time);
	ASN1_ENUMERATED_set(reason, s->reason);
	if (s->reason >= 0)
		assert_int_equal(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0), 1);
	if (s->entry_extension) {
		X509_EXTENSION *extension = extension_of(s->entry_extension, list);

		X509_REVOKED_add_ext(entry, extension, -1);
		X509_EXTENSION_free(extension);
	}
	assert_int_equal(X509_CRL_add0_revoked(list, entry), 1);
	ASN1_ENUMERATED_free(reason);
	ASN1_TIME_free(time);
}

static void make(const struct says *s, struct bytes *out)
{
	const struct pki *by = s->by ? s->by : &ca;
	X509_CRL *list = X509_CRL_new();
	ASN1_TIME *time = ASN1_TIME_set(NULL, PKI_NOW + (s->from ? s->from : -3600));
	uint8_t *der = NULL;
	int n;

	if (!s->version_1)
		X509_CRL_set_version(list, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(list, X509_get_subject_name((s->issuer ? s->issuer : by)->x));
	X509_CRL_set1_lastUpdate(list, time);
	ASN1_TIME_set(time, PKI_NOW + (s->to ? s->to : 3600));
	if (!s->no_next)
		X509_CRL_set1_nextUpdate(list, time);
	add_entry(list, s, &listed);
	if (s->extension) {
		X509_EXTENSION *extension = extension_of(s->extension, list);

		X509_CRL_add_ext(list, extension, -1);
		X509_EXTENSION_free(extension);
	}
	assert_true(X509_CRL_sign(list, by->key,
			    EVP_get_digestbyname(s->digest ? s->digest : "SHA256")) > 0);
	n = i2d_X509_CRL(list, &der);
	bytes_append(out, span_of(der, (size_t)n));
	OPENSSL_free(der);
	ASN1_TIME_free(time);
	X509_CRL_free(list);
}

static enum err look_up(const struct pki *about, const struct pki *issuer, const struct says *s,
	struct revocation_verdict *v)
{
	struct revocation_question q = {.certificate = bytes_span(&about->der),
		.issuer = bytes_span(&issuer->der),
		.at = PKI_NOW,
		.clock_s = 60};
	struct bytes list = {0};
	struct error e = {0};
	enum err code;

	make(s, &list);
	code = revocation_check_list(&q, bytes_span(&list), v, &e);
	assert_int_equal(e.code, code);
	if (code)
		assert_int_equal(v->status, REVOCATION_UNKNOWN);
	bytes_free(&list);
	return code;
}

static void what_is_listed_is_found(void **state)
{
	static const struct {
		int reason;
		enum revocation_status want;
	} cases[] = {{1, REVOCATION_REVOKED}, {6, REVOCATION_SUSPENDED}, {-1, REVOCATION_REVOKED},
		{8, REVOCATION_GOOD} /* removeFromCRL */};
	struct revocation_verdict v;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct says s = {.reason = cases[i].reason};

		assert_int_equal(look_up(&listed, &ca, &s, &v), ERR_OK);
		assert_int_equal(v.status, cases[i].want);
		assert_int_equal(v.this_update, PKI_NOW - 3600);
		assert_int_equal(v.next_update, PKI_NOW + 3600);
		if (cases[i].want != REVOCATION_GOOD) {
			assert_int_equal(v.reason, cases[i].reason);
			assert_int_equal(v.revoked_at, PKI_NOW - 5000);
		}
		assert_int_equal(look_up(&signer, &ca, &s, &v), ERR_OK);
		assert_int_equal(v.status, REVOCATION_GOOD);
	}
}

static void lists_that_count(void **state)
{
	static const struct says cases[] = {
		{.extension = "2.5.29.20=DER:020107"},
		{.extension = "authorityKeyIdentifier=keyid"},
		{.extension = "1.2.3.4=DER:0500"},
		{.extension = "issuingDistributionPoint=critical,onlyuser:TRUE"},
		{.from = 30},
		{.digest = "SHA512"},
	};
	struct revocation_verdict v;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(look_up(&signer, &ca, &cases[i], &v), ERR_OK);
		assert_int_equal(v.status, REVOCATION_GOOD);
	}
}

static void lists_that_do_not(void **state)
{
	static const struct says cases[] = {
		{.by = &other},
		{.by = &other, .issuer = &ca},
		{.by = &ca, .issuer = &other},
		{.digest = "SHA1"},
		{.version_1 = true},
		{.no_next = true},
		{.to = -1},
		{.from = 61},
		{.extension = "1.2.3.4=critical,DER:0500"},
		{.entry_extension = "1.2.3.4=critical,DER:0500"},
		{.extension = "2.5.29.27=critical,DER:020105"},
		{.extension = "2.5.29.27=DER:020105"},
		{.extension = "issuingDistributionPoint=critical,indirectCRL:TRUE"},
		{.extension = "issuingDistributionPoint=critical,onlyCA:TRUE"},
		{.extension = "issuingDistributionPoint=critical,onlyAA:TRUE"},
		{.extension = "issuingDistributionPoint=critical,onlysomereasons:keyCompromise"},
		{.extension = "issuingDistributionPoint=critical,fullname:URI:" URL},
	};
	struct revocation_verdict v;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(look_up(&signer, &ca, &cases[i], &v), ERR_REVOCATION_ANSWER);
	assert_int_equal(look_up(&signer, &no_list, &(struct says){.by = &no_list}, &v),
		ERR_REVOCATION_ANSWER);
	/* A list in parts is the one that the certificate points to. */
	assert_int_equal(look_up(&pointed, &ca, &cases[16], &v), ERR_OK);
	assert_int_equal(
		look_up(&signer, &other, &(struct says){.by = &other}, &v), ERR_CERTIFICATE);
}

static void no_bit_may_change(void **state)
{
	struct revocation_question q = {.certificate = bytes_span(&listed.der),
		.issuer = bytes_span(&ca.der),
		.at = PKI_NOW};
	struct revocation_verdict v;
	struct bytes list = {0};
	unsigned accepted = 0;

	(void)state;
	make(&(struct says){.reason = 6, .extension = "2.5.29.20=DER:020107"}, &list);
	assert_int_equal(revocation_check_list(&q, bytes_span(&list), &v, NULL), ERR_OK);
	for (size_t bit = 0; bit < 8 * list.n; bit += test_stride()) {
		list.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
		accepted += revocation_check_list(&q, bytes_span(&list), &v, NULL) == ERR_OK;
		list.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t n = 0; n < list.n; n++)
		accepted += revocation_check_list(&q, span_first(bytes_span(&list), n), &v, NULL) ==
			    ERR_OK;
	bytes_append_byte(&list, 0);
	accepted += revocation_check_list(&q, bytes_span(&list), &v, NULL) == ERR_OK;
	assert_int_equal(accepted, 0);
	bytes_free(&list);
}

/* A list made by `openssl ca`. */
static void openssl_ca_lists(void **state)
{
	struct revocation_question q = {
		.certificate = bytes_span(&listed.der), .issuer = bytes_span(&ca.der)};
	struct revocation_verdict v;
	struct bytes der = {0};
	FILE *f = fopen("crl_ca.pem", "w");
	char *hex;
	BIGNUM *number;

	(void)state;
	assert_non_null(f);
	PEM_write_X509(f, ca.x);
	PEM_write_PrivateKey(f, ca.key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
	number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(listed.x), NULL);
	hex = BN_bn2hex(number);
	f = fopen("crl_index.txt", "w");
	fprintf(f, "R\t491231235959Z\t260101000000Z,certificateHold\t%s\tunknown\t/CN=x\n", hex);
	fclose(f);
	f = fopen("crl.cnf", "w");
	fprintf(f, "[ca]\ndefault_ca=x\n[x]\ndatabase=crl_index.txt\ncertificate=crl_ca."
		   "pem\nprivate_key=crl_ca.pem\n"
		   "default_md=sha384\ndefault_crl_days=2\ncrl_extensions=e\n[e]"
		   "\nauthorityKeyIdentifier=keyid\n");
	fclose(f);
	assert_int_equal(system("openssl ca -config crl.cnf -gencrl -out crl.pem >/dev/null 2>&1 &&"
				" openssl crl -in crl.pem -outform DER -out crl.der"),
		0);
	assert_int_equal(load_file("crl.der", REVOCATION_LIST_MAX, &der, NULL), ERR_OK);
	q.at = time(NULL);
	assert_int_equal(revocation_check_list(&q, bytes_span(&der), &v, NULL), ERR_OK);
	assert_int_equal(v.status, REVOCATION_SUSPENDED);
	q.at += 3 * 24 * 3600;
	assert_int_equal(
		revocation_check_list(&q, bytes_span(&der), &v, NULL), ERR_REVOCATION_ANSWER);
	bytes_free(&der);
	OPENSSL_free(hex);
	BN_free(number);
	assert_int_equal(system("rm -f crl_ca.pem crl_index.txt* crl.cnf crl.pem crl.der"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_listed_is_found),
		cmocka_unit_test(lists_that_count),
		cmocka_unit_test(lists_that_do_not),
		cmocka_unit_test(no_bit_may_change),
		cmocka_unit_test(openssl_ca_lists),
	};

	return cmocka_run_group_tests(tests, make_all, free_all);
}

/* OCSP responses made by OpenSSL, right ones and ones that are wrong in one respect. */
#include "unit.h"

#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/load.h"
#include "sign/pki.h"
#include "sign/revocation.h"

#define AGE_MAX 600
#define CLOCK 60
#define NONCE "0123456789abcdef0123456789abcdef"

/* root -> ca -> signer, responder; other is a CA of the same root. */
static struct pki root, ca, other, signer, responder;
static int64_t now;

/* What a responder says. Zero and NULL stand for a right answer: good, at once, with the nonce. */
struct says {
	const struct pki *by; /* NULL: the delegated responder */
	const struct pki *about, *issuer;
	const char *hash, *digest, *nonce; /* nonce "": none */
	int status, reason, outer;
	int64_t revoked_at;
	int64_t age;  /* of thisUpdate, seconds */
	int64_t next; /* nextUpdate, seconds from now; 0: none */
	unsigned long flags;
	bool twice, critical, critical_single, two_nonces;
};

static int make_all(void **state)
{
	(void)state;
	now = time(NULL);
	pki_make_root(&root);
	pki_make(&ca, &(struct pki_spec){.ca = true, .key = "p256", .name = "Alt ESHS"}, &root);
	pki_make(
		&other, &(struct pki_spec){.ca = true, .key = "p384", .name = "Başka ESHS"}, &root);
	pki_make_signer(&signer, "rsa2048", &ca);
	pki_make(&responder,
		&(struct pki_spec){.key = "p256",
			.name = "OCSP",
			.usage = "critical,digitalSignature",
			.extended_usage = "OCSPSigning",
			.extension = "noCheck=ignored"},
		&ca);
	return 0;
}

static int free_all(void **state)
{
	struct pki *const all[] = {&root, &ca, &other, &signer, &responder};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		pki_free(all[i]);
	return 0;
}

static OCSP_CERTID *id_of(const struct says *s)
{
	const EVP_MD *md = EVP_get_digestbyname(s->hash ? s->hash : "SHA1");

	return OCSP_cert_id_new(md, X509_get_subject_name((s->issuer ? s->issuer : &ca)->x),
		X509_get0_pubkey_bitstr((s->issuer ? s->issuer : &ca)->x),
		X509_get0_serialNumber((s->about ? s->about : &signer)->x));
}

static void add_critical(OCSP_BASICRESP *basic, OCSP_SINGLERESP *single)
{
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *oid = OBJ_txt2obj("1.2.3.4", 1);
	X509_EXTENSION *extension;

	assert_int_equal(ASN1_OCTET_STRING_set(value, (const uint8_t *)"\5", 2), 1);
	extension = X509_EXTENSION_create_by_OBJ(NULL, oid, 1, value);
	if (basic)
		assert_int_equal(OCSP_BASICRESP_add_ext(basic, extension, -1), 1);
	if (single)
		assert_int_equal(OCSP_SINGLERESP_add_ext(single, extension, -1), 1);
	X509_EXTENSION_free(extension);
	ASN1_OBJECT_free(oid);
	ASN1_OCTET_STRING_free(value);
}

static void add_status(OCSP_BASICRESP *basic, const struct says *s)
{
	ASN1_TIME *this = ASN1_TIME_adj(NULL, (time_t)now, 0, -(long)s->age);
	ASN1_TIME *next = s->next ? ASN1_TIME_adj(NULL, (time_t)now, 0, (long)s->next) : NULL;
	ASN1_TIME *revoked = ASN1_TIME_set(NULL, (time_t)s->revoked_at);
	OCSP_CERTID *id = id_of(s);
	OCSP_SINGLERESP *single;

	ASN1_TIME_to_generalizedtime(this, &this);
	if (next)
		ASN1_TIME_to_generalizedtime(next, &next);
	single = OCSP_basic_add1_status(basic, id, s->status, s->reason, revoked, this, next);
	assert_non_null(single);
	if (s->critical_single)
		add_critical(NULL, single);
	OCSP_CERTID_free(id);
	ASN1_TIME_free(this);
	ASN1_TIME_free(next);
	ASN1_TIME_free(revoked);
}

static void make(const struct says *s, struct bytes *out)
{
	const struct pki *by = s->by ? s->by : &responder;
	const char *nonce = s->nonce ? s->nonce : NONCE;
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	OCSP_RESPONSE *response;
	uint8_t *der = NULL;
	int n;

	for (int i = 0; i <= s->twice; i++)
		add_status(basic, s);
	if (*nonce)
		assert_int_equal(
			OCSP_basic_add1_nonce(basic, (uint8_t *)nonce, (int)strlen(nonce)), 1);
	if (s->critical)
		add_critical(basic, NULL);
	if (s->two_nonces)
		assert_int_equal(
			OCSP_BASICRESP_add_ext(basic, OCSP_BASICRESP_get_ext(basic, 0), -1), 1);
	assert_int_equal(
		OCSP_basic_sign(basic, by->x, by->key,
			EVP_get_digestbyname(s->digest ? s->digest : "SHA256"), NULL, s->flags),
		1);
	response = OCSP_response_create(s->outer, s->outer ? NULL : basic);
	n = i2d_OCSP_RESPONSE(response, &der);
	assert_true(n > 0);
	bytes_append(out, span_of(der, (size_t)n));
	OPENSSL_free(der);
	OCSP_RESPONSE_free(response);
	OCSP_BASICRESP_free(basic);
}

static struct revocation_question question(void)
{
	return (struct revocation_question){.certificate = bytes_span(&signer.der),
		.issuer = bytes_span(&ca.der),
		.nonce = span_text(NONCE),
		.at = now,
		.age_max_s = AGE_MAX,
		.clock_s = CLOCK};
}

/* Asks q, lets the responder say s. */
static enum err ask(
	const struct revocation_question *q, const struct says *s, struct revocation_verdict *v)
{
	struct bytes response = {0};
	struct error e = {0};
	enum err code;

	make(s, &response);
	code = revocation_check_ocsp(q, bytes_span(&response), v, &e);
	assert_int_equal(e.code, code);
	if (code) {
		assert_true(*e.where);
		assert_int_equal(v->status, REVOCATION_UNKNOWN);
	}
	bytes_free(&response);
	return code;
}

static void accepts(const struct says *s, enum revocation_status want)
{
	struct revocation_question q = question();
	struct revocation_verdict v;

	assert_int_equal(ask(&q, s, &v), ERR_OK);
	assert_int_equal(v.status, want);
}

static void refuses(const struct says *s)
{
	struct revocation_question q = question();
	struct revocation_verdict v;

	assert_int_equal(ask(&q, s, &v), ERR_REVOCATION_ANSWER);
}

static void each_status_is_told(void **state)
{
	struct revocation_question q = question();
	struct revocation_verdict v;
	struct says s = {.status = V_OCSP_CERTSTATUS_REVOKED,
		.reason = 1,
		.revoked_at = 1700000000,
		.next = 300};

	(void)state;
	accepts(&(struct says){.status = V_OCSP_CERTSTATUS_GOOD}, REVOCATION_GOOD);
	accepts(&(struct says){.status = V_OCSP_CERTSTATUS_UNKNOWN}, REVOCATION_UNKNOWN);
	assert_int_equal(ask(&q, &s, &v), ERR_OK);
	assert_int_equal(v.status, REVOCATION_REVOKED);
	assert_int_equal(v.reason, 1);
	assert_int_equal(v.revoked_at, 1700000000);
	assert_int_equal(v.this_update, now);
	assert_int_equal(v.next_update, now + 300);
	assert_in_range(v.produced_at, now, now + CLOCK);
	assert_int_equal(revocation_error(&v), ERR_CERTIFICATE_REVOKED);
	s.reason = 6;
	assert_int_equal(ask(&q, &s, &v), ERR_OK);
	assert_int_equal(v.status, REVOCATION_SUSPENDED);
	assert_int_equal(revocation_error(&v), ERR_CERTIFICATE_SUSPENDED);
	s.reason = OCSP_REVOKED_STATUS_NOSTATUS;
	accepts(&s, REVOCATION_REVOKED);
	/* The extended definition of "revoked": never issued. */
	s = (struct says){.status = V_OCSP_CERTSTATUS_REVOKED, .reason = 6, .revoked_at = 0};
	assert_int_equal(ask(&q, &s, &v), ERR_OK);
	assert_int_equal(revocation_error(&v), ERR_CERTIFICATE_UNKNOWN);
}

static void responders_that_may_answer(void **state)
{
	(void)state;
	accepts(&(struct says){0}, REVOCATION_GOOD);
	accepts(&(struct says){.flags = OCSP_RESPID_KEY}, REVOCATION_GOOD);
	accepts(&(struct says){.by = &ca}, REVOCATION_GOOD);
	accepts(&(struct says){.by = &ca, .flags = OCSP_RESPID_KEY | OCSP_NOCERTS},
		REVOCATION_GOOD);
	accepts(&(struct says){.digest = "SHA512"}, REVOCATION_GOOD);
}

static void answers_that_are_none(void **state)
{
	static const struct says cases[] = {
		{.outer = OCSP_RESPONSE_STATUS_TRYLATER},
		{.outer = OCSP_RESPONSE_STATUS_UNAUTHORIZED},
		{.about = &responder},
		{.issuer = &other},
		{.hash = "SHA256"},
		{.digest = "SHA1"},
		{.nonce = ""},
		{.nonce = "0123456789abcdef0123456789abcdeF"},
		{.nonce = "0123456789abcdef"},
		{.two_nonces = true},
		{.age = AGE_MAX + 1},
		{.age = -CLOCK - 30},
		{.age = 60, .next = -1},
		{.twice = true},
		{.critical = true},
		{.critical_single = true},
		{.flags = OCSP_NOCERTS},
		{.by = &signer},
		{.by = &root},
		{.by = &other},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		refuses(&cases[i]);
	accepts(&(struct says){.age = AGE_MAX - 60}, REVOCATION_GOOD);
	accepts(&(struct says){.age = -CLOCK + 30}, REVOCATION_GOOD);
}

/* A responder's certificate that is wrong in one respect. */
static void responders_that_may_not(void **state)
{
	const struct {
		struct pki_spec spec;
		const struct pki *issuer;
	} cases[] = {
		{{.extended_usage = "OCSPSigning"}, &other},
		{{.extended_usage = "OCSPSigning"}, &root},
		{{.extended_usage = "OCSPSigning"}, NULL},
		{{.extended_usage = NULL}, &ca},
		{{.extended_usage = "anyExtendedKeyUsage"}, &ca},
		{{.extended_usage = "serverAuth,clientAuth"}, &ca},
		{{.extended_usage = "OCSPSigning", .usage = "critical,keyEncipherment"}, &ca},
		{{.extended_usage = "OCSPSigning", .to = now - 1}, &ca},
		{{.extended_usage = "OCSPSigning", .from = now + 3600}, &ca},
		{{.extended_usage = "OCSPSigning", .key = "rsa1024"}, &ca},
		{{.extended_usage = "OCSPSigning", .digest = "SHA1"}, &ca},
		{{.extended_usage = "OCSPSigning", .extension_twice = true}, &ca},
		{{.extended_usage = "OCSPSigning", .constraints = "critical,CA:TRUE"}, &ca},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pki_spec spec = cases[i].spec;
		struct pki bad;

		spec.name = "OCSP";
		spec.usage = spec.usage ? spec.usage : "critical,digitalSignature";
		spec.key = spec.key ? spec.key : "p256";
		spec.extension = "noCheck=ignored";
		pki_make(&bad, &spec, cases[i].issuer);
		refuses(&(struct says){.by = &bad});
		pki_free(&bad);
	}
}

/* The CA's name on another key: the name is not what counts. */
static void a_namesake_is_not_the_issuer(void **state)
{
	struct pki namesake, helper;

	(void)state;
	pki_make(&namesake, &(struct pki_spec){.ca = true, .key = "p521", .name = "Alt ESHS"},
		&root);
	refuses(&(struct says){.by = &namesake});
	pki_make(&helper,
		&(struct pki_spec){.key = "p256",
			.name = "OCSP",
			.usage = "critical,digitalSignature",
			.extended_usage = "OCSPSigning",
			.extension = "noCheck=ignored"},
		&namesake);
	refuses(&(struct says){.by = &helper});
	pki_free(&helper);
	pki_free(&namesake);
}

static void make_list(struct bytes *out, const struct pki *revoked)
{
	X509_CRL *list = X509_CRL_new();
	ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)now - 60);
	uint8_t *der = NULL;
	int n;

	X509_CRL_set_version(list, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(list, X509_get_subject_name(ca.x));
	X509_CRL_set1_lastUpdate(list, time);
	if (revoked) {
		X509_REVOKED *entry = X509_REVOKED_new();

		X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked->x));
		X509_REVOKED_set_revocationDate(entry, time);
		X509_CRL_add0_revoked(list, entry);
	}
	ASN1_TIME_set(time, (time_t)now + 3600);
	X509_CRL_set1_nextUpdate(list, time);
	assert_true(X509_CRL_sign(list, ca.key, EVP_sha256()) > 0);
	n = i2d_X509_CRL(list, &der);
	bytes_append(out, span_of(der, (size_t)n));
	OPENSSL_free(der);
	ASN1_TIME_free(time);
	X509_CRL_free(list);
}

static void a_responder_is_checked_itself(void **state)
{
	struct revocation_question q = question();
	struct bytes clean = {0}, listed = {0};
	struct revocation_verdict v;
	struct pki plain;
	struct says s = {.by = &plain};

	(void)state;
	pki_make(&plain,
		&(struct pki_spec){.key = "p256",
			.name = "OCSP",
			.usage = "critical,digitalSignature",
			.extended_usage = "OCSPSigning"},
		&ca);
	make_list(&clean, NULL);
	make_list(&listed, &plain);
	assert_int_equal(ask(&q, &s, &v), ERR_REVOCATION_ANSWER);
	assert_true(v.responder_unchecked);
	q.list = bytes_span(&clean);
	assert_int_equal(ask(&q, &s, &v), ERR_OK);
	assert_false(v.responder_unchecked);
	assert_int_equal(v.status, REVOCATION_GOOD);
	q.list = bytes_span(&listed);
	assert_int_equal(ask(&q, &s, &v), ERR_REVOCATION_ANSWER);
	q.list = span_first(q.list, q.list.n - 1);
	assert_int_equal(ask(&q, &s, &v), ERR_REVOCATION_ANSWER);
	bytes_free(&clean);
	bytes_free(&listed);
	pki_free(&plain);
}

static void without_nonce_when_none_was_sent(void **state)
{
	struct revocation_question q = question();
	struct revocation_verdict v;

	(void)state;
	q.nonce = (struct span){0};
	assert_int_equal(ask(&q, &(struct says){.nonce = ""}, &v), ERR_OK);
	assert_int_equal(ask(&q, &(struct says){.nonce = NONCE}, &v), ERR_OK);
	assert_int_equal(ask(&q, &(struct says){.nonce = "", .age = AGE_MAX + 1}, &v),
		ERR_REVOCATION_ANSWER);
}

static void certificates_that_do_not_fit(void **state)
{
	struct revocation_question q = question();
	struct revocation_verdict v;
	struct bytes out = {0};

	(void)state;
	q.issuer = bytes_span(&other.der);
	assert_int_equal(ask(&q, &(struct says){0}, &v), ERR_CERTIFICATE);
	assert_int_equal(revocation_request(&q, &out, NULL), ERR_CERTIFICATE);
	q.issuer = span_text("x");
	assert_int_equal(ask(&q, &(struct says){0}, &v), ERR_CERTIFICATE);
	assert_int_equal(revocation_request(&q, &out, NULL), ERR_CERTIFICATE);
	assert_int_equal(out.n, 0);
}

/* How many of an answer's bits, each step-th, may be turned over without its being refused. */
static unsigned count_accepted_flips(const struct says *s, size_t step)
{
	struct revocation_question q = question();
	struct revocation_verdict v;
	struct bytes response = {0};
	unsigned accepted = 0;

	make(s, &response);
	assert_int_equal(revocation_check_ocsp(&q, bytes_span(&response), &v, NULL), ERR_OK);
	for (size_t bit = 0; bit < 8 * response.n; bit += step) {
		response.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
		accepted += revocation_check_ocsp(&q, bytes_span(&response), &v, NULL) == ERR_OK;
		response.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	bytes_free(&response);
	return accepted;
}

/* All of them where the CA answers itself; with a responder's certificate inside some, which takes long enough. */
static void no_bit_may_change(void **state)
{
	(void)state;
	assert_int_equal(count_accepted_flips(
				 &(struct says){.by = &ca, .flags = OCSP_NOCERTS}, test_stride()),
		0);
	assert_int_equal(count_accepted_flips(&(struct says){.next = 300}, 7 * test_stride()), 0);
}

static void no_byte_may_be_missing(void **state)
{
	struct revocation_question q = question();
	struct revocation_verdict v;
	struct bytes response = {0};

	(void)state;
	make(&(struct says){0}, &response);
	for (size_t n = 0; n < response.n; n++)
		assert_int_equal(
			revocation_check_ocsp(&q, span_first(bytes_span(&response), n), &v, NULL),
			ERR_REVOCATION_ANSWER);
	bytes_append_byte(&response, 0);
	assert_int_equal(
		revocation_check_ocsp(&q, bytes_span(&response), &v, NULL), ERR_REVOCATION_ANSWER);
	bytes_free(&response);
}

/* ---- `openssl ocsp` answers our request */

static void write_file(const char *path, struct span content)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(content.at, 1, content.n, f), content.n);
	fclose(f);
}

static void write_pem(const char *path, const struct pki *p)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	PEM_write_X509(f, p->x);
	PEM_write_PrivateKey(f, p->key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
}

static void write_index(const char *entry)
{
	char *serial = i2s_ASN1_INTEGER(NULL, X509_get0_serialNumber(signer.x));
	BIGNUM *number = NULL;
	struct bytes line = {0};
	char *hex;

	BN_dec2bn(&number, serial);
	hex = BN_bn2hex(number);
	bytes_append_format(&line, "%s\t%s\tunknown\t/CN=x\n", entry, hex);
	write_file("ocsp_index.txt", bytes_span(&line));
	bytes_free(&line);
	OPENSSL_free(hex);
	BN_free(number);
	OPENSSL_free(serial);
}

static void openssl_ocsp_answers(void **state)
{
	static const struct {
		const char *entry;
		enum revocation_status want;
	} cases[] = {{"V\t491231235959Z\t", REVOCATION_GOOD},
		{"R\t491231235959Z\t260101000000Z,certificateHold", REVOCATION_SUSPENDED},
		{"R\t491231235959Z\t260101000000Z,keyCompromise", REVOCATION_REVOKED}};
	struct revocation_question q = question();
	struct revocation_verdict v;
	struct bytes bytes = {0};

	(void)state;
	q.clock_s = AGE_MAX; /* the test may have run for a while */
	write_pem("ocsp_ca.pem", &ca);
	write_pem("ocsp_responder.pem", &responder);
	for (q.hash = REVOCATION_SHA1; q.hash <= REVOCATION_SHA256; q.hash++) {
		bytes_clear(&bytes);
		assert_int_equal(revocation_request(&q, &bytes, NULL), ERR_OK);
		write_file("ocsp_request.der", bytes_span(&bytes));
		for (size_t i = 0; i < 3; i++) {
			write_index(cases[i].entry);
			assert_int_equal(
				system("openssl ocsp -index ocsp_index.txt -CA ocsp_ca.pem "
				       "-rsigner "
				       "ocsp_responder.pem -reqin ocsp_request.der -respout "
				       "ocsp_response.der -nmin 5 >/dev/null 2>&1"),
				0);
			bytes_clear(&bytes);
			assert_int_equal(
				load_file("ocsp_response.der", REVOCATION_ANSWER_MAX, &bytes, NULL),
				ERR_OK);
			assert_int_equal(
				revocation_check_ocsp(&q, bytes_span(&bytes), &v, NULL), ERR_OK);
			assert_int_equal(v.status, cases[i].want);
		}
	}
	bytes_free(&bytes);
	unlink("ocsp_ca.pem");
	unlink("ocsp_responder.pem");
	unlink("ocsp_request.der");
	unlink("ocsp_response.der");
	unlink("ocsp_index.txt");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_status_is_told),
		cmocka_unit_test(responders_that_may_answer),
		cmocka_unit_test(answers_that_are_none),
		cmocka_unit_test(responders_that_may_not),
		cmocka_unit_test(a_namesake_is_not_the_issuer),
		cmocka_unit_test(a_responder_is_checked_itself),
		cmocka_unit_test(without_nonce_when_none_was_sent),
		cmocka_unit_test(certificates_that_do_not_fit),
		cmocka_unit_test(no_bit_may_change),
		cmocka_unit_test(no_byte_may_be_missing),
		cmocka_unit_test(openssl_ocsp_answers),
	};

	return cmocka_run_group_tests(tests, make_all, free_all);
}

/* Time stamps made by `openssl ts`, and ones made with OpenSSL's functions that are wrong in one respect. */
#include "unit.h"

#include <openssl/cms.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/load.h"
#include "sign/pki.h"
#include "sign/timestamp.h"

#define NONCE "\x5A-nonce-of-a-test"

/* root -> ca -> tsa */
static struct pki root, ca, tsa, signer;
static struct trust *trusted;
static uint8_t imprint[DIGEST_MAX];
static int64_t now;

/* What an authority says. Zero and NULL stand for a right token. */
struct says {
	const struct pki *by;
	const char *of, *nonce, *digest;
	long version;
	int64_t time;   /* seconds from now */
	unsigned flags; /* taken from CMS_sign()'s */
	int type;       /* eContentType; 0: a TSTInfo's */
	bool no_chain, critical, two_signers;
};

static int make_all(void **state)
{
	char path[] = "/tmp/eonay-tsa.XXXXXX";
	const struct pki *one[] = {&root};

	(void)state;
	now = time(NULL);
	pki_make_root(&root);
	pki_make(&ca, &(struct pki_spec){.ca = true, .key = "p384", .name = "Alt ESHS"}, &root);
	pki_make(&tsa,
		&(struct pki_spec){.key = "p256",
			.name = "ZDS",
			.usage = "critical,digitalSignature",
			.extended_usage = "critical,timeStamping"},
		&ca);
	pki_make_signer(&signer, "p256", &ca);
	pki_write_pem(path, one, 1);
	assert_int_equal(trust_read_file(path, &trusted, NULL), ERR_OK);
	unlink(path);
	return digest_of(DIGEST_SHA256, span_text("imza"), imprint, NULL);
}

static int free_all(void **state)
{
	struct pki *const all[] = {&root, &ca, &tsa, &signer};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		pki_free(all[i]);
	trust_free(trusted);
	return 0;
}

static struct timestamp_question question(void)
{
	return (struct timestamp_question){.digest = DIGEST_SHA256,
		.imprint = span_of(imprint, 32),
		.nonce = span_text(NONCE),
		.trust = trusted,
		.from = now - 600,
		.to = now + 600};
}

/* ---- `openssl ts` */

static void write_file(const char *path, struct span content)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(content.at, 1, content.n, f), content.n);
	fclose(f);
}

static void write_pem(const char *path, const struct pki *p, bool with_key)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	PEM_write_X509(f, p->x);
	if (with_key)
		PEM_write_PrivateKey(f, p->key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
}

/* The response of `openssl ts` to the request for q. */
static void openssl_ts(const struct timestamp_question *q, const char *more, struct bytes *response)
{
	struct bytes text = {0};

	assert_int_equal(timestamp_request(q, &text, NULL), ERR_OK);
	write_file("ts_request.der", bytes_span(&text));
	bytes_clear(&text);
	bytes_append_format(&text,
		"[tsa]\ndefault_tsa=x\n[x]\nserial=ts_serial\ndefault_policy=1.2.3.4\ndigests="
		"sha256,sha384,sha512\n"
		"certs=ts_ca.pem\naccuracy=secs:1\nordering=no\nsigner_digest=sha256\n%s",
		more);
	write_file("ts.cnf", bytes_span(&text));
	write_pem("ts_tsa.pem", &tsa, true);
	write_pem("ts_ca.pem", &ca, false);
	assert_int_equal(system("openssl ts -reply -config ts.cnf -queryfile ts_request.der "
				"-signer ts_tsa.pem -inkey "
				"ts_tsa.pem -out ts_response.der >/dev/null 2>&1"),
		0);
	bytes_clear(response);
	assert_int_equal(load_file("ts_response.der", TIMESTAMP_MAX, response, NULL), ERR_OK);
	assert_int_equal(system("rm -f ts_request.der ts_response.der ts.cnf ts_tsa.pem ts_ca.pem "
				"ts_serial*"),
		0);
	bytes_free(&text);
}

static void stamps_of_openssl_ts(void **state)
{
	static const char *const configurations[] = {"", "ess_cert_id_alg=sha1\n",
		"ess_cert_id_chain=yes\n", "tsa_name=yes\nclock_precision_digits=6\n"};
	struct timestamp_question q = question();
	struct bytes response = {0};
	struct timestamp stamp;
	struct error e;
	struct span token;
	uint8_t wide[DIGEST_MAX] = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(configurations) / sizeof(*configurations); i++) {
		openssl_ts(&q, configurations[i], &response);
		if (timestamp_check_response(&q, bytes_span(&response), &token, &stamp, &e))
			fail_msg("%s: %s", configurations[i], e.where);
		assert_in_range(stamp.time, now - 1, now + 300);
		assert_string_equal(stamp.authority.holder, "ZDS");
		assert_int_equal(timestamp_check(&q, token, &stamp, NULL), ERR_OK);
	}
	q.digest = DIGEST_SHA512;
	q.imprint = span_of(wide, 64);
	q.nonce = (struct span){0};
	openssl_ts(&q, "", &response);
	assert_int_equal(
		timestamp_check_response(&q, bytes_span(&response), &token, &stamp, NULL), ERR_OK);
	q.digest = DIGEST_SHA384;
	q.imprint = span_of(wide, 48);
	openssl_ts(&q, "", &response);
	assert_int_equal(
		timestamp_check_response(&q, bytes_span(&response), &token, &stamp, NULL), ERR_OK);
	bytes_free(&response);
}

static void refusals_are_told(void **state)
{
	struct timestamp_question q = question();
	struct bytes response = {0};
	struct timestamp stamp;
	struct error e;
	struct span token;

	(void)state;
	openssl_ts(
		&q, "digests=sha512\n", &response); /* the last one counts: ours is not accepted */
	assert_int_equal(timestamp_check_response(&q, bytes_span(&response), &token, &stamp, &e),
		ERR_TIMESTAMP);
	assert_non_null(strstr(e.where, "status 2"));
	bytes_free(&response);
}

/* What is behind the token makes it none: nothing of the response is given out. */
static void a_response_of_more_has_no_token(void **state)
{
	/* SEQUENCE { SEQUENCE { INTEGER 0 }, SEQUENCE {}, INTEGER 0 } */
	static const uint8_t response[] = {
		0x30, 0x0A, 0x30, 0x03, 0x02, 0x01, 0x00, 0x30, 0x00, 0x02, 0x01, 0x00};
	struct timestamp_question q = question();
	struct timestamp stamp;
	struct error e;
	struct span token;

	(void)state;
	assert_int_equal(timestamp_check_response(
				 &q, span_of(response, sizeof(response)), &token, &stamp, &e),
		ERR_TIMESTAMP);
	assert_non_null(strstr(e.where, "not one response"));
	assert_int_equal(token.n, 0);
}

static void questions_that_are_none(void **state)
{
	struct timestamp_question q = question();
	struct bytes out = {0};

	(void)state;
	q.nonce = span_text("\x80");
	assert_int_equal(timestamp_request(&q, &out, NULL), ERR_INTERNAL);
	q.nonce = span_text("123456789012345678901");
	assert_int_equal(timestamp_request(&q, &out, NULL), ERR_INTERNAL);
	q.nonce = span_text("1");
	q.digest = DIGEST_SHA512;
	assert_int_equal(timestamp_request(&q, &out, NULL), ERR_INTERNAL);
	q.digest = DIGEST_NONE;
	assert_int_equal(timestamp_request(&q, &out, NULL), ERR_INTERNAL);
	assert_int_equal(out.n, 0);
}

/* ---- tokens made here */

static void make_info(const struct says *s, struct bytes *out)
{
	TS_TST_INFO *info = TS_TST_INFO_new();
	TS_MSG_IMPRINT *what = TS_MSG_IMPRINT_new();
	X509_ALGOR *algorithm = X509_ALGOR_new();
	ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4", 1);
	ASN1_INTEGER *serial = ASN1_INTEGER_new(), *nonce = ASN1_INTEGER_new();
	ASN1_GENERALIZEDTIME *time = ASN1_GENERALIZEDTIME_set(NULL, (time_t)(now + s->time));
	const char *number = s->nonce ? s->nonce : NONCE;
	uint8_t value[DIGEST_MAX], *der = NULL;
	int n;

	memcpy(value, imprint, sizeof(value));
	if (s->of)
		digest_of(DIGEST_SHA256, span_text(s->of), value, NULL);
	X509_ALGOR_set0(algorithm, OBJ_nid2obj(s->digest ? OBJ_sn2nid(s->digest) : NID_sha256),
		V_ASN1_NULL, NULL);
	TS_MSG_IMPRINT_set_algo(what, algorithm);
	TS_MSG_IMPRINT_set_msg(what, value, 32);
	TS_TST_INFO_set_version(info, s->version ? s->version : 1);
	TS_TST_INFO_set_policy_id(info, policy);
	TS_TST_INFO_set_msg_imprint(info, what);
	ASN1_INTEGER_set(serial, 5);
	TS_TST_INFO_set_serial(info, serial);
	TS_TST_INFO_set_time(info, time);
	ASN1_STRING_set(nonce, number, (int)strlen(number));
	if (*number)
		TS_TST_INFO_set_nonce(info, nonce);
	if (s->critical) {
		ASN1_OCTET_STRING *empty = ASN1_OCTET_STRING_new();
		X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, policy, 1, empty);

		TS_TST_INFO_add_ext(info, extension, -1);
		X509_EXTENSION_free(extension);
		ASN1_OCTET_STRING_free(empty);
	}
	n = i2d_TS_TST_INFO(info, &der);
	assert_true(n > 0);
	bytes_append(out, span_of(der, (size_t)n));
	OPENSSL_free(der);
	ASN1_GENERALIZEDTIME_free(time);
	ASN1_INTEGER_free(serial);
	ASN1_INTEGER_free(nonce);
	ASN1_OBJECT_free(policy);
	X509_ALGOR_free(algorithm);
	TS_MSG_IMPRINT_free(what);
	TS_TST_INFO_free(info);
}

static void make(const struct says *s, struct bytes *out)
{
	const struct pki *by = s->by ? s->by : &tsa;
	unsigned flags = (CMS_BINARY | CMS_CADES | CMS_PARTIAL) ^ s->flags;
	STACK_OF(X509) *chain = sk_X509_new_null();
	struct bytes info = {0};
	CMS_ContentInfo *cms;
	ASN1_OBJECT *type;
	uint8_t *der = NULL;
	BIO *content;
	int n;

	make_info(s, &info);
	content = BIO_new_mem_buf(info.at, (int)info.n);
	if (!s->no_chain)
		sk_X509_push(chain, ca.x);
	cms = CMS_sign(NULL, NULL, chain, NULL, flags);
	type = OBJ_nid2obj(s->type ? s->type : NID_id_smime_ct_TSTInfo);
	if (!(flags & CMS_NOATTR)) /* which it does not let be for other content than data */
		assert_int_equal(CMS_set1_eContentType(cms, type), 1);
	assert_non_null(CMS_add1_signer(cms, by->x, by->key, EVP_sha256(), flags));
	if (s->two_signers)
		assert_non_null(CMS_add1_signer(cms, signer.x, signer.key, EVP_sha256(), flags));
	assert_int_equal(CMS_set1_eContentType(cms, type), 1);
	assert_int_equal(CMS_final(cms, content, NULL, flags), 1);
	n = i2d_CMS_ContentInfo(cms, &der);
	assert_true(n > 0);
	bytes_append(out, span_of(der, (size_t)n));
	OPENSSL_free(der);
	BIO_free(content);
	CMS_ContentInfo_free(cms);
	sk_X509_free(chain);
	bytes_free(&info);
}

static enum err check(const struct says *s)
{
	struct timestamp_question q = question();
	struct bytes token = {0};
	struct timestamp stamp;
	struct error e = {0};
	enum err code;

	make(s, &token);
	code = timestamp_check(&q, bytes_span(&token), &stamp, &e);
	assert_int_equal(e.code, code);
	bytes_free(&token);
	return code;
}

static void tokens_that_are_none(void **state)
{
	static const struct says cases[] = {
		{.of = "başka"},
		{.digest = "SHA384"},
		{.nonce = "\x01"},
		{.nonce = ""},
		{.version = 2},
		{.critical = true},
		{.time = -601},
		{.time = 601},
		{.no_chain = true},
		{.two_signers = true},
		{.type = NID_pkcs7_data},
		{.flags = CMS_CADES},
		{.flags = CMS_CADES | CMS_NOATTR},
		{.flags = CMS_DETACHED},
		{.flags = CMS_NOCERTS},
		{.by = &signer},
	};

	(void)state;
	assert_int_equal(check(&(struct says){0}), ERR_OK);
	assert_int_equal(check(&(struct says){.time = -599}), ERR_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (check(&cases[i]) != ERR_TIMESTAMP)
			fail_msg("case %zu", i);
	}
}

/* An authority's certificate that is wrong in one respect. */
static void authorities_that_are_none(void **state)
{
	const struct {
		struct pki_spec spec;
		const struct pki *issuer;
	} cases[] = {
		{{.extended_usage = "timeStamping"}, &ca},
		{{.extended_usage = "critical,timeStamping,emailProtection"}, &ca},
		{{.extended_usage = "critical,emailProtection"}, &ca},
		{{.usage = "critical,keyEncipherment"}, &ca},
		{{.to = now - 30}, &ca},
		{{.from = now + 30}, &ca},
		{{.key = "rsa1024"}, &ca},
		{{.digest = "SHA1"}, &ca},
		{{.constraints = "critical,CA:TRUE"}, &ca},
		{{.extension_twice = true}, &ca},
		{{0}, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pki_spec spec = cases[i].spec;
		struct pki bad;

		spec.name = "ZDS";
		spec.usage = spec.usage ? spec.usage : "critical,digitalSignature";
		spec.extended_usage =
			spec.extended_usage ? spec.extended_usage : "critical,timeStamping";
		spec.key = spec.key ? spec.key : "p256";
		pki_make(&bad, &spec, cases[i].issuer);
		if (check(&(struct says){.by = &bad}) != ERR_TIMESTAMP)
			fail_msg("case %zu", i);
		pki_free(&bad);
	}
}

/* The same key in another certificate is another authority: what is inside is exchanged. */
static void a_namesake_is_not_the_authority(void **state)
{
	struct timestamp_question q = question();
	struct bytes token = {0};
	struct timestamp stamp;
	struct pki twin = {0};
	struct span serial;
	size_t at;

	(void)state;
	make(&(struct says){0}, &token);
	serial = span_of(ASN1_STRING_get0_data(X509_get0_serialNumber(tsa.x)),
		(size_t)ASN1_STRING_length(X509_get0_serialNumber(tsa.x)));
	do { /* ECDSA signatures differ in length */
		pki_free(&twin);
		pki_make(&twin,
			&(struct pki_spec){.key = "p256",
				.name = "ZDS",
				.usage = "critical,nonRepudiation",
				.extended_usage = "critical,timeStamping",
				.serial = serial},
			&ca);
	} while (twin.der.n != tsa.der.n);
	for (at = 0; memcmp(token.at + at, tsa.der.at, tsa.der.n) != 0; at++)
		assert_true(at < token.n - tsa.der.n);
	memcpy(token.at + at, twin.der.at, twin.der.n);
	assert_int_equal(timestamp_check(&q, bytes_span(&token), &stamp, NULL), ERR_TIMESTAMP);
	pki_free(&twin);
	bytes_free(&token);
}

static void no_bit_of_what_counts_may_change(void **state)
{
	struct timestamp_question q = question();
	struct bytes token = {0};
	struct timestamp stamp, changed;

	(void)state;
	make(&(struct says){0}, &token);
	assert_int_equal(timestamp_check(&q, bytes_span(&token), &stamp, NULL), ERR_OK);
	for (size_t bit = 0; bit < 8 * token.n; bit += 5 * test_stride()) {
		token.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (timestamp_check(&q, bytes_span(&token), &changed, NULL) == ERR_OK) {
			assert_int_equal(changed.time, stamp.time);
			assert_memory_equal(changed.authority.sha256, stamp.authority.sha256, 32);
		}
		token.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t n = 0; n < token.n; n++)
		assert_int_equal(
			timestamp_check(&q, span_first(bytes_span(&token), n), &stamp, NULL),
			ERR_TIMESTAMP);
	bytes_append_byte(&token, 0);
	assert_int_equal(timestamp_check(&q, bytes_span(&token), &stamp, NULL), ERR_TIMESTAMP);
	bytes_free(&token);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamps_of_openssl_ts),
		cmocka_unit_test(refusals_are_told),
		cmocka_unit_test(a_response_of_more_has_no_token),
		cmocka_unit_test(questions_that_are_none),
		cmocka_unit_test(tokens_that_are_none),
		cmocka_unit_test(authorities_that_are_none),
		cmocka_unit_test(a_namesake_is_not_the_authority),
		cmocka_unit_test(no_bit_of_what_counts_may_change),
	};

	return cmocka_run_group_tests(tests, make_all, free_all);
}

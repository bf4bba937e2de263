#include "unit.h"

#include <openssl/cms.h>
#include <stdlib.h>

#include "sign/der.h"
#include "sign/pki.h"
#include "sign/verify.h"

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

	pki_make_signer(&signer, kind->key, &pki_root);
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

/* A signature value of another key, cut, or none, never leaves; the right one may follow. */
static void gives_out_only_what_verifies(void **state)
{
	struct pki signer, other;
	struct bytes wrong = {0}, right = {0}, head = {0}, tail = {0};
	struct cades_to_sign what;
	struct cades *c;

	(void)state;
	pki_make_signer(&signer, "p256", &pki_root);
	pki_make_signer(&other, "p256", &pki_root);
	EVP_PKEY_free(other.key);
	other.key = pki_key("p384");
	struct cades_request request = {
		.certificate = bytes_span(&signer.der), .signing_time = PKI_NOW};
	assert_int_equal(cades_begin(&request, &c, NULL), ERR_OK);
	assert_int_equal(cades_update(c, span_text("metin"), NULL), ERR_OK);
	assert_int_equal(cades_finish(c, span_text("x"), &head, &tail, NULL), ERR_INTERNAL);
	assert_int_equal(cades_prepare(c, &what, NULL), ERR_OK);
	assert_int_equal(cades_update(c, span_text("mehr"), NULL), ERR_INTERNAL);
	assert_int_equal(cades_prepare(c, &what, NULL), ERR_INTERNAL);
	pki_sign(other.key, &what, &wrong);
	pki_sign(signer.key, &what, &right);
	assert_int_equal(
		cades_finish(c, bytes_span(&wrong), &head, &tail, NULL), ERR_SIGNATURE_WRONG);
	assert_int_equal(
		cades_finish(c, (struct span){0}, &head, &tail, NULL), ERR_SIGNATURE_WRONG);
	assert_int_equal(
		cades_finish(c, span_first(bytes_span(&right), right.n - 1), &head, &tail, NULL),
		ERR_SIGNATURE_WRONG);
	assert_int_equal(head.n + tail.n, 0);
	assert_int_equal(cades_finish(c, bytes_span(&right), &head, &tail, NULL), ERR_OK);
	assert_true(head.n && tail.n);
	assert_int_equal(cades_finish(c, bytes_span(&right), &head, &tail, NULL), ERR_INTERNAL);
	cades_free(c);
	bytes_free(&wrong);
	bytes_free(&right);
	bytes_free(&head);
	bytes_free(&tail);
	pki_free(&signer);
	pki_free(&other);
}

/* What can't be signed is refused before a card is asked. */
static void refuses_at_the_beginning(void **state)
{
	static const struct {
		const char *key;
		bool pss;
		int64_t time;
		enum err want;
	} cases[] = {
		{"rsa1024", false, PKI_NOW, ERR_CERTIFICATE_KEY},
		{"p224", false, PKI_NOW, ERR_CERTIFICATE_KEY},
		{"k256", false, PKI_NOW, ERR_CERTIFICATE_KEY},
		{"ed25519", false, PKI_NOW, ERR_CERTIFICATE_KEY},
		{"p256", true, PKI_NOW, ERR_ALGORITHM},
		{"p256", false, -1, ERR_INTERNAL},
		{"p256", false, 253402300800, ERR_INTERNAL},
	};
	struct cades *c;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pki signer;
		struct error e = {0};

		pki_make_signer(&signer, cases[i].key, &pki_root);
		struct cades_request request = {.certificate = bytes_span(&signer.der),
			.pss = cases[i].pss,
			.signing_time = cases[i].time};
		assert_int_equal(cades_begin(&request, &c, &e), cases[i].want);
		assert_int_equal(e.code, cases[i].want);
		cades_free(c);
		pki_free(&signer);
	}
	struct cades_request nothing = {.certificate = span_text("none")};
	assert_int_equal(cades_begin(&nothing, &c, NULL), ERR_CERTIFICATE);
	cades_free(c);
	cades_free(NULL);
}

static void embeds_each_certificate_once(void **state)
{
	struct pki signer;
	struct bytes once = {0}, often = {0};
	struct verify_report report;

	(void)state;
	pki_make_signer(&signer, "rsa2048", &pki_root);
	struct span one = bytes_span(&pki_root.der), many[] = {one, bytes_span(&signer.der), one};
	struct cades_request request = {.further = &one, .further_count = 1};
	assert_int_equal(pki_make_cms(&signer, request, span_text("x"), &once, NULL), ERR_OK);
	request.further = many;
	request.further_count = 3;
	assert_int_equal(pki_make_cms(&signer, request, span_text("x"), &often, NULL), ERR_OK);
	assert_true(span_equal(bytes_span(&once), bytes_span(&often)));
	struct verify_request verify = {
		.cms = bytes_span(&once), .any_content = true, .at = PKI_NOW};
	assert_int_equal(verify_cms(&verify, &report, NULL), ERR_OK);
	assert_true(span_equal(report.certificate, bytes_span(&signer.der)));
	request.further_count = CADES_FURTHER_MAX + 1;
	assert_int_equal(
		pki_make_cms(&signer, request, span_text("x"), &often, NULL), ERR_CERTIFICATE);
	bytes_free(&once);
	bytes_free(&often);
	pki_free(&signer);
}

/* Contents around the sizes where DER's lengths grow by a byte, the empty one included. */
static void signs_contents_of_every_size(void **state)
{
	static const size_t sizes[] = {
		0, 1, 125, 126, 127, 128, 250, 255, 256, 65530, 65536, 1 << 20};
	struct pki signer;

	(void)state;
	pki_make_signer(&signer, "p256", &pki_root);
	for (size_t i = 0; i < 2 * sizeof(sizes) / sizeof(*sizes); i++) {
		struct cades_request request = {.detached = i % 2};
		uint8_t *content = must_zalloc(sizes[i / 2]);
		struct span span = span_of(content, sizes[i / 2]);
		struct bytes cms = {0};
		struct verify_report report;

		assert_int_equal(pki_make_cms(&signer, request, span, &cms, NULL), ERR_OK);
		struct verify_request verify = {.cms = bytes_span(&cms),
			.detached = request.detached,
			.content = span,
			.at = PKI_NOW};
		assert_int_equal(verify_cms(&verify, &report, NULL), ERR_OK);
		free(content);
		bytes_free(&cms);
	}
	pki_free(&signer);
}

static void takes_the_digest_for_the_content(void **state)
{
	struct cades_request request = {.detached = true};
	struct verify_report report;
	struct bytes cms = {0};
	struct pki signer;
	uint8_t value[DIGEST_MAX];

	(void)state;
	pki_make_signer(&signer, "p384", &pki_root);
	assert_int_equal(pki_make_cms(&signer, request, span_text("metin"), &cms, NULL), ERR_OK);
	assert_int_equal(digest_of(DIGEST_SHA384, span_text("metin"), value, NULL), ERR_OK);
	struct verify_request verify = {.cms = bytes_span(&cms),
		.detached = true,
		.content_digest = span_of(value, 48),
		.at = PKI_NOW};
	assert_int_equal(verify_cms(&verify, &report, NULL), ERR_OK);
	value[47] ^= 1;
	assert_int_equal(verify_cms(&verify, &report, NULL), ERR_CMS_DIGEST);
	value[47] ^= 1;
	verify.content_digest.n = 32;
	assert_int_equal(verify_cms(&verify, &report, NULL), ERR_CMS_DIGEST);
	bytes_free(&cms);
	pki_free(&signer);
}

/* The same by OpenSSL's functions. */
static void add_as_openssl_does(struct span cms, struct span token, struct bytes *out)
{
	const uint8_t *at = cms.at;
	CMS_ContentInfo *info = d2i_CMS_ContentInfo(NULL, &at, (long)cms.n);
	CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(info), 0);
	uint8_t *der = NULL;
	int n;

	assert_int_equal(CMS_unsigned_add1_attr_by_NID(signer, NID_id_smime_aa_timeStampToken,
				 V_ASN1_SEQUENCE, token.at, (int)token.n),
		1);
	n = i2d_CMS_ContentInfo(info, &der);
	assert_true(n > 0);
	bytes_append(out, span_of(der, (size_t)n));
	OPENSSL_free(der);
	CMS_ContentInfo_free(info);
}

/* A SEQUENCE of n bytes with its header. */
static void make_token(size_t n, struct bytes *token)
{
	static const uint8_t filler[70000] = {0};
	size_t sequence = der_begin(token);

	der_put(token, DER_OCTET_STRING, span_of(filler, n));
	der_end(token, sequence, DER_SEQUENCE);
}

static void check_stamped(const struct pki *signer, size_t content, size_t token, bool detached)
{
	struct cades_request request = {.detached = detached};
	uint8_t *text = must_zalloc(content);
	struct bytes cms = {0}, stamp = {0}, ours = {0}, theirs = {0};

	assert_int_equal(pki_make_cms(signer, request, span_of(text, content), &cms, NULL), ERR_OK);
	make_token(token, &stamp);
	assert_int_equal(
		cades_add_time_stamp(bytes_span(&cms), bytes_span(&stamp), &ours, NULL), ERR_OK);
	add_as_openssl_does(bytes_span(&cms), bytes_span(&stamp), &theirs);
	assert_true(span_equal(bytes_span(&ours), bytes_span(&theirs)));
	assert_int_equal(cades_add_time_stamp(bytes_span(&ours), bytes_span(&stamp), &cms, NULL),
		ERR_CMS_ATTRIBUTES);
	free(text);
	bytes_free(&cms);
	bytes_free(&stamp);
	bytes_free(&ours);
	bytes_free(&theirs);
}

static void a_time_stamp_changes_nothing_else(void **state)
{
	static const char *const keys[] = {"rsa2048", "rsapss", "p256", "p521"};
	static const size_t sizes[] = {1, 100, 200, 60000};
	struct pki signer;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		pki_make_signer(&signer, keys[i], &pki_root);
		for (size_t k = 0; k < 16; k++)
			check_stamped(&signer, sizes[k / 4], sizes[k % 4], k & 1);
		pki_free(&signer);
	}
}

static void a_time_stamp_goes_into_a_signature_only(void **state)
{
	static const char *const none[] = {"", "x", "\x04\x01x", "\x30\x01", "\x30\x01xx"};
	struct bytes cms = {0}, out = {0};
	struct pki signer;

	(void)state;
	pki_make_signer(&signer, "p256", &pki_root);
	assert_int_equal(
		pki_make_cms(&signer, (struct cades_request){0}, span_text("x"), &cms, NULL),
		ERR_OK);
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_int_equal(
			cades_add_time_stamp(bytes_span(&cms), span_text(none[i]), &out, NULL),
			ERR_TIMESTAMP);
	for (size_t n = 0; n < cms.n; n++)
		assert_int_equal(cades_add_time_stamp(span_first(bytes_span(&cms), n),
					 span_text("\x30\x01x"), &out, NULL),
			ERR_CMS_FORMAT);
	assert_int_equal(out.n, 0);
	bytes_free(&cms);
	pki_free(&signer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_key_attached),
		cmocka_unit_test(every_kind_of_key_detached),
		cmocka_unit_test(gives_out_only_what_verifies),
		cmocka_unit_test(refuses_at_the_beginning),
		cmocka_unit_test(embeds_each_certificate_once),
		cmocka_unit_test(signs_contents_of_every_size),
		cmocka_unit_test(takes_the_digest_for_the_content),
		cmocka_unit_test(a_time_stamp_changes_nothing_else),
		cmocka_unit_test(a_time_stamp_goes_into_a_signature_only),
	};

	return cmocka_run_group_tests(tests, pki_root_setup, pki_root_teardown);
}

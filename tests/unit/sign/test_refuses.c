/* Forged and broken signatures, each with the code that it must be refused with. */
#include "unit.h"

#include "base/hex.h"
#include "sign/der.h"
#include "sign/forge.h"
#include "sign/oid.h"
#include "sign/replaced_parts.h"
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

_Static_assert(
	sizeof(replaced) / sizeof(*replaced) >= 60, "as many as the portal's law wants (HACKING)");

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

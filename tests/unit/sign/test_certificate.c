#include "unit.h"

#include <stdlib.h>

#include "base/text.h"
#include "sign/certificate.h"
#include "sign/name.h"
#include "sign/pki.h"

static enum err read_spec(const struct pki_spec *spec, struct certificate_info *info)
{
	struct pki p;
	enum err result;

	pki_make(&p, spec, &pki_root);
	result = certificate_read(bytes_span(&p.der), info, NULL);
	pki_free(&p);
	return result;
}

static void reads_a_nes(void **state)
{
	struct certificate_info info;
	uint8_t sha256[32];
	struct pki p;

	(void)state;
	pki_make(&p, &(struct pki_spec){.key = "p384", .serial = span_text("\x01\x02\xAB")},
		&pki_root);
	assert_int_equal(certificate_read(bytes_span(&p.der), &info, NULL), ERR_OK);
	assert_string_equal(info.holder, "AYŞE YILMAZ ÖĞÜTÇÜ");
	assert_string_equal(info.tckn, PKI_TCKN);
	assert_string_equal(info.issuer, "Deneme Kök ESHS");
	assert_string_equal(info.serial, "0102AB");
	assert_int_equal(info.not_before, PKI_FROM);
	assert_int_equal(info.not_after, PKI_TO);
	assert_int_equal(info.key, CERTIFICATE_KEY_EC);
	assert_int_equal(info.key_bits, 384);
	assert_true(info.non_repudiation && info.statement_etsi && info.statement_btk);
	assert_true(info.has_policy && info.qualified && !info.test);
	EVP_Digest(p.der.at, p.der.n, sha256, NULL, EVP_sha256(), NULL);
	assert_memory_equal(info.sha256, sha256, sizeof(sha256));
	pki_free(&p);
}

static void tells_why_it_may_not_sign(void **state)
{
	static const struct {
		struct pki_spec spec;
		enum err want;
	} cases[] = {
		{{0}, ERR_OK},
		{{.key = "rsa3072"}, ERR_OK},
		{{.key = "rsapss"}, ERR_OK},
		{{.key = "p256"}, ERR_OK},
		{{.key = "p521"}, ERR_OK},
		{{.policy = PKI_POLICY_TEST}, ERR_OK},
		{{.statements = {PKI_OID_ETSI, PKI_OID_BTK_NEWER}}, ERR_OK},
		{{.statements = {PKI_OID_BTK, "1.2.3", PKI_OID_ETSI}}, ERR_OK},
		{{.to = PKI_NOW - 1}, ERR_CERTIFICATE_EXPIRED},
		{{.from = PKI_NOW + 1}, ERR_CERTIFICATE_FUTURE},
		{{.usage = "digitalSignature"}, ERR_CERTIFICATE_USAGE},
		{{.usage = ""}, ERR_CERTIFICATE_USAGE},
		{{.statements = {""}}, ERR_CERTIFICATE_NOT_QUALIFIED},
		{{.statements = {PKI_OID_ETSI}}, ERR_CERTIFICATE_NOT_QUALIFIED},
		{{.statements = {PKI_OID_BTK}}, ERR_CERTIFICATE_NOT_QUALIFIED},
		/* A corporate seal is no NES. */
		{{.statements = {PKI_OID_ETSI, "2.16.792.1.61.0.1.5070.1.3"}},
			ERR_CERTIFICATE_NOT_QUALIFIED},
		{{.policy = ""}, ERR_CERTIFICATE_NOT_QUALIFIED},
		{{.key = "rsa1024"}, ERR_CERTIFICATE_KEY},
		{{.key = "p224"}, ERR_CERTIFICATE_KEY},
		{{.key = "k256"}, ERR_CERTIFICATE_KEY},
		{{.key = "p256_explicit"}, ERR_CERTIFICATE_KEY},
		{{.key = "ed25519"}, ERR_CERTIFICATE_KEY},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct certificate_info info;

		assert_int_equal(read_spec(&cases[i].spec, &info), ERR_OK);
		assert_int_equal(certificate_usable(&info, PKI_NOW), cases[i].want);
	}
}

static void tells_a_test_certificate(void **state)
{
	struct certificate_info info;

	(void)state;
	assert_int_equal(read_spec(&(struct pki_spec){.policy = PKI_POLICY_TEST}, &info), ERR_OK);
	assert_true(info.test && info.qualified);
}

static void refuses_what_is_no_certificate(void **state)
{
	struct certificate_info info;
	struct bytes longer = {0};
	struct error e;

	(void)state;
	bytes_append(&longer, bytes_span(&pki_root.der));
	bytes_append_byte(&longer, 0);
	assert_int_equal(certificate_read(bytes_span(&longer), &info, &e), ERR_CERTIFICATE);
	assert_int_equal(e.code, ERR_CERTIFICATE);
	for (size_t n = 0; n < pki_root.der.n; n++) {
		uint8_t *copy = must_alloc(n);

		memcpy(copy, pki_root.der.at, n);
		assert_int_equal(certificate_read(span_of(copy, n), &info, NULL), ERR_CERTIFICATE);
		free(copy);
	}
	assert_int_equal(certificate_read((struct span){0}, &info, NULL), ERR_CERTIFICATE);
	bytes_free(&longer);
}

static void refuses_broken_extensions_and_serials(void **state)
{
	static const uint8_t long_serial[21] = {1};
	const struct pki_spec cases[] = {
		{.extension_twice = true},
		/* 21 bytes; RFC 5280 4.1.2.2 allows 20 */
		{.serial = span_of(long_serial, 21)},
	};
	struct certificate_info info;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(read_spec(&cases[i], &info), ERR_CERTIFICATE);
	assert_int_equal(
		read_spec(&(struct pki_spec){.serial = span_of(long_serial, 20)}, &info), ERR_OK);
	assert_int_equal(strlen(info.serial), 40);
}

#define CN(type, bytes)                                                                            \
	{                                                                                          \
		NID_commonName, V_ASN1_##type,                                                     \
		{                                                                                  \
			(const uint8_t *)(bytes), sizeof(bytes) - 1                                \
		}                                                                                  \
	}
#define SN(bytes)                                                                                  \
	{                                                                                          \
		NID_serialNumber, V_ASN1_PRINTABLESTRING,                                          \
		{                                                                                  \
			(const uint8_t *)(bytes), sizeof(bytes) - 1                                \
		}                                                                                  \
	}

/* Names as they are found, and as they are meant to trick: what comes out is valid UTF-8 always. */
static void reads_names_of_every_kind(void **state)
{
	static const struct {
		struct pki_text texts[4];
		const char *holder;
		const char *tckn;
		bool safe;
	} cases[] = {
		{{CN(UTF8STRING, "Şule Iğdır"), SN("12345678901")}, "Şule Iğdır", "12345678901",
			true},
		{{CN(BMPSTRING, "\x01\x5E\0u\0l\0e\0 \0I\x01\x1F\0d\x01\x31\0r"),
			 SN("12345678901")},
			"Şule Iğdır", "12345678901", true},
		{{CN(UNIVERSALSTRING, "\0\0\x01\x5E\0\0\0x")}, "Şx", "", true},
		{{CN(T61STRING, "M\xFCller")}, "Müller", "", true},
		{{CN(PRINTABLESTRING, "ALI VELI")}, "ALI VELI", "", true},
		{{CN(PRINTABLESTRING, "Al\xC4\xB1")}, "Alı", "", true},
		/* A NUL does not end the text early. */
		{{CN(UTF8STRING, "kamusm.gov.tr\0.example")}, "kamusm.gov.tr\xEF\xBF\xBD.example",
			"", false},
		{{CN(BMPSTRING, "\0a\0\0\0b")},
			"a\xEF\xBF\xBD"
			"b",
			"", false},
		/* Escape sequences and bidi controls stay, for base/text to show. */
		{{CN(UTF8STRING, "\x1B[2Jx")}, "\x1B[2Jx", "", false},
		{{CN(UTF8STRING, "a\xE2\x80\xAE"
				 "b")},
			"a\xE2\x80\xAE"
			"b",
			"", false},
		/* A second name does not hide behind the first, and two numbers are none. */
		{{CN(UTF8STRING, "Ali"), CN(UTF8STRING, "Veli"), SN("12345678901"),
			 SN("12345678902")},
			"Ali, Veli", "", true},
		{{CN(UTF8STRING, "Ali"), SN("1234567890")}, "Ali", "", true},
		{{CN(UTF8STRING, "Ali"), SN("123456789012")}, "Ali", "", true},
		{{CN(UTF8STRING, "Ali"), SN("1234567890x")}, "Ali", "", true},
		{{CN(UTF8STRING, "Ali"), SN("12345678901\0")}, "Ali", "", true},
		{{SN("12345678901")}, "", "12345678901", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pki_text texts[5] = {{0}};
		struct certificate_info info;

		memcpy(texts, cases[i].texts, sizeof(cases[i].texts));
		assert_int_equal(read_spec(&(struct pki_spec){.texts = texts}, &info), ERR_OK);
		assert_string_equal(info.holder, cases[i].holder);
		assert_string_equal(info.tckn, cases[i].tckn);
		assert_int_equal(text_is_safe(span_text(info.holder), NULL), cases[i].safe);
	}
}

/* Strings that OpenSSL lets no certificate have (it can't read such a one), should another version let them. */
static void reads_invalid_strings(void **state)
{
	static const struct {
		int type;
		struct span value;
		const char *want;
	} cases[] = {
		{V_ASN1_UTF8STRING, {(const uint8_t *)"a\xFF\xC0\x80\xC4", 5}, "a????"},
		{V_ASN1_UTF8STRING, {(const uint8_t *)"\xED\xA0\x80", 3}, "?"},
		{V_ASN1_UTF8STRING, {(const uint8_t *)"\xF4\x90\x80\x80", 4}, "????"},
		{V_ASN1_UTF8STRING, {(const uint8_t *)"\xF8\x88\x80\x80\x80", 5}, "?????"},
		{V_ASN1_UTF8STRING, {(const uint8_t *)"\xE2\x82", 2}, "??"},
		{V_ASN1_BMPSTRING, {(const uint8_t *)"\xD8\x3D\xDE\x00", 4}, "\xF0\x9F\x98\x80"},
		{V_ASN1_BMPSTRING, {(const uint8_t *)"\xDC\x00\0x\xD8\x3D", 6}, "?x?"},
		{V_ASN1_BMPSTRING, {(const uint8_t *)"\0a\0", 3}, "a?"},
		{V_ASN1_UNIVERSALSTRING, {(const uint8_t *)"\0\x11\0\0", 4}, "?"},
		{V_ASN1_UNIVERSALSTRING, {(const uint8_t *)"\0\0\0", 3}, "?"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ASN1_STRING *string = ASN1_STRING_type_new(cases[i].type);
		struct bytes got = {0}, want = {0};

		ASN1_STRING_set(string, cases[i].value.at, (int)cases[i].value.n);
		name_append_string(&got, string);
		for (const char *c = cases[i].want; *c; c++)
			bytes_append(&want, *c == '?' ? span_text("\xEF\xBF\xBD") : span_of(c, 1));
		assert_string_equal(bytes_text(&got), bytes_text(&want));
		ASN1_STRING_free(string);
		bytes_free(&got);
		bytes_free(&want);
	}
}

static void cuts_long_names_at_a_character(void **state)
{
	struct certificate_info info;
	struct bytes name = {0};

	(void)state;
	for (int odd = 0; odd < 2; odd++) {
		bytes_clear(&name);
		bytes_append_text(&name, odd ? "x" : "");
		for (int i = 0; i < 200; i++)
			bytes_append_text(&name, "ş");
		struct pki_text texts[] = {
			{NID_commonName, V_ASN1_UTF8STRING, bytes_span(&name)}, {0}};

		assert_int_equal(read_spec(&(struct pki_spec){.texts = texts}, &info), ERR_OK);
		assert_int_equal(strlen(info.holder), odd ? 191 : 190);
		assert_true(text_is_safe(span_text(info.holder), NULL));
	}
	bytes_free(&name);
}

/* Any one bit turned over: read or refused, nothing worse (sanitizers watch), and never as the same certificate. */
static void bears_every_bit_flip(void **state)
{
	struct certificate_info info, flipped;
	struct bytes copy = {0};
	struct pki p;

	(void)state;
	pki_make_signer(&p, "p256", &pki_root);
	assert_int_equal(certificate_read(bytes_span(&p.der), &info, NULL), ERR_OK);
	bytes_append(&copy, bytes_span(&p.der));
	for (size_t bit = 0; bit < 8 * copy.n; bit += test_stride()) {
		copy.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (certificate_read(bytes_span(&copy), &flipped, NULL) == ERR_OK)
			assert_memory_not_equal(flipped.sha256, info.sha256, sizeof(info.sha256));
		copy.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	bytes_free(&copy);
	pki_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_nes),
		cmocka_unit_test(tells_why_it_may_not_sign),
		cmocka_unit_test(tells_a_test_certificate),
		cmocka_unit_test(refuses_what_is_no_certificate),
		cmocka_unit_test(refuses_broken_extensions_and_serials),
		cmocka_unit_test(reads_names_of_every_kind),
		cmocka_unit_test(reads_invalid_strings),
		cmocka_unit_test(cuts_long_names_at_a_character),
		cmocka_unit_test(bears_every_bit_flip),
	};

	return cmocka_run_group_tests(tests, pki_root_setup, pki_root_teardown);
}

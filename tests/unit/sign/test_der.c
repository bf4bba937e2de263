#include "unit.h"

#include <openssl/objects.h>

#include "base/hex.h"
#include "sign/algorithm.h"
#include "sign/content.h"
#include "sign/der.h"
#include "sign/oid.h"

static struct bytes from_hex(const char *hex)
{
	struct bytes b = {0};

	assert_true(hex_read(hex, &b));
	return b;
}

static bool is_whole(const char *hex)
{
	struct bytes b = from_hex(hex);
	bool whole = der_is_whole(bytes_span(&b));

	bytes_free(&b);
	return whole;
}

static void takes_only_der(void **state)
{
	(void)state;
	assert_true(is_whole("0500"));
	assert_true(is_whole("3006 0101FF 020101"));
	assert_true(is_whole("A003 020101"));
	assert_false(is_whole(""));
	assert_false(is_whole("05"));
	assert_false(is_whole("0501"));
	assert_false(is_whole("050000"));
	assert_false(is_whole("3080 0000"));         /* indefinite */
	assert_false(is_whole("048105 4142434445")); /* one byte would do */
	assert_false(is_whole("04820005 4142434445"));
	assert_false(is_whole("0489 010000000000000000")); /* a length of nine bytes */
	assert_false(is_whole("0488 FFFFFFFFFFFFFFFF"));
	assert_false(is_whole("1F8101 00")); /* a tag of several bytes */
	assert_false(is_whole("3004 0202 01"));
	assert_false(is_whole("3003 3080 00"));
}

static void writes_and_reads_lengths(void **state)
{
	static const size_t sizes[] = {0, 1, 127, 128, 255, 256, 65535, 65536};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct bytes value = {0}, out = {0};
		struct span back;

		for (size_t k = 0; k < sizes[i]; k++)
			bytes_append_byte(&value, (uint8_t)k);
		der_put(&out, DER_OCTET_STRING, bytes_span(&value));
		assert_int_equal(out.n, der_header_size(sizes[i]) + sizes[i]);
		assert_true(der_only(bytes_span(&out), DER_OCTET_STRING, &back));
		assert_true(span_equal(back, bytes_span(&value)));
		bytes_free(&value);
		bytes_free(&out);
	}
	assert_int_equal(der_header_size(UINT64_MAX), 10);
}

/* Deep nesting is refused before it can use up the stack. */
static void bears_deep_nesting(void **state)
{
	struct bytes b = {0};

	(void)state;
	for (int i = 0; i < 5000; i++)
		der_end(&b, 0, DER_SEQUENCE);
	assert_false(der_is_whole(bytes_span(&b)));
	bytes_free(&b);
}

static void sorts_sets(void **state)
{
	struct span set[] = {
		span_text("\x04\x01\x02"), span_text("\x02\x01\x03"), span_text("\x04\x01\x01")};
	struct bytes out = {0}, want = from_hex("3109 020103 040101 040102");

	(void)state;
	der_put_set(&out, DER_SET, set, 3);
	assert_true(span_equal(bytes_span(&out), bytes_span(&want)));
	assert_true(der_order(span_text("a"), span_text("ab")) < 0);
	assert_int_equal(der_order(span_text("ab"), span_text("ab")), 0);
	bytes_free(&out);
	bytes_free(&want);
}

static void goes_through_times(void **state)
{
	static const struct {
		int64_t t;
		const char *der;
	} times[] = {
		{0, "\x17\x0D"
		    "700101000000Z"},
		{951782399, "\x17\x0D"
			    "000228235959Z"},
		{951782400, "\x17\x0D"
			    "000229000000Z"},
		{2524607999, "\x17\x0D"
			     "491231235959Z"},
		{2524608000, "\x18\x0F"
			     "20500101000000Z"},
		{DER_TIME_MAX, "\x18\x0F"
			       "99991231235959Z"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		struct bytes out = {0};
		struct span rest;
		struct der element;
		int64_t back;

		der_put_time(&out, times[i].t);
		assert_string_equal(bytes_text(&out), times[i].der);
		rest = bytes_span(&out);
		assert_true(der_next(&rest, &element) && der_time(element, &back));
		assert_int_equal(back, times[i].t);
		bytes_free(&out);
	}
}

/* Our bytes of the identifiers against OpenSSL's names for them. */
static void identifiers_are_the_standards(void **state)
{
	const struct {
		struct span oid;
		const char *dotted;
	} all[] = {
		{OID_SHA2(1), "2.16.840.1.101.3.4.2.1"},
		{OID_PKCS1(1), "1.2.840.113549.1.1.1"},
		{OID_PKCS7(1), "1.2.840.113549.1.7.1"},
		{OID_PKCS9(3), "1.2.840.113549.1.9.3"},
		{OID_SMIME_AA(47), "1.2.840.113549.1.9.16.2.47"},
		{OID_ECDSA_SHA2(2), "1.2.840.10045.4.3.2"},
		{OID_ETSI_MIME_TYPE, "0.4.0.1733.2.1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		ASN1_OBJECT *o = OBJ_txt2obj(all[i].dotted, 1);

		assert_true(span_equal(all[i].oid, span_of(OBJ_get0_data(o), OBJ_length(o))));
		ASN1_OBJECT_free(o);
	}
}

static void reads_the_algorithms_that_it_writes(void **state)
{
	(void)state;
	for (enum digest d = DIGEST_SHA256; d <= DIGEST_SHA512; d++) {
		struct bytes b = {0};

		algorithm_put_digest(&b, d);
		assert_int_equal(algorithm_read_digest(bytes_span(&b)), d);
		for (enum signature_scheme s = SCHEME_RSA_PKCS1; s <= SCHEME_ECDSA; s++) {
			enum signature_scheme back;

			bytes_clear(&b);
			algorithm_put_signature(&b, s, d);
			assert_true(algorithm_read_signature(bytes_span(&b), d, &back));
			assert_int_equal(back, s);
		}
		bytes_free(&b);
	}
	assert_int_equal(algorithm_read_digest((struct span){0}), DIGEST_NONE);
}

static void joins_contents(void **state)
{
	const struct span texts[] = {span_text("bir"), span_text("iki")};
	struct bytes out = {0};

	(void)state;
	content_join(texts, 1, &out);
	assert_string_equal(bytes_text(&out), "bir");
	bytes_clear(&out);
	content_join(texts, 2, &out);
	assert_string_equal(
		bytes_text(&out), "İmzalanacak Metin 1:\n\nbir\n\nİmzalanacak Metin 2:\n\niki\n");
	bytes_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_only_der),
		cmocka_unit_test(writes_and_reads_lengths),
		cmocka_unit_test(bears_deep_nesting),
		cmocka_unit_test(sorts_sets),
		cmocka_unit_test(goes_through_times),
		cmocka_unit_test(identifiers_are_the_standards),
		cmocka_unit_test(reads_the_algorithms_that_it_writes),
		cmocka_unit_test(joins_contents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

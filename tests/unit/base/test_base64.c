#include "unit.h"

#include "base/base64.h"

/* RFC 4648 10, the test vectors. */
static const struct {
	const char *plain, *coded, *url;
} vectors[] = {
	{"", "", ""},
	{"f", "Zg==", "Zg"},
	{"fo", "Zm8=", "Zm8"},
	{"foo", "Zm9v", "Zm9v"},
	{"foob", "Zm9vYg==", "Zm9vYg"},
	{"fooba", "Zm9vYmE=", "Zm9vYmE"},
	{"foobar", "Zm9vYmFy", "Zm9vYmFy"},
	{"\xfb\xef\xff", "++//", "--__"},
};

static void the_vectors_of_the_standard_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		struct bytes coded = {0}, url = {0}, back = {0};

		base64_append(&coded, span_text(vectors[i].plain));
		assert_string_equal(bytes_text(&coded), vectors[i].coded);
		base64url_append(&url, span_text(vectors[i].plain));
		assert_string_equal(bytes_text(&url), vectors[i].url);
		assert_true(base64_read(span_text(vectors[i].coded), &back));
		assert_string_equal(bytes_text(&back), vectors[i].plain);
		bytes_clear(&back);
		assert_true(base64url_read(span_text(vectors[i].url), &back));
		assert_string_equal(bytes_text(&back), vectors[i].plain);
		bytes_free(&coded);
		bytes_free(&url);
		bytes_free(&back);
	}
}

static void every_byte_comes_back(void **state)
{
	struct bytes all = {0}, coded = {0}, back = {0};

	(void)state;
	for (unsigned i = 0; i < 256; i++)
		bytes_append_byte(&all, (uint8_t)i);
	base64url_append(&coded, bytes_span(&all));
	assert_true(base64url_read(bytes_span(&coded), &back));
	assert_true(span_equal(bytes_span(&all), bytes_span(&back)));
	bytes_free(&all);
	bytes_free(&coded);
	bytes_free(&back);
}

static void a_signature_may_be_pasted_with_its_line_ends(void **state)
{
	struct bytes out = {0};

	(void)state;
	assert_true(base64_read(span_text(" Zm9v\r\nYm\tE=\n"), &out));
	assert_string_equal(bytes_text(&out), "fooba");
	bytes_free(&out);
}

static void only_the_one_encoding_is_read(void **state)
{
	static const char *const no_url[] = {
		"Z", "Zh", "Zm9", "Zg==", "Zm8=", "Zm9v ", "Zm+v", "Zm/v", "Zm9vZ", "Z\xc3\xa7g"};
	static const char *const no_standard[] = {"Z", "Zg",
		"Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v=", "Zg==Zg==", "Zm-v", "Zm_v", "=",
		"Zm9v===="};
	struct bytes out = {0};

	(void)state;
	bytes_append_text(&out, "kept");
	for (size_t i = 0; i < sizeof(no_url) / sizeof(*no_url); i++)
		assert_false(base64url_read(span_text(no_url[i]), &out));
	for (size_t i = 0; i < sizeof(no_standard) / sizeof(*no_standard); i++)
		assert_false(base64_read(span_text(no_standard[i]), &out));
	assert_false(base64url_read(span_of("Zm9v\0", 5), &out));
	assert_string_equal(bytes_text(&out), "kept");
	bytes_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_the_standard_hold),
		cmocka_unit_test(every_byte_comes_back),
		cmocka_unit_test(a_signature_may_be_pasted_with_its_line_ends),
		cmocka_unit_test(only_the_one_encoding_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

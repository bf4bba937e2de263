#include "unit.h"

#include "base/bytes.h"
#include "base/hex.h"

static void appends_and_grows(void **state)
{
	struct bytes b = {0};

	(void)state;
	for (int i = 0; i < 1000; i++)
		bytes_append_byte(&b, (uint8_t)i);
	assert_int_equal(b.n, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(b.at[i], (uint8_t)i);
	bytes_append_format(&b, "%s-%d", "x", 42);
	assert_int_equal(b.n, 1004);
	assert_memory_equal(b.at + 1000, "x-42", 4);
	bytes_free(&b);
	assert_int_equal(b.n, 0);
}

static void text_is_ended_but_not_counted(void **state)
{
	struct bytes b = {0};

	(void)state;
	assert_string_equal(bytes_text(&b), "");
	bytes_append_text(&b, "kod");
	assert_string_equal(bytes_text(&b), "kod");
	assert_int_equal(b.n, 3);
	bytes_free(&b);
}

static void spans_never_pass_the_end(void **state)
{
	struct span s = span_text("abc");

	(void)state;
	assert_int_equal(span_from(s, 2).n, 1);
	assert_int_equal(span_from(s, 3).n, 0);
	assert_int_equal(span_from(s, SIZE_MAX).n, 0);
	assert_int_equal(span_first(s, 9).n, 3);
	assert_true(span_equal(span_from(s, 3), (struct span){0}));
	assert_false(span_equal(s, span_text("abd")));
}

static void hex_goes_there_and_back(void **state)
{
	struct bytes b = {0}, text = {0};

	(void)state;
	assert_true(hex_read("3B:9f 00", &b));
	assert_int_equal(b.n, 3);
	hex_append(&text, bytes_span(&b));
	assert_string_equal(bytes_text(&text), "3B9F00");
	assert_false(hex_read("3", &b));
	assert_false(hex_read("0g", &b));
	assert_false(hex_read("00 1", &b));
	assert_int_equal(b.n, 3);
	bytes_free(&b);
	bytes_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends_and_grows),
		cmocka_unit_test(text_is_ended_but_not_counted),
		cmocka_unit_test(spans_never_pass_the_end),
		cmocka_unit_test(hex_goes_there_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

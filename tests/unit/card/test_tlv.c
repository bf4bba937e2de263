#include "unit.h"

#include <stdlib.h>

#include "base/hex.h"
#include "card/tlv.h"

static struct bytes hex(const char *text)
{
	struct bytes b = {0};

	assert_true(hex_read(text, &b));
	return b;
}

static enum err first(const char *text, struct tlv *item)
{
	static struct bytes b;
	struct tlv_cursor c;

	bytes_free(&b);
	b = hex(text);
	c = tlv_walk(bytes_span(&b));
	return *text ? tlv_next(&c, item) : (bytes_free(&b), ERR_END);
}

static void tags_and_lengths_of_every_form(void **state)
{
	struct tlv item;

	(void)state;
	assert_int_equal(first("8001AA", &item), ERR_OK);
	assert_int_equal(item.tag, 0x80);
	assert_int_equal(item.value.n, 1);
	assert_int_equal(item.whole.n, 3);
	assert_int_equal(first("7F490400010203", &item), ERR_OK);
	assert_int_equal(item.tag, 0x7F49);
	assert_int_equal(item.value.n, 4);
	assert_int_equal(first("BF81010180", &item), ERR_OK);
	assert_int_equal(item.tag, 0xBF8101);
	assert_int_equal(first("308101AA", &item), ERR_OK);
	assert_int_equal(first("30820001AA", &item), ERR_OK);
	assert_int_equal(first("3083000001AA", &item), ERR_OK);
	assert_int_equal(item.value.n, 1);
	assert_int_equal(first("0500", &item), ERR_OK);
	assert_int_equal(item.value.n, 0);
	first("", &item);
}

static void broken_ones_are_refused(void **state)
{
	static const char *const broken[] = {
		"80",               /* no length */
		"8002AA",           /* too short */
		"7F",               /* tag goes on */
		"7F81818101AA",     /* tag of four bytes */
		"3080AA0000",       /* indefinite length */
		"3084000000010AA0", /* length of four bytes */
		"3082FF",           /* length goes on */
		"3083FFFFFFAA",
	};
	struct tlv item;

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		assert_int_equal(first(broken[i], &item), ERR_TLV);
	first("", &item);
}

static void walks_and_finds(void **state)
{
	struct bytes b = hex("30068001018201025303AABBCC");
	const unsigned path[] = {0x30, 0x82};
	struct tlv_cursor c = tlv_walk(bytes_span(&b));
	struct tlv item;

	(void)state;
	assert_false(tlv_take(&c, 0x53, &item));
	assert_true(tlv_take(&c, 0x30, &item));
	assert_true(tlv_take(&c, 0x53, &item));
	assert_int_equal(tlv_next(&c, &item), ERR_END);
	assert_true(tlv_find_path(bytes_span(&b), path, 2, &item));
	assert_int_equal(item.value.at[0], 0x02);
	assert_false(tlv_find(bytes_span(&b), 0x31, &item));
	bytes_free(&b);
}

static void measures_what_is_not_there_yet(void **state)
{
	struct bytes b = hex("30820400FF");
	size_t n = 0;

	(void)state;
	assert_int_equal(tlv_measure(bytes_span(&b), &n), ERR_OK);
	assert_int_equal(n, 0x404);
	assert_int_equal(tlv_measure(span_first(bytes_span(&b), 3), &n), ERR_END);
	assert_int_equal(tlv_measure((struct span){0}, &n), ERR_END);
	b.at[1] = 0x80;
	assert_int_equal(tlv_measure(bytes_span(&b), &n), ERR_TLV);
	bytes_free(&b);
}

static void numbers_and_bits(void **state)
{
	const uint8_t bits[] = {0x06, 0x20, 0x40};
	unsigned n = 0;

	(void)state;
	assert_true(tlv_number(span_of("\x00\x81", 2), &n));
	assert_int_equal(n, 0x81);
	assert_true(tlv_number(span_of("\x7F\xFF\xFF\xFF", 4), &n));
	assert_int_equal(n, 0x7FFFFFFF);
	assert_false(tlv_number(span_of("\x81", 1), &n));
	assert_false(tlv_number(span_of("\x01\x00\x00\x00\x00", 5), &n));
	assert_false(tlv_number((struct span){0}, &n));
	assert_true(tlv_bit(span_of(bits, 3), 2));
	assert_true(tlv_bit(span_of(bits, 3), 9));
	assert_false(tlv_bit(span_of(bits, 3), 8));
	assert_false(tlv_bit(span_of(bits, 3), 99));
	assert_false(tlv_bit((struct span){0}, 0));
}

static void writes_what_it_reads(void **state)
{
	static const size_t lengths[] = {0, 1, 127, 128, 255, 256, 65535, 65536};
	uint8_t *value = must_zalloc(65536);

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct bytes b = {0};
		struct tlv_cursor c;
		struct tlv item;

		tlv_append(&b, i % 2 ? 0x7F49 : 0xBF8101, span_of(value, lengths[i]));
		c = tlv_walk(bytes_span(&b));
		assert_int_equal(tlv_next(&c, &item), ERR_OK);
		assert_int_equal(item.value.n, lengths[i]);
		assert_int_equal(item.whole.n, b.n);
		bytes_free(&b);
	}
	free(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_and_lengths_of_every_form),
		cmocka_unit_test(broken_ones_are_refused),
		cmocka_unit_test(walks_and_finds),
		cmocka_unit_test(measures_what_is_not_there_yet),
		cmocka_unit_test(numbers_and_bits),
		cmocka_unit_test(writes_what_it_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

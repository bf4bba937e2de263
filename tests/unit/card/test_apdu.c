#include "script.h"

#include <stdio.h>
#include <stdlib.h>

#include "card/apdu.h"

/* Sends a to the card that plays text and gives back answer and status word. */
static enum err play(
	const char *text, const struct apdu *a, unsigned long_n, struct bytes *answer, unsigned *sw)
{
	struct reader *r = script_open(text);
	struct channel c = channel_of(r);
	struct error e;
	bool fresh;
	enum err code;

	if (long_n)
		channel_extend(&c, long_n, long_n);
	reader_begin(r, &fresh, &e);
	code = apdu_exchange(&c, a, answer, sw, &e);
	reader_end(r, false);
	script_close(r);
	return code;
}

static void expect(const char *text, struct apdu a, unsigned long_n, unsigned sw, size_t n)
{
	struct bytes answer = {0};
	unsigned got = 0;

	assert_int_equal(play(text, &a, long_n, &answer, &got), ERR_OK);
	assert_int_equal(got, sw);
	assert_int_equal(answer.n, n);
	bytes_free(&answer);
}

static void expect_error(const char *text, struct apdu a, enum err code)
{
	struct bytes answer = {0};
	unsigned sw;

	assert_int_equal(play(text, &a, 0, &answer, &sw), code);
	bytes_free(&answer);
}

static const uint8_t data[300] = {0xAA, 0xBB};

#define DATA(count) ((struct span){.at = data, .n = (count)})

static void four_cases_short(void **state)
{
	(void)state;
	expect("> 80090001\n< 9000", (struct apdu){0x80, 0x09, 0, 1, {0}, 0}, 0, 0x9000, 0);
	expect("> 00B0000000\n< 01029000", (struct apdu){0, 0xB0, 0, 0, {0}, 256}, 0, 0x9000, 2);
	expect("> 00B0000010\n< 6982", (struct apdu){0, 0xB0, 0, 0, {0}, 16}, 0, 0x6982, 0);
	expect("> 0022C38102AABB\n< 9000", (struct apdu){0, 0x22, 0xC3, 0x81, DATA(2), 0}, 0,
		0x9000, 0);
	expect("> 00A4040002AABB00\n< 6F009000", (struct apdu){0, 0xA4, 4, 0, DATA(2), 256}, 0,
		0x9000, 2);
}

static void four_cases_extended(void **state)
{
	char text[1000], *p = text;

	(void)state;
	expect("> 00B00000000000\n< 019000", (struct apdu){0, 0xB0, 0, 0, {0}, 65536}, 65536,
		0x9000, 1);
	expect("> 00B00000000400\n< 019000", (struct apdu){0, 0xB0, 0, 0, {0}, 65536}, 1024, 0x9000,
		1);
	expect("> 00A40400000002AABB1000\n< 9000", (struct apdu){0, 0xA4, 4, 0, DATA(2), 4096},
		4096, 0x9000, 0);
	p += sprintf(p, "> 002A9E9A00012CAABB");
	for (int i = 2; i < 300; i++)
		p += sprintf(p, "00");
	sprintf(p, "\n< 9000");
	expect(text, (struct apdu){0, 0x2A, 0x9E, 0x9A, DATA(300), 0}, 65535, 0x9000, 0);
}

static void t0_has_one_length(void **state)
{
	(void)state;
	expect("t0\n> 8009000100\n< 9000", (struct apdu){0x80, 0x09, 0, 1, {0}, 0}, 0, 0x9000, 0);
	expect("t0\n> 00B0000000\n< 6C02\n> 00B0000002\n< 01029000",
		(struct apdu){0, 0xB0, 0, 0, {0}, 256}, 65536, 0x9000, 2);
	expect("t0\n> 00A4040002AABB\n< 6103\n> 00C0000003\n< 0102039000",
		(struct apdu){0, 0xA4, 4, 0, DATA(2), 256}, 0, 0x9000, 3);
}

static void the_rest_is_fetched(void **state)
{
	(void)state;
	expect("> 00CB3FFF02AABB00\n< 0161FF\n> 00C00000FF\n< 02036101\n> 00C0000001\n< 049000",
		(struct apdu){0, 0xCB, 0x3F, 0xFF, DATA(2), 256}, 0, 0x9000, 4);
	expect("> 00CB3FFF02AABB00\n< 6100\n> 00C0000000\n< 6C02\n> 00C0000002\n< 01029000",
		(struct apdu){0, 0xCB, 0x3F, 0xFF, DATA(2), 256}, 0, 0x9000, 2);
	/* Not asked for: not fetched. */
	expect("> 00A4020002AABB\n< 6113", (struct apdu){0, 0xA4, 2, 0, DATA(2), 0}, 0, 0x9000, 0);
}

static void an_answer_that_never_ends_is_given_up(void **state)
{
	char *text = must_zalloc(2000 * 40), *p = text;

	(void)state;
	p += sprintf(p, "> 00B0000000\n< 016101\n");
	for (int i = 0; i <= 512; i++)
		p += sprintf(p, "> 00C0000001\n< 016101\n");
	expect_error(text, (struct apdu){0, 0xB0, 0, 0, {0}, 256}, ERR_CARD_DATA);
	expect_error("> 00B0000000\n< 6101\n> 00C0000001\n< 6101",
		(struct apdu){0, 0xB0, 0, 0, {0}, 256}, ERR_CARD_DATA);
	free(text);
}

static void asked_again_once_with_the_length_told(void **state)
{
	(void)state;
	expect("> 00B0000000\n< 6C02\n> 00B0000002\n< 01029000",
		(struct apdu){0, 0xB0, 0, 0, {0}, 256}, 0, 0x9000, 2);
	expect("> 00B0000000\n< 6C02\n> 00B0000002\n< 6C03", (struct apdu){0, 0xB0, 0, 0, {0}, 256},
		0, 0x6C03, 0);
}

static void a_verify_is_never_sent_twice(void **state)
{
	(void)state;
	expect("> 0020008102AABB\n< 6C02", (struct apdu){0, 0x20, 0, 0x81, DATA(2), 0}, 0, 0x6C02,
		0);
	expect("> 0020008102AABB\n< 6102", (struct apdu){0, 0x20, 0, 0x81, DATA(2), 0}, 0, 0x9000,
		0);
}

static void long_data_is_chained(void **state)
{
	char text[1200], *p = text;

	(void)state;
	p += sprintf(p, "> 102A9E9AFFAABB");
	for (int i = 2; i < 255; i++)
		p += sprintf(p, "00");
	p += sprintf(p, "\n< 9000\n> 002A9E9A2D");
	for (int i = 255; i < 300; i++)
		p += sprintf(p, "00");
	sprintf(p, "00\n< 01029000");
	expect(text, (struct apdu){0, 0x2A, 0x9E, 0x9A, DATA(300), 256}, 0, 0x9000, 2);
	strcpy(strchr(text, '<'), "< 6884");
	expect(text, (struct apdu){0, 0x2A, 0x9E, 0x9A, DATA(300), 256}, 0, 0x6884, 0);
}

static void no_status_word_is_no_answer(void **state)
{
	(void)state;
	expect_error("> 00B0000000\n< 90", (struct apdu){0, 0xB0, 0, 0, {0}, 256}, ERR_CARD_DATA);
	expect_error("> 00B0000000\n< ", (struct apdu){0, 0xB0, 0, 0, {0}, 256}, ERR_CARD_DATA);
	expect_error("> 00B0000000\n< 0000", (struct apdu){0, 0xB0, 0, 0, {0}, 256}, ERR_CARD_DATA);
	expect_error("> 00B0000000\n! CARD_REMOVED", (struct apdu){0, 0xB0, 0, 0, {0}, 256},
		ERR_CARD_REMOVED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_cases_short),
		cmocka_unit_test(four_cases_extended),
		cmocka_unit_test(t0_has_one_length),
		cmocka_unit_test(the_rest_is_fetched),
		cmocka_unit_test(an_answer_that_never_ends_is_given_up),
		cmocka_unit_test(asked_again_once_with_the_length_told),
		cmocka_unit_test(a_verify_is_never_sent_twice),
		cmocka_unit_test(long_data_is_chained),
		cmocka_unit_test(no_status_word_is_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

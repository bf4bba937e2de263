#include "unit.h"

#include <stdio.h>

#include "cli/choice.h"

static struct cards cards;

static void add_reader(const char *name, enum err state)
{
	struct cards_reader *r = &cards.readers[cards.reader_count++];

	*r = (struct cards_reader){.state = state};
	snprintf(r->name, sizeof(r->name), "%s", name);
}

static void add_certificate(unsigned reader, const char *id, enum err usable)
{
	struct cards_certificate *c = &cards.certificates[cards.certificate_count++];

	*c = (struct cards_certificate){.reader = reader, .usable = usable};
	snprintf(c->id, sizeof(c->id), "%s", id);
}

/* The id of the one chosen, or the public code of the error. */
static const char *chosen(const char *reader, const char *id)
{
	const struct cards_certificate *c = NULL;
	struct error e = {.code = ERR_OK};
	enum err code = choice_of_certificate(&cards, reader, id, &c, &e);

	assert_int_equal(code, e.code);
	if (code)
		assert_null(c);
	return code ? error_code(code) : c->id;
}

static void test_the_only_usable_one(void **state)
{
	(void)state;
	cards = (struct cards){.reader_count = 0};
	add_reader("A", ERR_OK);
	add_certificate(0, "45", ERR_CERTIFICATE_EXPIRED);
	add_certificate(0, "AB01", ERR_OK);
	assert_string_equal(chosen(NULL, NULL), "AB01");
	assert_string_equal(chosen("A", NULL), "AB01");
	assert_string_equal(chosen(NULL, "ab01"), "AB01");
	assert_string_equal(chosen(NULL, "ab:01"), "AB01");
}

static void test_several_want_a_choice(void **state)
{
	(void)state;
	cards = (struct cards){.reader_count = 0};
	add_reader("A", ERR_OK);
	add_reader("B", ERR_OK);
	add_certificate(0, "45", ERR_OK);
	add_certificate(1, "45", ERR_OK);
	add_certificate(1, "46", ERR_OK);
	assert_string_equal(chosen(NULL, NULL), "K-508");
	assert_string_equal(chosen("B", NULL), "K-508");
	assert_string_equal(chosen(NULL, "45"), "K-508");
	assert_string_equal(chosen("A", NULL), "45");
	assert_string_equal(chosen(NULL, "46"), "46");
	assert_string_equal(chosen("A", "45"), "45");
}

static void test_none_says_why(void **state)
{
	(void)state;
	cards = (struct cards){.error = {.code = ERR_NO_DAEMON}};
	assert_string_equal(chosen(NULL, NULL), "K-101");
	assert_string_equal(chosen("A", NULL), "K-101");
	cards = (struct cards){.reader_count = 0};
	add_reader("A", ERR_NO_CARD);
	assert_string_equal(chosen(NULL, NULL), "K-104");
	assert_string_equal(chosen("A", NULL), "K-104");
	assert_string_equal(chosen("B", NULL), "K-507");
	add_reader("B", ERR_CARD_MUTE);
	assert_string_equal(chosen(NULL, NULL), "K-118");
	assert_string_equal(chosen("B", NULL), "K-105");
}

static void test_unusable_ones_say_why(void **state)
{
	(void)state;
	cards = (struct cards){.reader_count = 0};
	add_reader("A", ERR_OK);
	add_certificate(0, "45", ERR_CERTIFICATE_EXPIRED);
	assert_string_equal(chosen(NULL, NULL), "K-302");
	assert_string_equal(chosen(NULL, "99"), "K-118");
	assert_string_equal(chosen(NULL, "not hexadecimal"), "K-118");
	add_certificate(0, "46", ERR_CERTIFICATE_USAGE);
	assert_string_equal(chosen(NULL, NULL), "K-118");
	assert_string_equal(chosen(NULL, "46"), "K-304");
}

/* As chosen(), of a PIN to be set. */
static const char *chosen_pin(const char *reader, const char *id)
{
	const struct cards_certificate *c = NULL;
	struct error e = {.code = ERR_OK};
	enum err code = choice_of_pin(&cards, reader, id, &c, &e);

	assert_int_equal(code, e.code);
	return code ? error_code(code) : c->id;
}

static void test_a_pin_is_a_cards(void **state)
{
	(void)state;
	cards = (struct cards){.reader_count = 0};
	add_reader("A", ERR_OK);
	add_certificate(0, "43", ERR_NO_KEY);
	assert_string_equal(chosen_pin(NULL, NULL), "K-118");
	add_certificate(0, "44", ERR_CERTIFICATE_EXPIRED);
	assert_string_equal(chosen_pin(NULL, NULL), "44");
	add_certificate(0, "45", ERR_OK);
	add_certificate(0, "46", ERR_OK);
	assert_string_equal(chosen_pin(NULL, NULL), "45");
	assert_string_equal(chosen_pin(NULL, "46"), "46");
	assert_string_equal(chosen_pin(NULL, "44"), "44");
	assert_string_equal(chosen_pin(NULL, "47"), "K-118");
	assert_string_equal(chosen_pin("B", NULL), "K-507");
	add_reader("B", ERR_OK);
	add_certificate(1, "45", ERR_OK);
	assert_string_equal(chosen_pin(NULL, NULL), "K-508");
	assert_string_equal(chosen_pin("B", NULL), "45");
	cards = (struct cards){.error = {.code = ERR_NO_DAEMON}};
	assert_string_equal(chosen_pin(NULL, NULL), "K-101");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_only_usable_one),
		cmocka_unit_test(test_several_want_a_choice),
		cmocka_unit_test(test_none_says_why),
		cmocka_unit_test(test_unusable_ones_say_why),
		cmocka_unit_test(test_a_pin_is_a_cards),
	};

	return cmocka_run_group_tests_name("choice", tests, NULL, NULL);
}

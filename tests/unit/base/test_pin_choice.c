#include "unit.h"

#include "base/pin_choice.h"

static enum err judge(const char *pin, const char *puk)
{
	return pin_choice(span_text(pin), span_text(puk));
}

static void what_is_tried_first_is_refused(void **state)
{
	(void)state;
	assert_int_equal(judge("000000", "87654321"), ERR_PIN_EQUAL);
	assert_int_equal(judge("7777", "87654321"), ERR_PIN_EQUAL);
	assert_int_equal(judge("123456", "87654321"), ERR_PIN_ROW);
	assert_int_equal(judge("4321", "12340000"), ERR_PIN_ROW);
	assert_int_equal(judge("890123", "12340000"), ERR_PIN_ROW);
	assert_int_equal(judge("2109", "12340000"), ERR_PIN_ROW);
	assert_int_equal(judge("519428", "51942837"), ERR_PIN_LIKE_PUK);
	assert_int_equal(judge("51942837", "51942837"), ERR_PIN_LIKE_PUK);
	assert_int_equal(judge("5194283700", "51942837"), ERR_PIN_LIKE_PUK);
}

static void others_are_not(void **state)
{
	(void)state;
	assert_int_equal(judge("805137", "12345678"), ERR_OK);
	assert_int_equal(judge("123457", "87654321"), ERR_OK);
	assert_int_equal(judge("1231", "87654321"), ERR_OK);
	assert_int_equal(judge("777778", "87654321"), ERR_OK);
	assert_int_equal(judge("942837", "51942837"), ERR_OK);
	assert_int_equal(judge("519429", "51942837"), ERR_OK);
	assert_int_equal(judge("805137", ""), ERR_OK);
}

/* Of the million PINs of six digits few are lost: one digit all over, and the rows up and down. */
static void few_are_lost(void **state)
{
	unsigned equal = 0, row = 0;
	char pin[7];

	(void)state;
	for (unsigned n = 0; n < 1000000; n++) {
		enum err code;

		for (unsigned i = 6, rest = n; i-- > 0; rest /= 10)
			pin[i] = (char)('0' + rest % 10);
		pin[6] = '\0';
		code = judge(pin, "x");
		equal += code == ERR_PIN_EQUAL;
		row += code == ERR_PIN_ROW;
	}
	assert_int_equal(equal, 10);
	assert_int_equal(row, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_tried_first_is_refused),
		cmocka_unit_test(others_are_not),
		cmocka_unit_test(few_are_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

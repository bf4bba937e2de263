#include "unit.h"

#include "portal/limits.h"

#include <stdio.h>

static void each_has_a_limit_of_its_own(void **state)
{
	const long limits[LIMIT_COUNT] = {[LIMIT_LOGIN] = 2, [LIMIT_CODES] = 1};
	const long none[LIMIT_COUNT] = {0};
	struct limits *l = limits_new();

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_int_equal(limits_take(l, LIMIT_LOGIN, "192.0.2.1", NULL), ERR_OK);
	limits_configure(l, limits);
	assert_int_equal(limits_take(l, LIMIT_LOGIN, "192.0.2.1", NULL), ERR_OK);
	assert_int_equal(limits_take(l, LIMIT_LOGIN, "192.0.2.1", NULL), ERR_OK);
	assert_int_equal(limits_take(l, LIMIT_LOGIN, "192.0.2.1", NULL), ERR_TOO_OFTEN);
	assert_int_equal(limits_take(l, LIMIT_LOGIN, "192.0.2.2", NULL), ERR_OK);
	assert_int_equal(limits_take(l, LIMIT_LOGIN, "2001:db8::1", NULL), ERR_OK);
	assert_int_equal(limits_take(l, LIMIT_LOGIN, "2001:db8::2", NULL), ERR_OK);
	assert_int_equal(limits_take(l, LIMIT_LOGIN, "2001:db8::3", NULL), ERR_TOO_OFTEN);
	assert_int_equal(limits_take(l, LIMIT_CODES, "10000000146", NULL), ERR_OK);
	assert_int_equal(limits_take(l, LIMIT_CODES, "10000000146", NULL), ERR_TOO_OFTEN);
	assert_int_equal(limits_take(l, LIMIT_CODES, "10000000078", NULL), ERR_OK);
	limits_configure(l, none);
	assert_int_equal(limits_take(l, LIMIT_CODES, "10000000146", NULL), ERR_OK);
	limits_free(l);
}

/* However many take part, none stands in another's way. */
static void all_together_have_none(void **state)
{
	const long limits[LIMIT_COUNT] = {1, 1};
	struct limits *l = limits_new();
	char who[16];

	(void)state;
	limits_configure(l, limits);
	for (int i = 0; i < 5000; i++) {
		snprintf(who, sizeof(who), "%d", i);
		assert_int_equal(limits_take(l, LIMIT_CODES, who, NULL), ERR_OK);
	}
	limits_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_a_limit_of_its_own),
		cmocka_unit_test(all_together_have_none),
	};

	return cmocka_run_group_tests_name("portal limits", tests, NULL, NULL);
}

#include "unit.h"

#include "portal/ratelimit.h"

#include <stdio.h>

#define MINUTE INT64_C(60000)

static const struct ratelimit_settings standard = {
	.per_minute = 5, .per_hour = 20, .all_per_minute = 60, .consecutive = 100, .stop_s = 900};

static int begin(void **state)
{
	*state = ratelimit_new(&standard);
	return 0;
}

static int end(void **state)
{
	ratelimit_free(*state);
	return 0;
}

static void five_wrong_codes_a_minute(void **state)
{
	struct ratelimit *r = *state;
	struct ratelimit_client a = ratelimit_client_of("192.0.2.1"),
				b = ratelimit_client_of("192.0.2.2");

	for (int i = 0; i < 5; i++) {
		assert_int_equal(ratelimit_wait(r, a, i * 1000), 0);
		assert_false(ratelimit_failure(r, a, i * 1000));
	}
	assert_int_equal(ratelimit_wait(r, a, 5000), MINUTE - 5000);
	assert_int_equal(ratelimit_wait(r, b, 5000), 0);
	assert_int_equal(ratelimit_wait(r, a, MINUTE - 1), 1);
	assert_int_equal(ratelimit_wait(r, a, MINUTE), 0);
}

static void a_right_code_does_not_buy_more_guesses(void **state)
{
	struct ratelimit *r = *state;
	struct ratelimit_client a = ratelimit_client_of("192.0.2.1");

	for (int i = 0; i < 5; i++) {
		ratelimit_failure(r, a, 0);
		ratelimit_success(r);
	}
	assert_true(ratelimit_wait(r, a, 1) > 0);
}

static void twenty_wrong_codes_an_hour(void **state)
{
	struct ratelimit *r = *state;
	struct ratelimit_client a = ratelimit_client_of("192.0.2.1");
	int64_t now = 0;

	for (int i = 0; i < 20; i++, now += 2 * MINUTE) {
		assert_int_equal(ratelimit_wait(r, a, now), 0);
		ratelimit_failure(r, a, now);
	}
	assert_int_equal(ratelimit_wait(r, a, now), 60 * MINUTE - now);
	assert_int_equal(ratelimit_wait(r, a, 60 * MINUTE), 0);
}

static struct ratelimit_client client_number(int n)
{
	char address[32];

	snprintf(address, sizeof(address), "10.0.%d.%d", n / 250, n % 250);
	return ratelimit_client_of(address);
}

static void sixty_of_all_a_minute(void **state)
{
	struct ratelimit *r = *state;

	for (int i = 0; i < 60; i++)
		ratelimit_failure(r, client_number(i), 0);
	assert_int_equal(ratelimit_wait(r, client_number(999), 1), MINUTE - 1);
	assert_int_equal(ratelimit_wait(r, client_number(999), MINUTE), 0);
}

static void a_hundred_in_a_row_stop_everything(void **state)
{
	struct ratelimit *r = *state;
	int64_t now = 0;

	for (int i = 1; i < 100; i++, now += 2000)
		assert_false(ratelimit_failure(r, client_number(i), now));
	assert_int_equal(ratelimit_wait(r, client_number(500), now), 0);
	assert_true(ratelimit_failure(r, client_number(100), now)); /* the alarm, once */
	assert_int_equal(ratelimit_wait(r, client_number(101), now), 900 * 1000);
	assert_int_equal(ratelimit_wait(r, client_number(101), now + 900 * 1000), 0);
}

static void a_right_code_ends_the_row(void **state)
{
	struct ratelimit *r = *state;

	for (int i = 1; i < 300; i++) {
		assert_false(ratelimit_failure(r, client_number(i), i * 2000));
		if (i % 99 == 0)
			ratelimit_success(r);
	}
}

static void an_attacker_with_many_addresses_is_still_counted(void **state)
{
	static const struct ratelimit_settings wide = {.per_minute = 5,
		.per_hour = 20,
		.all_per_minute = 1024,
		.consecutive = 100000,
		.stop_s = 1};
	struct ratelimit *r = ratelimit_new(&wide);

	(void)state;
	for (int i = 0; i < 5000; i++)
		ratelimit_failure(r, client_number(i), i);
	/* More addresses than are remembered: the oldest are forgotten, the count over all is not.
	 */
	assert_true(ratelimit_wait(r, client_number(60000), 5000) > 0);
	ratelimit_free(r);
}

static void what_others_know_holds_too(void **state)
{
	struct ratelimit *r = *state;

	ratelimit_hold(r, client_number(1), MINUTE, 0, 1000);
	assert_int_equal(ratelimit_wait(r, client_number(1), 1000), MINUTE);
	assert_int_equal(ratelimit_wait(r, client_number(1), 1000 + MINUTE), 0);
	assert_int_equal(ratelimit_wait(r, client_number(2), 1000), 0);
	ratelimit_hold(r, client_number(1), 0, 2 * MINUTE, 1000);
	assert_int_equal(ratelimit_wait(r, client_number(2), 1000), 2 * MINUTE);
	ratelimit_hold(r, client_number(1), 0, MINUTE, 1000); /* shortens nothing */
	assert_int_equal(ratelimit_wait(r, client_number(2), 1000), 2 * MINUTE);
}

static void a_row_goes_on_from_what_others_know(void **state)
{
	struct ratelimit *r = *state;

	ratelimit_set_row(r, 98);
	assert_false(ratelimit_failure(r, client_number(1), 0));
	assert_true(ratelimit_failure(r, client_number(2), 0));
}

static void one_subscriber_is_one_client(void **state)
{
	struct ratelimit_client a = ratelimit_client_of("2001:db8:1:2::1"),
				b = ratelimit_client_of("2001:db8:1:2:ffff::9"),
				c = ratelimit_client_of("2001:db8:1:3::1"),
				d = ratelimit_client_of("192.0.2.1"),
				e = ratelimit_client_of("::ffff:192.0.2.1"),
				f = ratelimit_client_of("192.0.2.2");

	(void)state;
	assert_memory_equal(&a, &b, sizeof(a));
	assert_memory_not_equal(&a, &c, sizeof(a));
	assert_memory_equal(&d, &e, sizeof(d));
	assert_memory_not_equal(&d, &f, sizeof(d));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(five_wrong_codes_a_minute, begin, end),
		cmocka_unit_test_setup_teardown(a_right_code_does_not_buy_more_guesses, begin, end),
		cmocka_unit_test_setup_teardown(twenty_wrong_codes_an_hour, begin, end),
		cmocka_unit_test_setup_teardown(sixty_of_all_a_minute, begin, end),
		cmocka_unit_test_setup_teardown(a_hundred_in_a_row_stop_everything, begin, end),
		cmocka_unit_test_setup_teardown(a_right_code_ends_the_row, begin, end),
		cmocka_unit_test_setup_teardown(what_others_know_holds_too, begin, end),
		cmocka_unit_test_setup_teardown(a_row_goes_on_from_what_others_know, begin, end),
		cmocka_unit_test(an_attacker_with_many_addresses_is_still_counted),
		cmocka_unit_test(one_subscriber_is_one_client),
	};

	return cmocka_run_group_tests_name("portal ratelimit", tests, NULL, NULL);
}

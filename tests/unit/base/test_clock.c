#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

static void monotonic_never_goes_back(void **state)
{
	int64_t before = clock_monotonic_ms();

	(void)state;
	for (int i = 0; i < 1000; i++) {
		int64_t now = clock_monotonic_ms();

		assert_true(now >= before);
		before = now;
	}
}

static void wall_is_the_time_of_day(void **state)
{
	time_t before = time(NULL);
	int64_t now = clock_wall_s();

	(void)state;
	assert_true(now >= before && now <= before + 5);
	assert_true(clock_wall_ms() / 1000 >= before && clock_wall_ms() / 1000 <= before + 5);
}

static void local_time_is_written_as_on_the_official_screens(void **state)
{
	char out[20];

	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	clock_format_local(1646156394, out);
	assert_string_equal(out, "01.03.2022 17:39:54");
	clock_format_local(0, out);
	assert_string_equal(out, "01.01.1970 00:00:00");
	setenv("TZ", "<+03>-3", 1);
	tzset();
	clock_format_local(0, out);
	assert_string_equal(out, "01.01.1970 03:00:00");
}

static void times_that_have_no_date_end_in_a_mark(void **state)
{
	char out[20];

	(void)state;
	clock_format_local(INT64_MAX, out);
	assert_string_equal(out, "?");
	clock_format_local(INT64_C(1) << 40, out);
	assert_string_equal(out, "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(monotonic_never_goes_back),
		cmocka_unit_test(wall_is_the_time_of_day),
		cmocka_unit_test(local_time_is_written_as_on_the_official_screens),
		cmocka_unit_test(times_that_have_no_date_end_in_a_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

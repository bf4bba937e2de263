#include "unit.h"

#include "portal/environment.h"

static void only_what_is_known_gets_through(void **state)
{
	static const char *const given[] = {"LD_PRELOAD=/tmp/x.so",
		"NOTIFY_SOCKET=@/run/systemd/notify", "LISTEN_PID=12", "LISTEN_FDS=1",
		"WATCHDOG_USEC=1000000", "JOURNAL_STREAM=9:1234", "SSLKEYLOGFILE=/tmp/keys",
		"OPENSSL_CONF=/tmp/x", "PGPASSFILE=/tmp/x", "LANGUAGE=en:tr", "TZ=Europe/Istanbul",
		"PATH=/tmp", "LISTEN_FDSX=1", NULL};
	static const char *const wanted[] = {
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"NOTIFY_SOCKET=@/run/systemd/notify", "LISTEN_PID=12", "LISTEN_FDS=1",
		"WATCHDOG_USEC=1000000", "JOURNAL_STREAM=9:1234", "LANGUAGE=en:tr",
		"TZ=Europe/Istanbul", NULL};
	const char *out[ENVIRONMENT_MAX + 1], *again[ENVIRONMENT_MAX + 1];
	size_t n = environment_clean(environment_kept, given, out);

	(void)state;
	assert_int_equal(n, sizeof(wanted) / sizeof(*wanted) - 1);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(out[i], wanted[i]);
	assert_null(out[n]);
	assert_int_equal(environment_clean(environment_kept, out, again), n);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(again[i], wanted[i]);
}

static void values_of_another_form_do_not(void **state)
{
	static const char *const given[] = {"LANGUAGE=../../tmp", "LISTEN_PID=1 2", "TZ=:/tmp/\x01",
		"NOTIFY_SOCKET=a\nb", NULL};
	const char *out[ENVIRONMENT_MAX + 1];

	(void)state;
	assert_int_equal(environment_clean(environment_kept, given, out), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_known_gets_through),
		cmocka_unit_test(values_of_another_form_do_not),
	};

	return cmocka_run_group_tests_name("portal environment", tests, NULL, NULL);
}

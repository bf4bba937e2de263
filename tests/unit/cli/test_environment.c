#include "unit.h"

#include <fcntl.h>
#include <unistd.h>

#include "cli/environment.h"

#define PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define ENVP(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The clean environment of envp is the words wanted, NULL-ended, and cleaning it again changes
 * nothing, so that the program starts afresh once at most. */
static void assert_clean(const char *const envp[], const char *const wanted[])
{
	const char *clean[ENVIRONMENT_MAX + 1];
	size_t n = environment_clean(environment_kept, envp, clean);

	for (size_t i = 0; i < n; i++) {
		assert_non_null(wanted[i]);
		assert_string_equal(clean[i], wanted[i]);
	}
	assert_null(wanted[n]);
	assert_null(clean[n]);
	assert_true(environment_is_clean(environment_kept, clean));
}

static void test_nothing_hostile_gets_through(void **state)
{
	static const char *const hostile[] = {"LD_PRELOAD=/tmp/x.so", "LD_LIBRARY_PATH=/tmp",
		"LD_AUDIT=/tmp/x.so", "LD_DEBUG=all", "OPENSSL_CONF=/tmp/x", "OPENSSL_MODULES=/tmp",
		"OPENSSL_ENGINES=/tmp", "SSL_CERT_FILE=/tmp/x", "SSL_CERT_DIR=/tmp",
		"SSLKEYLOGFILE=/tmp/x", "http_proxy=http://x", "https_proxy=http://x",
		"HTTPS_PROXY=http://x", "ALL_PROXY=http://x", "TERMINFO=/tmp", "TERMINFO_DIRS=/tmp",
		"TERMCAP=xterm:", "TERMPATH=/tmp", "NCURSES_TRACE=1", "NCURSES_NO_UTF8_ACS=1",
		"ESCDELAY=1", "LINES=1", "COLUMNS=1", "PCSCLITE_CSOCK_NAME=/tmp/x",
		"PCSCLITE_DEBUG=0", "LIBPCSCLITE_DELEGATE=/tmp/x.so", "HOME=/tmp", "LANGUAGE=xx",
		"LANG=tr_TR.UTF-8", "LC_ALL=C", "LOCPATH=/tmp", "NLSPATH=/tmp", "GCONV_PATH=/tmp",
		"OUTPUT_CHARSET=x", "TZDIR=/tmp", "MALLOC_CHECK_=3", "TMPDIR=/tmp",
		"SSH_AUTH_SOCK=/tmp/x", "SSH_CONNECTION=x", "DISPLAY=:0",
		"DBUS_SESSION_BUS_ADDRESS=x", "GLIBC_TUNABLES=x=y", "CURL_HOME=/tmp",
		"BASH_ENV=/tmp/x", "=x", "TERM", "PATHS=/tmp", ""};

	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		const char *const *envp = ENVP(hostile[i], "TERM=xterm");

		assert_false(environment_is_clean(environment_kept, envp));
		assert_clean(envp, ENVP(PATH, "TERM=xterm"));
	}
}

static void test_the_path_is_ours(void **state)
{
	(void)state;
	assert_clean((const char *[]){NULL}, ENVP(PATH));
	assert_clean(ENVP("PATH=/tmp"), ENVP(PATH));
	assert_true(environment_is_clean(environment_kept, ENVP(PATH)));
	assert_false(environment_is_clean(environment_kept, ENVP(PATH, PATH)));
	assert_false(environment_is_clean(environment_kept, ENVP("PATH=/tmp")));
}

/* getenv() gives the first of two, and so do we. */
static void test_a_variable_given_twice(void **state)
{
	(void)state;
	assert_clean(ENVP("TERM=xterm", "TERM=linux"), ENVP(PATH, "TERM=xterm"));
	assert_clean(ENVP("TERM=../x", "TERM=linux"), ENVP(PATH));
	assert_false(environment_is_clean(environment_kept, ENVP(PATH, "TERM=xterm", "TERM=../x")));
}

static void test_terminals(void **state)
{
	static const char *const good[] = {"linux", "xterm", "xterm-256color", "xterm-kitty",
		"screen", "screen.xterm-256color", "tmux", "tmux-256color", "vt100", "vt220",
		"rxvt-unicode", "rxvt-unicode-256color", "putty", "putty-256color", "foot",
		"st-256color"};
	static const char *const bad[] = {"", "dumb", "xtermx", "xterm/../x", "../xterm",
		"xterm-\x1b[m", "XTERM", "xterm 256", "/tmp/x",
		"screen-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(environment_is_terminal(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(environment_is_terminal(bad[i]));
}

static void test_zones(void **state)
{
	static const char *const good[] = {
		"UTC", "Europe/Istanbul", "Etc/GMT-3", "Etc/GMT+3", "America/Port-au-Prince"};
	static const char *const bad[] = {"", "/etc/passwd", ":Europe/Istanbul", "../x",
		"Europe/../../x", "<+03>-3", "Europe//Istanbul", "x\n", "EST5EDT,M3.2.0"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(environment_is_zone(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(environment_is_zone(bad[i]));
	assert_clean(ENVP("TZ=UTC", "TERM=linux"), ENVP(PATH, "TERM=linux", "TZ=UTC"));
	assert_clean(ENVP("TZ=/etc/passwd"), ENVP(PATH));
}

/* The descriptor that a PIN comes through must not reach a worker. */
static void test_descriptors(void **state)
{
	int keep = dup2(STDIN_FILENO, 7);

	(void)state;
	assert_int_equal(keep, 7);
	assert_int_equal(dup2(STDIN_FILENO, 3), 3);
	assert_int_equal(dup2(STDIN_FILENO, 8), 8);
	environment_close_descriptors(keep, -1);
	assert_int_equal(fcntl(3, F_GETFD), -1);
	assert_int_equal(fcntl(7, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(8, F_GETFD), -1);
	assert_int_equal(dup2(STDIN_FILENO, 3), 3);
	environment_close_descriptors(7, 3);
	assert_int_equal(fcntl(3, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(7, F_GETFD), FD_CLOEXEC);
	environment_close_descriptors(3, 3);
	assert_int_equal(fcntl(3, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(7, F_GETFD), -1);
	environment_close_descriptors(-1, -1);
	assert_int_equal(fcntl(3, F_GETFD), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_hostile_gets_through),
		cmocka_unit_test(test_the_path_is_ours),
		cmocka_unit_test(test_a_variable_given_twice),
		cmocka_unit_test(test_terminals),
		cmocka_unit_test(test_zones),
		cmocka_unit_test(test_descriptors),
	};

	return cmocka_run_group_tests_name("environment", tests, NULL, NULL);
}

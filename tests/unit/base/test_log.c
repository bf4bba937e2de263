#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

static void assert_encoded(const char *message, const char *as)
{
	struct bytes out = {0};

	log_encode(message, &out);
	assert_string_equal(bytes_text(&out), as);
	bytes_free(&out);
}

static void long_runs_of_digits_are_masked(void **state)
{
	(void)state;
	assert_encoded("10000000146", "***");
	assert_encoded("no 10000000146, kod 12345678901234567.", "no ***, kod ***.");
	assert_encoded("kod 1234 5678 9012 3456 7", "kod ***");
	assert_encoded("1234-5678-9012-34567-", "***-");
	assert_encoded("123******46", "123******46");
	assert_encoded("1234567890", "1234567890");
	assert_encoded("1234567890 a", "1234567890 a");
	assert_encoded("2024-06-07 12:30", "2024-06-07 12:30");
	assert_encoded("SW 6983, PC/SC 8010001D", "SW 6983, PC/SC 8010001D");
	assert_encoded("12345678901x12345678901", "***x***");
}

static void unsafe_text_is_encoded(void **state)
{
	(void)state;
	assert_encoded("ad: Ayşe ₺", "ad: Ayşe ₺");
	assert_encoded("a\nerror: forged", "a\\x0Aerror: forged");
	assert_encoded("\x1B[2J\r\t\x7F", "\\u{1B}[2J\\u{D}\\u{9}\\u{7F}");
	assert_encoded("\xE2\x80\xAE\xFF\xC2\x9B", "\\u{202E}\\xFF\\u{9B}");
	assert_encoded("", "");
}

/* A name in a directory of its own, for a log that does not exist yet. */
static char *new_path(void)
{
	static char path[64];

	snprintf(path, sizeof(path), "/tmp/eonay-log-XXXXXX");
	assert_non_null(mkdtemp(path));
	strcat(path, "/log");
	return path;
}

static void remove_path(char *path)
{
	unlink(path);
	*strrchr(path, '/') = '\0';
	assert_int_equal(rmdir(path), 0);
}

static void close_log(void)
{
	assert_int_equal(log_open("deneme", "none", LOG_LEVEL_DEBUG, NULL), ERR_OK);
}

static char *content_of(const char *path)
{
	static char content[4 * LOG_LINE];
	FILE *file = fopen(path, "r");
	size_t n;

	assert_non_null(file);
	n = fread(content, 1, sizeof(content) - 1, file);
	content[n] = '\0';
	fclose(file);
	return content;
}

static void a_file_gets_one_line_a_message(void **state)
{
	char *path = new_path(), *text;
	struct error e = {0}, failure = {0};
	struct stat st;

	(void)state;
	assert_int_equal(log_open("deneme", path, LOG_LEVEL_INFO, &e), ERR_OK);
	log_write(LOG_LEVEL_INFO, "bir %d", 1);
	log_write(LOG_LEVEL_DEBUG, "unheard");
	error_set_sw(&failure, ERR_PIN_WRONG, 0x63C2, "VERIFY\n");
	log_failure("imza", &failure);
	close_log();
	log_write(LOG_LEVEL_ERROR, "after the end");

	text = content_of(path);
	assert_non_null(strstr(text, "] info: bir 1\n"));
	assert_non_null(strstr(text, "] error: imza: K-201 PIN_WRONG: VERIFY\\x0A (SW 63C2)\n"));
	assert_non_null(strstr(text, "Z deneme["));
	assert_null(strstr(text, "unheard"));
	assert_null(strstr(text, "after the end"));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	remove_path(path);
}

/* The masking comes before the cut: no ten digits of a number are left at the end of a long line.
 */
static void long_messages_are_cut_after_masking(void **state)
{
	char *path = new_path(), message[2 * LOG_LINE], *text;

	(void)state;
	memset(message, 'x', sizeof(message));
	memcpy(message + LOG_LINE - 5, "10000000146", 11);
	message[sizeof(message) - 1] = '\0';
	assert_int_equal(log_open("deneme", path, LOG_LEVEL_INFO, NULL), ERR_OK);
	log_write(LOG_LEVEL_INFO, "%s", message);
	close_log();
	text = content_of(path);
	assert_null(strstr(text, "1000"));
	assert_non_null(strstr(text, "xx***x…\n"));
	assert_true(strlen(text) < LOG_LINE + 100);
	remove_path(path);
}

static void appends_and_follows_no_link(void **state)
{
	char *path = new_path(), link[80];
	struct error e = {0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(log_open("deneme", path, LOG_LEVEL_INFO, &e), ERR_OK);
		log_write(LOG_LEVEL_ERROR, "kez %d", i);
	}
	close_log();
	assert_non_null(strstr(content_of(path), "kez 0\n"));
	assert_non_null(strstr(content_of(path), "kez 1\n"));

	snprintf(link, sizeof(link), "%s.link", path);
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(log_open("deneme", link, LOG_LEVEL_INFO, &e), ERR_FILE_WRITE);
	assert_non_null(strstr(e.where, link));
	unlink(link);
	remove_path(path);
}

/* Settings that are read anew may name one. */
static void what_does_not_open_leaves_the_log_that_there_is(void **state)
{
	char *path = new_path(), *text;

	(void)state;
	assert_int_equal(log_open("deneme", path, LOG_LEVEL_INFO, NULL), ERR_OK);
	assert_int_equal(log_open("other", "/nowhere/log", LOG_LEVEL_DEBUG, NULL), ERR_FILE_WRITE);
	log_write(LOG_LEVEL_INFO, "heard");
	log_write(LOG_LEVEL_DEBUG, "unheard");
	close_log();
	text = content_of(path);
	assert_non_null(strstr(text, "Z deneme["));
	assert_non_null(strstr(text, "info: heard\n"));
	assert_null(strstr(text, "unheard"));
	remove_path(path);
}

static void none_is_silent_and_syslog_opens(void **state)
{
	(void)state;
	assert_int_equal(log_open("deneme", "none", LOG_LEVEL_DEBUG, NULL), ERR_OK);
	log_write(LOG_LEVEL_ERROR, "nobody hears");
	assert_int_equal(log_open("deneme", "syslog", LOG_LEVEL_DEBUG, NULL), ERR_OK);
	close_log();
	assert_int_equal(log_open("deneme", "/nowhere/log", LOG_LEVEL_DEBUG, NULL), ERR_FILE_WRITE);
	log_write(LOG_LEVEL_ERROR, "nobody hears");
}

static void stderr_stays_open(void **state)
{
	(void)state;
	assert_int_equal(log_open("deneme", "stderr", LOG_LEVEL_ERROR, NULL), ERR_OK);
	close_log();
	assert_true(fcntl(STDERR_FILENO, F_GETFD) >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_runs_of_digits_are_masked),
		cmocka_unit_test(unsafe_text_is_encoded),
		cmocka_unit_test(a_file_gets_one_line_a_message),
		cmocka_unit_test(long_messages_are_cut_after_masking),
		cmocka_unit_test(appends_and_follows_no_link),
		cmocka_unit_test(what_does_not_open_leaves_the_log_that_there_is),
		cmocka_unit_test(none_is_silent_and_syslog_opens),
		cmocka_unit_test(stderr_stays_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

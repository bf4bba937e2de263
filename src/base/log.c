#include "base/log.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

#define DIGITS_KEPT 10 /* a T.C. kimlik no has 11, a code 17; a time stamp in digits has 10 */

enum target { TARGET_NONE, TARGET_SYSLOG, TARGET_FD, TARGET_SINK };

/* The one log of the process: state here rather than handed through every function that may fail.
 */
static struct {
	enum target target;
	enum log_level level;
	int fd;
	void (*sink)(int priority, const char *program, const char *line);
	char program[32]; /* openlog() keeps the pointer */
} the = {.fd = -1};

/* Threads write, and the log may be opened anew meanwhile. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

const char *const log_level_names[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
	[LOG_LEVEL_DEBUG + 1] = NULL,
};

static const int priorities[] = {
	[LOG_LEVEL_ERROR] = LOG_ERR,
	[LOG_LEVEL_WARNING] = LOG_WARNING,
	[LOG_LEVEL_INFO] = LOG_INFO,
	[LOG_LEVEL_DEBUG] = LOG_DEBUG,
};

static void close_target(void)
{
	if (the.target == TARGET_SYSLOG)
		closelog();
	if (the.fd > STDERR_FILENO)
		close(the.fd);
	the.target = TARGET_NONE;
	the.fd = -1;
}

static enum target target_named(const char *target)
{
	if (strcmp(target, "none") == 0)
		return TARGET_NONE;
	return strcmp(target, "syslog") == 0 ? TARGET_SYSLOG : TARGET_FD;
}

static enum err open_file(const char *target, int *fd, struct error *e)
{
	*fd = STDERR_FILENO;
	if (strcmp(target, "stderr") != 0)
		*fd = open(target,
			O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
	return *fd >= 0 ? ERR_OK : error_set_errno(e, ERR_FILE_WRITE, "%s", target);
}

static enum err open_target(
	const char *program, const char *target, enum log_level level, struct error *e)
{
	enum target kind = target_named(target);
	int fd = -1;
	enum err code = kind == TARGET_FD ? open_file(target, &fd, e) : ERR_OK;

	if (code)
		return code;
	close_target();
	snprintf(the.program, sizeof(the.program), "%s", program);
	the.level = level;
	the.target = kind;
	the.fd = fd;
	if (kind == TARGET_SYSLOG)
		openlog(the.program, LOG_PID | LOG_NDELAY, LOG_AUTHPRIV);
	return ERR_OK;
}

enum err log_open(const char *program, const char *target, enum log_level level, struct error *e)
{
	enum err code;

	pthread_mutex_lock(&mutex);
	code = open_target(program, target, level, e);
	pthread_mutex_unlock(&mutex);
	return code;
}

void log_open_sink(const char *program,
	void (*sink)(int priority, const char *program, const char *line), enum log_level level)
{
	pthread_mutex_lock(&mutex);
	close_target();
	snprintf(the.program, sizeof(the.program), "%s", program);
	the.level = level;
	the.sink = sink;
	the.target = TARGET_SINK;
	pthread_mutex_unlock(&mutex);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Bytes of the run of digits that text begins with, single blanks and dashes between digits
 * included; *digits is how many of them are digits. */
static size_t digit_run(const char *text, size_t *digits)
{
	size_t n = 0;

	*digits = 0;
	while (is_digit(text[n]) || ((text[n] == ' ' || text[n] == '-') && is_digit(text[n + 1]))) {
		if (is_digit(text[n]))
			(*digits)++;
		n++;
	}
	return n;
}

static void append_encoded(struct span s, size_t at, size_t n, struct bytes *out)
{
	struct text_piece piece;

	for (size_t end = at + n; at < end; at += piece.n) {
		piece = text_piece_at(s, at);
		bytes_append_text(out, piece.line_end ? "\\x0A" : piece.form);
	}
}

void log_encode(const char *message, struct bytes *out)
{
	struct span s = span_text(message);
	size_t at = 0, n, digits;

	while (at < s.n) {
		n = is_digit(message[at]) ? digit_run(message + at, &digits) : 0;
		if (n > 0 && digits > DIGITS_KEPT) {
			bytes_append_text(out, "***");
		} else {
			n = n > 0 ? n : text_piece_at(s, at).n;
			append_encoded(s, at, n, out);
		}
		at += n;
	}
}

/* One write, so that the lines of the program and its workers don't mix. A log that can't be
 * written is no reason to stop the ceremony, and there is nowhere left to say so. */
static void write_line(enum log_level level, const char *message)
{
	struct bytes line = {0};
	time_t now = time(NULL);
	struct tm utc;
	char stamp[24];

	if (!gmtime_r(&now, &utc) ||
		strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		snprintf(stamp, sizeof(stamp), "?");
	bytes_append_format(
		&line, "%s %s[%d] %s: ", stamp, the.program, (int)getpid(), log_level_names[level]);
	bytes_append_text(&line, message);
	bytes_append_byte(&line, '\n');
	if (write(the.fd, line.at, line.n) < 0)
		close_target();
	bytes_free(&line);
}

void log_write(enum log_level level, const char *format, ...)
{
	struct bytes message = {0}, encoded = {0}, line = {0};
	va_list args;

	if (the.target == TARGET_NONE || level > the.level)
		return;
	va_start(args, format);
	bytes_append_vformat(&message, format, args);
	va_end(args);
	log_encode(bytes_text(&message), &encoded);
	/* Cut after masking, so that no part of a masked number is left at the cut. */
	text_line(bytes_span(&encoded), LOG_LINE, &line);
	pthread_mutex_lock(&mutex);
	if (the.target == TARGET_SYSLOG)
		syslog(priorities[level], "%s", bytes_text(&line));
	else if (the.target == TARGET_SINK)
		the.sink(priorities[level], the.program, bytes_text(&line));
	else if (the.target == TARGET_FD)
		write_line(level, bytes_text(&line));
	pthread_mutex_unlock(&mutex);
	bytes_free(&message);
	bytes_free(&encoded);
	bytes_free(&line);
}

void log_failure(const char *doing, const struct error *e)
{
	log_write(LOG_LEVEL_ERROR, "%s: %s %s: %s", doing, error_code(e->code),
		error_symbol(e->code), e->where);
}

/* The log: syslog/journal or a file. Never a PIN, a code or a full T.C. kimlik no: a run of 11
 * digits or more, blanks and dashes between them or not, that slips into a message is masked here
 * as a last resort. What is unsafe to show (base/text.h) is written in its visible form and a line
 * feed as \x0A, so that no message forges a second line. Safe to use from several threads. */
#ifndef EONAY_BASE_LOG_H
#define EONAY_BASE_LOG_H

#include "base/bytes.h"
#include "base/error.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* What they are called in settings and in a file, NULL-ended. */
extern const char *const log_level_names[];

#define LOG_LINE 1024 /* columns of a message that are kept; what is longer ends in "…" */

/* Opens the log for the program named, closing the one open before. target: "syslog", "stderr",
 * "none" or a file's path (appended, created with mode 0600, not through a symbolic link).
 * ERR_FILE_WRITE; the log is then the one that it was. */
enum err log_open(const char *program, const char *target, enum log_level level, struct error *e);

/* As log_open(), for a target that the program has itself: sink gets each line, masked and encoded, one at a time,
 * with its priority (syslog(3)). */
void log_open_sink(const char *program,
	void (*sink)(int priority, const char *program, const char *line), enum log_level level);

/* One line. Silent before log_open() and below the level set. */
void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One line for a failure, at LOG_LEVEL_ERROR: doing what, the public code, symbol and place. */
void log_failure(const char *doing, const struct error *e);

/* Appends message as it stands in the log: masked and encoded as told above. */
void log_encode(const char *message, struct bytes *out);

#endif

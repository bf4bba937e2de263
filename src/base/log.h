/* The log: syslog/journal or a file. Never a PIN, a code or a full T.C. kimlik no: a run of 11 digits or more that
 * slips into a message is masked here as a last resort, and control characters are encoded as \xNN. */
#ifndef EONAY_BASE_LOG_H
#define EONAY_BASE_LOG_H

#include "base/error.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Opens the log for the program named. target: "syslog", "stderr", "none" or a file's path (appended, mode 0600). */
enum err log_open(const char *program, const char *target, enum log_level level, struct error *e);

/* One line. Silent before log_open() and below the level set. */
void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One line for a failure: doing what, the public code, symbol, cause and place. */
void log_failure(const char *doing, const struct error *e);

#endif

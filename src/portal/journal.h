/* The log as entries of the journal, with fields that can be searched for (systemd.journal-fields(7)). */
#ifndef EONAY_PORTAL_JOURNAL_H
#define EONAY_PORTAL_JOURNAL_H

#include "base/log.h"

/* What a request's entry has beside its message. */
struct journal_request {
	const char *client, *method, *route; /* route: of the table; NULL: none fits */
	unsigned status;
	const char *code; /* of the failure, or "" */
	int64_t duration_us;
};

/* Opens the log (base/log.h) with target: "journal", or one of those that log_open() knows. Errors of log_open(). */
enum err journal_open(
	const char *program, const char *target, enum log_level level, struct error *e);

/* The entry of a request: path is NULL where no route fits. */
void journal_request(const struct journal_request *r, const char *path);

#endif

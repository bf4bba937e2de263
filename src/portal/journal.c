#include "portal/journal.h"

#include <stdio.h>
#include <string.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#define FIELDS_MAX 10
#define FIELD_MAX 256

/* The request that this thread logs, for the sink below. */
static _Thread_local const struct journal_request *current;

/* Fields of an entry; what is too long for its room is cut. */
struct fields_out {
	char text[FIELDS_MAX][FIELD_MAX];
	struct iovec at[FIELDS_MAX + 1];
	int count;
};

static void __attribute__((format(printf, 2, 3))) add(struct fields_out *f, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(f->text[f->count], FIELD_MAX, format, args);
	va_end(args);
	f->at[f->count].iov_base = f->text[f->count];
	f->at[f->count].iov_len = strlen(f->text[f->count]);
	f->count++;
}

static void add_request(struct fields_out *f, const struct journal_request *r)
{
	add(f, "EONAY_CLIENT=%s", r->client);
	add(f, "EONAY_METHOD=%s", r->route ? r->method : "");
	add(f, "EONAY_ROUTE=%s", r->route ? r->route : "");
	add(f, "EONAY_STATUS=%u", r->status);
	add(f, "EONAY_CODE=%s", r->code);
	add(f, "EONAY_DURATION_US=%lld", (long long)r->duration_us);
}

/* line is masked and encoded (base/log.h); the other fields are words of ours, numbers and addresses. */
static void send_entry(int priority, const char *program, const char *line)
{
	struct bytes message = {0};
	struct fields_out f = {0};

	add(&f, "SYSLOG_IDENTIFIER=%s", program);
	add(&f, "PRIORITY=%d", priority);
	if (current)
		add_request(&f, current);
	bytes_append_format(&message, "MESSAGE=%s", line);
	f.at[f.count].iov_base = message.at;
	f.at[f.count].iov_len = message.n;
	sd_journal_sendv(f.at, f.count + 1);
	bytes_free(&message);
}

enum err journal_open(
	const char *program, const char *target, enum log_level level, struct error *e)
{
	if (strcmp(target, "journal") != 0)
		return log_open(program, target, level, e);
	log_open_sink(program, send_entry, level);
	return ERR_OK;
}

void journal_request(const struct journal_request *r, const char *path)
{
	current = r;
	log_write(LOG_LEVEL_INFO, "%s %s %s: %u %s", r->client, r->method, path ? path : "?",
		r->status, r->code);
	current = NULL;
}

#include "portal/store/db_engine.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define RUNS_MAX 10 /* of a transaction that is given up again and again */

#define PREFIX "postgresql:"

bool db_is_server(const char *where)
{
	return strncmp(where, PREFIX, strlen(PREFIX)) == 0;
}

bool db_is_lasting(const char *where)
{
	return *where != '\0' && *where != ':';
}

enum err db_open(const char *where, bool create, struct db **out, struct error *e)
{
	if (!db_is_server(where))
		return db_sqlite_open(where, create, out, e);
	if (strncmp(where, PREFIX "//", strlen(PREFIX "//")) != 0)
		where += strlen(PREFIX); /* keywords and values */
	return db_pgsql_open(where, out, e);
}

void db_close(struct db *d)
{
	if (d)
		d->engine->close(d);
}

struct tx tx_read(struct db *d)
{
	return (struct tx){.db = d};
}

struct tx tx_write(struct db *d)
{
	return (struct tx){.db = d, .write = true};
}

/* Two transactions that gave way to each other at the same pace would do so again: the row that one
 * lets go is taken again before the other has woken up. */
static void step_aside(unsigned runs)
{
	const struct timespec pause = {.tv_nsec = (1 + clock_monotonic_ms() % 8) * runs * 1000000L};

	nanosleep(&pause, NULL);
}

static bool begin(struct tx *t, enum err *code, struct error *e)
{
	do {
		t->again = false;
		t->runs++;
		*code = t->db->engine->begin(t, e);
	} while (*code && t->again && t->runs < RUNS_MAX);
	return *code == ERR_OK;
}

bool tx_next(struct tx *t, enum err *code, struct error *e)
{
	enum err wanted;

	if (t->runs == 0)
		return begin(t, code, e);
	wanted = *code;
	*code = t->db->engine->end(t, wanted == ERR_OK, e);
	if (!*code)
		*code = wanted;
	if (!*code && *t->published)
		t->db->engine->publish(t->db, t->published);
	*t->published = '\0';
	if (!*code || !t->again || t->runs == RUNS_MAX)
		return false;
	step_aside(t->runs);
	return begin(t, code, e);
}

static size_t take_values(const char *types, va_list args, struct db_value *out)
{
	size_t n = 0;

	for (; types[n] && n < DB_PARAMETERS_MAX; n++) {
		const char *text;

		out[n] = (struct db_value){.type = types[n]};
		if (types[n] == 'i')
			out[n].integer = va_arg(args, int64_t);
		else if (types[n] == 'b' || types[n] == 's')
			out[n].bytes = va_arg(args, struct span);
		else if ((text = va_arg(args, const char *)))
			out[n].bytes = span_text(text);
	}
	return n;
}

enum err tx_query(struct tx *t, struct error *e, const char *sql, const char *types, ...)
{
	struct db_value values[DB_PARAMETERS_MAX];
	va_list args;
	size_t n;

	va_start(args, types);
	n = take_values(types, args, values);
	va_end(args);
	return t->db->engine->start(t, sql, values, n, e);
}

static enum err run(
	struct tx *t, const char *sql, const struct db_value *values, size_t n, struct error *e)
{
	enum err code = t->db->engine->start(t, sql, values, n, e);
	bool more = true;

	while (!code && more)
		code = t->db->engine->row(t, &more, e);
	return code;
}

enum err tx_run(struct tx *t, struct error *e, const char *sql, const char *types, ...)
{
	struct db_value values[DB_PARAMETERS_MAX];
	va_list args;
	size_t n;

	va_start(args, types);
	n = take_values(types, args, values);
	va_end(args);
	return run(t, sql, values, n, e);
}

enum err tx_later(struct tx *t, struct error *e, const char *sql, const char *types, ...)
{
	struct db_value values[DB_PARAMETERS_MAX];
	va_list args;
	size_t n;

	va_start(args, types);
	n = take_values(types, args, values);
	va_end(args);
	if (t->write && t->db->engine->queue)
		return t->db->engine->queue(t, sql, values, n, e);
	return run(t, sql, values, n, e);
}

enum err tx_lock(struct tx *t, bool shared, struct error *e)
{
	return t->db->engine->lock ? t->db->engine->lock(t, shared, e) : ERR_OK;
}

long tx_changes(const struct tx *t)
{
	return t->changes;
}

int64_t tx_lane(const struct tx *t)
{
	return t->lane;
}

bool tx_row(struct tx *t, enum err *code, struct error *e)
{
	bool more = false;

	if (!*code)
		*code = t->db->engine->row(t, &more, e);
	return !*code && more;
}

int64_t tx_integer(const struct tx *t, int column)
{
	return t->db->engine->integer(t, column);
}

struct span tx_span(const struct tx *t, int column)
{
	return t->db->engine->bytes(t, column);
}

void tx_text(const struct tx *t, int column, char *out, size_t size)
{
	struct span text = span_first(tx_span(t, column), size - 1);

	memset(out, 0, size);
	if (text.n)
		memcpy(out, text.at, text.n);
}

void tx_blob(const struct tx *t, int column, uint8_t *out, size_t size)
{
	struct span blob = tx_span(t, column);

	memset(out, 0, size);
	if (blob.n == size)
		memcpy(out, blob.at, size);
}

void tx_publish(struct tx *t, const char *name)
{
	snprintf(t->published, sizeof(t->published), "%s", name);
}

enum err db_watch(struct db *d, void (*changed)(const char *name, void *context), void *context,
	struct error *e)
{
	d->context = context;
	d->changed = changed;
	return d->engine->watch(d, e);
}

enum err db_settle(struct db *d, struct error *e)
{
	return d->engine->settle(d, e);
}

enum err tx_script(struct tx *t, const char *sql, struct error *e)
{
	return t->db->engine->script(t, sql, e);
}

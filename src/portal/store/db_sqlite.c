/* SQLite. Write-ahead log with synchronous=FULL: a commit is on the disk before it returns
 * (sqlite.org/pragma.html#pragma_synchronous; with NORMAL the last commits may go at a loss of
 * power). */
#include "portal/store/db_sqlite.h"

#include "base/clock.h"
#include "portal/store/migration.h"

#include <stdio.h>
#include <stdlib.h>

#define BUSY_MS 10000 /* another process holds the lock for one commit, some milliseconds */

/* Ends the statement that is begun. */
static void reset(struct sqlite_link *l)
{
	if (l->current)
		sqlite3_reset(l->current);
	l->current = NULL;
}

/* ERR_STORE with SQLite's words. */
static enum err failed(const struct sqlite_link *l, struct error *e)
{
	return error_set(e, ERR_STORE, "sqlite: %s", sqlite3_errmsg(l->db));
}

enum err sqlite_execute(struct sqlite_link *l, const char *sql, struct error *e)
{
	reset(l);
	return sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK ? ERR_OK : failed(l, e);
}

static void close_link(struct sqlite_link *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->statements.count; i++)
		sqlite3_finalize(l->statements.at[i].prepared);
	sqlite3_close(l->db);
	free(l);
}

/* A new file becomes a write-ahead log's by a lock that is begun as a reader's: of two programs that
 * want it each may hold what the other waits for, so SQLite gives up at once instead of waiting
 * BUSY_MS (sqlite.org/c3ref/busy_handler.html). */
static enum err use_log(struct sqlite_link *l, struct error *e)
{
	int64_t end = clock_monotonic_ms() + BUSY_MS;
	enum err code;

	while ((code = sqlite_execute(l, "PRAGMA journal_mode = WAL", e)) &&
		sqlite3_errcode(l->db) == SQLITE_BUSY && clock_monotonic_ms() < end)
		sqlite3_sleep(1 + clock_monotonic_ms() % 8);
	return code;
}

static enum err open_link(const char *path, bool create, struct sqlite_link **out, struct error *e)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
	struct sqlite_link *l = must_zalloc(sizeof(*l));
	enum err code = ERR_OK;

	if (sqlite3_open_v2(path, &l->db, flags, NULL) != SQLITE_OK)
		code = error_set(
			e, ERR_STORE, "%s: %s", path, l->db ? sqlite3_errmsg(l->db) : "sqlite");
	if (!code) {
		sqlite3_busy_timeout(l->db, BUSY_MS);
		code = use_log(l, e);
	}
	if (!code)
		code = sqlite_execute(l,
			"PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
			"PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON",
			e);
	if (!code)
		code = sqlite_add_functions(l->db, e);
	if (code)
		close_link(l);
	*out = code ? NULL : l;
	return code;
}

/* An idle reader, or a new one, or the next that gets free. */
static enum err take_reader(struct sqlite *s, struct sqlite_link **out, struct error *e)
{
	enum err code = ERR_OK;

	*out = NULL;
	pthread_mutex_lock(&s->readers_mutex);
	while (s->idle_count == 0 && s->reader_count == SQLITE_READERS_MAX)
		pthread_cond_wait(&s->reader_free, &s->readers_mutex);
	if (s->idle_count > 0)
		*out = s->idle[--s->idle_count];
	else
		s->reader_count++;
	pthread_mutex_unlock(&s->readers_mutex);
	if (*out)
		return ERR_OK;
	code = open_link(s->path, false, out, e);
	if (code) {
		pthread_mutex_lock(&s->readers_mutex);
		s->reader_count--;
		pthread_cond_signal(&s->reader_free);
		pthread_mutex_unlock(&s->readers_mutex);
	}
	return code;
}

static void give_reader(struct sqlite *s, struct sqlite_link *l)
{
	reset(l);
	pthread_mutex_lock(&s->readers_mutex);
	s->idle[s->idle_count++] = l;
	pthread_mutex_unlock(&s->readers_mutex);
	pthread_cond_signal(&s->reader_free);
}

static enum err begin(struct tx *t, struct error *e)
{
	struct sqlite *s = (struct sqlite *)t->db;
	struct sqlite_link *reader;
	enum err code = t->write ? sqlite_group_enter(s, e) : take_reader(s, &reader, e);

	if (!code)
		t->link = t->write ? s->writer : reader;
	return code;
}

static enum err end(struct tx *t, bool commit, struct error *e)
{
	struct sqlite *s = (struct sqlite *)t->db;
	struct sqlite_link *l = t->link;

	t->link = NULL;
	if (t->write)
		return sqlite_group_leave(s, commit, e);
	give_reader(s, l);
	return ERR_OK;
}

static enum err prepare(struct sqlite_link *l, const char *sql, sqlite3_stmt **out, struct error *e)
{
	void **place = statements_find(&l->statements, sql);

	if (!place)
		return error_set(e, ERR_INTERNAL, "STATEMENTS_MAX");
	if (!*place && sqlite3_prepare_v3(l->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
			       (sqlite3_stmt **)place, NULL) != SQLITE_OK)
		return failed(l, e);
	*out = *place;
	return ERR_OK;
}

/* To SQLite "$2" is a name, numbered by where it stands first. */
static int bind(sqlite3_stmt *statement, size_t number, const struct db_value *v)
{
	const char *text = (const char *)v->bytes.at;
	char name[24];
	int at;

	snprintf(name, sizeof(name), "$%zu", number);
	at = sqlite3_bind_parameter_index(statement, name);
	if (v->type == 'i')
		return sqlite3_bind_int64(statement, at, v->integer);
	if (!v->bytes.at)
		return sqlite3_bind_null(statement, at);
	if (v->type != 'b')
		return sqlite3_bind_text64(
			statement, at, text, v->bytes.n, SQLITE_TRANSIENT, SQLITE_UTF8);
	return sqlite3_bind_blob64(statement, at, v->bytes.at, v->bytes.n, SQLITE_TRANSIENT);
}

static enum err start(
	struct tx *t, const char *sql, const struct db_value *values, size_t count, struct error *e)
{
	struct sqlite_link *l = t->link;
	sqlite3_stmt *statement = NULL;
	enum err code;

	reset(l);
	code = prepare(l, sql, &statement, e);
	for (size_t i = 0; i < count && !code; i++) {
		if (bind(statement, i + 1, &values[i]) != SQLITE_OK)
			code = failed(l, e);
	}
	if (!code)
		l->current = statement;
	return code;
}

static enum err row(struct tx *t, bool *more, struct error *e)
{
	struct sqlite_link *l = t->link;
	int result = sqlite3_step(l->current);
	enum err code = ERR_OK;

	*more = result == SQLITE_ROW;
	if (*more)
		return ERR_OK;
	if (result != SQLITE_DONE)
		code = failed(l, e);
	t->changes = sqlite3_changes(l->db);
	reset(l);
	return code;
}

static int64_t integer(const struct tx *t, int column)
{
	const struct sqlite_link *l = t->link;

	return sqlite3_column_int64(l->current, column);
}

static struct span bytes(const struct tx *t, int column)
{
	const struct sqlite_link *l = t->link;
	const void *at = sqlite3_column_blob(l->current, column);

	return span_of(at, at ? (size_t)sqlite3_column_bytes(l->current, column) : 0);
}

static enum err script(struct tx *t, const char *sql, struct error *e)
{
	return sqlite_execute(t->link, sql, e);
}

static const char *own_part(const struct migration *m)
{
	return m->sqlite;
}

/* The first versions of eonay kept the version in a place of SQLite's own. */
static enum err schema_before(struct tx *t, int64_t *version, struct error *e)
{
	enum err code = tx_query(t, e, "PRAGMA user_version", "");

	*version = tx_row(t, &code, e) ? tx_integer(t, 0) : 0;
	return code;
}

/* A transaction that may write has the file for itself. */
static enum err schema_lock(struct tx *t, struct error *e)
{
	(void)t;
	(void)e;
	return ERR_OK;
}

/* With secure_delete the pages are overwritten, but an older one may still stand in the write-ahead
 * log (sqlite.org/pragma.html#pragma_wal_checkpoint). */
static enum err settle(struct db *d, struct error *e)
{
	struct tx t = tx_read(d);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_query(&t, e, "PRAGMA wal_checkpoint(TRUNCATE)", "");
		if (tx_row(&t, &code, e) && tx_integer(&t, 0) != 0)
			code = error_set(
				e, ERR_STORE, "sqlite: the write-ahead log is read, try again");
	}
	return code;
}

static void close_database(struct db *d)
{
	struct sqlite *s = (struct sqlite *)d;

	sqlite_unwatch(s);
	while (s->idle_count > 0)
		close_link(s->idle[--s->idle_count]);
	close_link(s->writer);
	pthread_cond_destroy(&s->stop);
	pthread_cond_destroy(&s->reader_free);
	pthread_cond_destroy(&s->writer_free);
	pthread_mutex_destroy(&s->readers_mutex);
	pthread_mutex_destroy(&s->mutex);
	free(s->path);
	free(s);
}

static const struct db_engine engine = {
	.begin = begin,
	.end = end,
	.start = start,
	.row = row,
	.integer = integer,
	.bytes = bytes,
	.script = script,
	.own_part = own_part,
	.schema_known = "SELECT count(*) FROM sqlite_master WHERE name = 'eonay_schema'",
	.schema_before = schema_before,
	.schema_lock = schema_lock,
	.publish = sqlite_publish,
	.watch = sqlite_watch,
	.settle = settle,
	.close = close_database,
};

enum err db_sqlite_open(const char *path, bool create, struct db **out, struct error *e)
{
	struct sqlite *s = must_zalloc(sizeof(*s));
	enum err code;

	s->base.engine = &engine;
	s->path = must_strdup(path);
	pthread_mutex_init(&s->mutex, NULL);
	pthread_cond_init(&s->stop, NULL);
	pthread_cond_init(&s->reader_free, NULL);
	pthread_cond_init(&s->writer_free, NULL);
	pthread_mutex_init(&s->readers_mutex, NULL);
	code = open_link(path, create, &s->writer, e);
	if (code)
		close_database(&s->base);
	*out = code ? NULL : &s->base;
	return code;
}

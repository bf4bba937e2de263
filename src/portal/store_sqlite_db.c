#include "portal/store_sqlite_db.h"

#include "portal/store.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA_VERSION 1
#define BUSY_MS 10000 /* another process holds the lock for one commit, some milliseconds */

static const char schema[] =
	"CREATE TABLE session ("
	" id TEXT PRIMARY KEY, state INTEGER NOT NULL, person TEXT NOT NULL, tckn TEXT NOT NULL,"
	" kiosk TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',"
	" created INTEGER NOT NULL, expires INTEGER NOT NULL,"
	" code_mac BLOB NOT NULL UNIQUE, nonce_mac BLOB, token_mac BLOB) STRICT;"
	"CREATE INDEX session_created ON session (created);"
	"CREATE TABLE session_text ("
	" session TEXT NOT NULL REFERENCES session ON DELETE CASCADE, position INTEGER NOT NULL, "
	"content BLOB NOT NULL,"
	" PRIMARY KEY (session, position)) STRICT;"
	"CREATE TABLE signature ("
	" session TEXT PRIMARY KEY REFERENCES session, receipt TEXT NOT NULL UNIQUE, accepted_at "
	"INTEGER NOT NULL,"
	" sha256 BLOB NOT NULL, cms BLOB NOT NULL) STRICT;"
	"PRAGMA user_version = 1;";

enum err db_failed(struct store *s, struct error *e)
{
	return error_set(e, ERR_STORE, "sqlite: %s", sqlite3_errmsg(s->db));
}

enum err db_execute(struct store *s, const char *sql, struct error *e)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? ERR_OK : db_failed(s, e);
}

sqlite3_stmt *db_prepare(struct store *s, const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement = NULL;
	int result = sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL);
	struct span blob;
	va_list args;

	va_start(args, types);
	for (int i = 0; types[i] && result == SQLITE_OK; i++) {
		switch (types[i]) {
		case 't':
			result = sqlite3_bind_text(
				statement, i + 1, va_arg(args, const char *), -1, SQLITE_STATIC);
			break;
		case 'i':
			result = sqlite3_bind_int64(statement, i + 1, va_arg(args, int64_t));
			break;
		default:
			blob = va_arg(args, struct span);
			result = sqlite3_bind_blob64(
				statement, i + 1, blob.at, blob.n, SQLITE_STATIC);
			break;
		}
	}
	va_end(args);
	if (result == SQLITE_OK)
		return statement;
	sqlite3_finalize(statement);
	return NULL;
}

enum err db_run(struct store *s, sqlite3_stmt *statement, struct error *e)
{
	enum err code =
		statement && sqlite3_step(statement) == SQLITE_DONE ? ERR_OK : db_failed(s, e);

	sqlite3_finalize(statement);
	return code;
}

enum err db_first_row(struct store *s, sqlite3_stmt *statement, struct error *e)
{
	int result = statement ? sqlite3_step(statement) : SQLITE_ERROR;

	if (result == SQLITE_ROW)
		return ERR_OK;
	return result == SQLITE_DONE ? error_set(e, ERR_SESSION_UNKNOWN, "store") : db_failed(s, e);
}

enum err db_begin(struct store *s, struct error *e)
{
	return db_execute(s, "BEGIN IMMEDIATE", e);
}

enum err db_end(struct store *s, enum err code, struct error *e)
{
	if (!code)
		code = db_execute(s, "COMMIT", e);
	if (code)
		db_execute(s, "ROLLBACK", NULL);
	return code;
}

static enum err prepare_schema(struct store *s, struct error *e)
{
	sqlite3_stmt *statement;
	int64_t version = -1;
	enum err code = db_begin(s, e);

	if (code)
		return code;
	statement = db_prepare(s, "PRAGMA user_version", "");
	code = db_first_row(s, statement, e);
	if (!code)
		version = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	if (version == 0)
		code = db_execute(s, schema, e);
	else if (!code && version != SCHEMA_VERSION)
		code = error_set(e, ERR_STORE, "schema version %d", (int)version);
	return db_end(s, code, e);
}

static enum err set_pragmas(struct store *s, struct error *e)
{
	return db_execute(s,
		"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
		"PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON",
		e);
}

static enum err open_database(struct store *s, const char *path, bool create, struct error *e)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);

	if (sqlite3_open_v2(path, &s->db, flags, NULL) != SQLITE_OK)
		return error_set(
			e, ERR_STORE, "%s: %s", path, s->db ? sqlite3_errmsg(s->db) : "sqlite");
	sqlite3_busy_timeout(s->db, BUSY_MS);
	return ERR_OK;
}

enum err store_open(const char *path, bool create, struct store **out, struct error *e)
{
	struct store *s = must_zalloc(sizeof(*s));
	enum err code;

	*out = NULL;
	pthread_mutex_init(&s->mutex, NULL);
	if ((code = open_database(s, path, create, e)) || (code = set_pragmas(s, e)) ||
		(code = prepare_schema(s, e)))
		store_close(s);
	else
		*out = s;
	return code;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	sqlite3_close(s->db);
	pthread_mutex_destroy(&s->mutex);
	free(s);
}

void db_take_text(sqlite3_stmt *row, int column, char *out, size_t size)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	strncpy(out, text ? text : "", size - 1);
	out[size - 1] = '\0';
}

void db_take_blob(sqlite3_stmt *row, int column, uint8_t *out, size_t size)
{
	const void *blob = sqlite3_column_blob(row, column);

	memset(out, 0, size);
	if (blob && sqlite3_column_bytes(row, column) == (int)size)
		memcpy(out, blob, size);
}

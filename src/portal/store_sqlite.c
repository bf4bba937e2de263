/* The store in one SQLite file. Write-ahead log with synchronous=FULL: a commit is on the disk
 * before it returns (sqlite.org/pragma.html#pragma_synchronous; with NORMAL the last commits may go
 * at a loss of power). */
#include "portal/store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA_VERSION 1
#define BUSY_MS 10000 /* another process holds the lock for one commit, some milliseconds */

struct store {
	sqlite3 *db;
	pthread_mutex_t mutex; /* a transaction is more than one statement */
};

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

#define SESSION_COLUMNS                                                                            \
	"id, state, person, tckn, kiosk, reason, created, expires, code_mac, nonce_mac, token_mac"

static enum err failed(struct store *s, struct error *e)
{
	return error_set(e, ERR_STORE, "sqlite: %s", sqlite3_errmsg(s->db));
}

static enum err execute(struct store *s, const char *sql, struct error *e)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? ERR_OK : failed(s, e);
}

/* A statement with its parameters: 't' const char *, 'i' int64_t, 'b' struct span. NULL on an
 * error. */
static sqlite3_stmt *prepare(struct store *s, const char *sql, const char *types, ...)
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

/* Runs a statement that gives no rows and ends it. */
static enum err run(struct store *s, sqlite3_stmt *statement, struct error *e)
{
	enum err code = statement && sqlite3_step(statement) == SQLITE_DONE ? ERR_OK : failed(s, e);

	sqlite3_finalize(statement);
	return code;
}

/* The first row of a statement: ERR_OK (the caller ends it), ERR_SESSION_UNKNOWN when there is
 * none. */
static enum err first_row(struct store *s, sqlite3_stmt *statement, struct error *e)
{
	int result = statement ? sqlite3_step(statement) : SQLITE_ERROR;

	if (result == SQLITE_ROW)
		return ERR_OK;
	return result == SQLITE_DONE ? error_set(e, ERR_SESSION_UNKNOWN, "store") : failed(s, e);
}

static enum err begin(struct store *s, struct error *e)
{
	return execute(s, "BEGIN IMMEDIATE", e);
}

/* Commits when code is ERR_OK, else takes everything back and keeps code. */
static enum err end(struct store *s, enum err code, struct error *e)
{
	if (!code)
		code = execute(s, "COMMIT", e);
	if (code)
		execute(s, "ROLLBACK", NULL);
	return code;
}

static enum err prepare_schema(struct store *s, struct error *e)
{
	sqlite3_stmt *statement;
	int64_t version = -1;
	enum err code = begin(s, e);

	if (code)
		return code;
	statement = prepare(s, "PRAGMA user_version", "");
	code = first_row(s, statement, e);
	if (!code)
		version = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	if (version == 0)
		code = execute(s, schema, e);
	else if (!code && version != SCHEMA_VERSION)
		code = error_set(e, ERR_STORE, "schema version %d", (int)version);
	return end(s, code, e);
}

enum err store_open(const char *path, struct store **out, struct error *e)
{
	struct store *s = must_zalloc(sizeof(*s));
	enum err code = ERR_OK;

	*out = NULL;
	pthread_mutex_init(&s->mutex, NULL);
	if (sqlite3_open_v2(path, &s->db,
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
		    NULL) != SQLITE_OK)
		code = error_set(
			e, ERR_STORE, "%s: %s", path, s->db ? sqlite3_errmsg(s->db) : "sqlite");
	if (!code)
		sqlite3_busy_timeout(s->db, BUSY_MS);
	if (!code)
		code = execute(s,
			"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys "
			"= ON;"
			"PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON",
			e);
	if (!code)
		code = prepare_schema(s, e);
	if (code)
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

static enum err add_texts(
	struct store *s, const char *id, const struct texts *texts, struct error *e)
{
	enum err code = ERR_OK;

	for (size_t i = 0; i < texts->count && !code; i++)
		code = run(s,
			prepare(s, "INSERT INTO session_text VALUES (?, ?, ?)", "tib", id,
				(int64_t)i, bytes_span(&texts->at[i])),
			e);
	return code;
}

enum err store_add_session(
	struct store *s, const struct session *session, const struct texts *texts, struct error *e)
{
	enum err code;

	pthread_mutex_lock(&s->mutex);
	code = begin(s, e);
	if (!code) {
		code = run(s,
			prepare(s,
				"INSERT INTO session (id, state, person, tckn, created, expires, "
				"code_mac)"
				" VALUES (?, ?, ?, ?, ?, ?, ?)",
				"tittiib", session->id, (int64_t)SESSION_ISSUED, session->person,
				session->tckn, session->created, session->expires,
				span_of(session->code_mac, KEY_MAC_SIZE)),
			e);
		if (!code)
			code = add_texts(s, session->id, texts, e);
		code = end(s, code, e);
	}
	pthread_mutex_unlock(&s->mutex);
	return code;
}

static void take_text(sqlite3_stmt *row, int column, char *out, size_t size)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	strncpy(out, text ? text : "", size - 1);
	out[size - 1] = '\0';
}

static void take_blob(sqlite3_stmt *row, int column, uint8_t *out, size_t size)
{
	const void *blob = sqlite3_column_blob(row, column);

	memset(out, 0, size);
	if (blob && sqlite3_column_bytes(row, column) == (int)size)
		memcpy(out, blob, size);
}

/* A row of SESSION_COLUMNS. */
static void take_session(sqlite3_stmt *row, struct session *out)
{
	*out = (struct session){0};
	take_text(row, 0, out->id, sizeof(out->id));
	out->state = (enum session_state)sqlite3_column_int(row, 1);
	take_text(row, 2, out->person, sizeof(out->person));
	take_text(row, 3, out->tckn, sizeof(out->tckn));
	take_text(row, 4, out->kiosk, sizeof(out->kiosk));
	take_text(row, 5, out->reason, sizeof(out->reason));
	out->created = sqlite3_column_int64(row, 6);
	out->expires = sqlite3_column_int64(row, 7);
	take_blob(row, 8, out->code_mac, sizeof(out->code_mac));
	take_blob(row, 9, out->nonce_mac, sizeof(out->nonce_mac));
	take_blob(row, 10, out->token_mac, sizeof(out->token_mac));
}

/* The one session that a prepared statement finds; ends the statement. Called with the mutex held.
 */
static enum err find(struct store *s, sqlite3_stmt *statement, struct session *out, struct error *e)
{
	enum err code = first_row(s, statement, e);

	if (!code)
		take_session(statement, out);
	sqlite3_finalize(statement);
	return code;
}

enum err store_find_by_code(
	struct store *s, const uint8_t code_mac[KEY_MAC_SIZE], struct session *out, struct error *e)
{
	enum err code;

	pthread_mutex_lock(&s->mutex);
	code = find(s,
		prepare(s, "SELECT " SESSION_COLUMNS " FROM session WHERE code_mac = ?", "b",
			span_of(code_mac, KEY_MAC_SIZE)),
		out, e);
	pthread_mutex_unlock(&s->mutex);
	return code;
}

static enum err find_by_id(struct store *s, const char *id, struct session *out, struct error *e)
{
	return find(s, prepare(s, "SELECT " SESSION_COLUMNS " FROM session WHERE id = ?", "t", id),
		out, e);
}

enum err store_find_by_id(struct store *s, const char *id, struct session *out, struct error *e)
{
	enum err code;

	pthread_mutex_lock(&s->mutex);
	code = find_by_id(s, id, out, e);
	pthread_mutex_unlock(&s->mutex);
	return code;
}

enum err store_read_texts(struct store *s, const char *id, struct texts *out, struct error *e)
{
	sqlite3_stmt *statement;
	enum err code;

	*out = (struct texts){0};
	pthread_mutex_lock(&s->mutex);
	statement = prepare(
		s, "SELECT content FROM session_text WHERE session = ? ORDER BY position", "t", id);
	code = first_row(s, statement, e);
	while (!code && out->count < SESSION_TEXTS_MAX) {
		bytes_append(&out->at[out->count++],
			span_of(sqlite3_column_blob(statement, 0),
				(size_t)sqlite3_column_bytes(statement, 0)));
		if (sqlite3_step(statement) != SQLITE_ROW)
			break;
	}
	if (!code && sqlite3_errcode(s->db) != SQLITE_DONE)
		code = failed(s, e);
	sqlite3_finalize(statement);
	pthread_mutex_unlock(&s->mutex);
	if (code)
		texts_free(out);
	return code;
}

enum err store_open_session(
	struct store *s, const struct session *session, bool *won, struct error *e)
{
	enum err code;

	pthread_mutex_lock(&s->mutex);
	code = run(s,
		prepare(s,
			"UPDATE session SET state = ?, nonce_mac = ?, token_mac = ?, kiosk = ?"
			" WHERE id = ? AND state = ?",
			"ibbtti", (int64_t)SESSION_OPEN, span_of(session->nonce_mac, KEY_MAC_SIZE),
			span_of(session->token_mac, KEY_MAC_SIZE), session->kiosk, session->id,
			(int64_t)SESSION_ISSUED),
		e);
	*won = !code && sqlite3_changes(s->db) == 1;
	pthread_mutex_unlock(&s->mutex);
	return code;
}

static enum err set_state(struct store *s, const char *id, enum session_state state,
	const char *reason, struct error *e)
{
	return run(s,
		prepare(s, "UPDATE session SET state = ?, reason = ? WHERE id = ?", "itt",
			(int64_t)state, reason, id),
		e);
}

static enum err insert_signature(
	struct store *s, const char *id, const struct signature *signature, struct error *e)
{
	enum err code = run(s,
		prepare(s, "INSERT INTO signature VALUES (?, ?, ?, ?, ?)", "ttibb", id,
			signature->receipt, signature->accepted_at,
			span_of(signature->sha256, sizeof(signature->sha256)),
			bytes_span(&signature->cms)),
		e);

	return code ? code : set_state(s, id, SESSION_SIGNED, "", e);
}

/* Everything of a session's signature but the CMS itself. */
static enum err read_receipt(
	struct store *s, const char *id, struct signature *out, struct error *e)
{
	sqlite3_stmt *statement = prepare(
		s, "SELECT receipt, accepted_at, sha256 FROM signature WHERE session = ?", "t", id);
	enum err code = first_row(s, statement, e);

	if (!code) {
		take_text(statement, 0, out->receipt, sizeof(out->receipt));
		out->accepted_at = sqlite3_column_int64(statement, 1);
		take_blob(statement, 2, out->sha256, sizeof(out->sha256));
	}
	sqlite3_finalize(statement);
	return code;
}

/* The session has a signature already: is it this one? */
static enum err compare_signature(
	struct store *s, const char *id, struct signature *signature, struct error *e)
{
	struct signature kept = {0};
	enum err code = read_receipt(s, id, &kept, e);

	if (code)
		return code;
	if (memcmp(kept.sha256, signature->sha256, sizeof(kept.sha256)) != 0)
		return error_set(e, ERR_SESSION_SIGNED, "session %s", id);
	memcpy(signature->receipt, kept.receipt, sizeof(kept.receipt));
	signature->accepted_at = kept.accepted_at;
	return ERR_OK;
}

enum err store_add_signature(
	struct store *s, const char *id, struct signature *signature, bool *fresh, struct error *e)
{
	struct session session;
	enum err code;

	*fresh = false;
	pthread_mutex_lock(&s->mutex);
	code = begin(s, e);
	if (!code) {
		code = find_by_id(s, id, &session, e);
		*fresh = !code && session.state == SESSION_OPEN;
		if (*fresh)
			code = insert_signature(s, id, signature, e);
		else if (!code && session.state == SESSION_SIGNED)
			code = compare_signature(s, id, signature, e);
		else if (!code)
			code = error_set(e, ERR_SESSION_UNKNOWN, "session %s", id);
		code = end(s, code, e);
	}
	pthread_mutex_unlock(&s->mutex);
	return code;
}

enum err store_read_signature(
	struct store *s, const char *id, struct signature *out, struct error *e)
{
	sqlite3_stmt *statement;
	enum err code;

	*out = (struct signature){0};
	pthread_mutex_lock(&s->mutex);
	code = read_receipt(s, id, out, e);
	if (!code) {
		statement = prepare(s, "SELECT cms FROM signature WHERE session = ?", "t", id);
		code = first_row(s, statement, e);
		if (!code)
			bytes_append(
				&out->cms, span_of(sqlite3_column_blob(statement, 0),
						   (size_t)sqlite3_column_bytes(statement, 0)));
		sqlite3_finalize(statement);
	}
	pthread_mutex_unlock(&s->mutex);
	return code;
}

enum err store_abandon_session(struct store *s, const char *id, const char *reason, struct error *e)
{
	struct session session;
	enum err code;

	pthread_mutex_lock(&s->mutex);
	code = begin(s, e);
	if (!code) {
		code = find_by_id(s, id, &session, e);
		if (!code && session.state == SESSION_SIGNED)
			code = error_set(e, ERR_SESSION_SIGNED, "session %s", id);
		if (!code && session.state == SESSION_OPEN)
			code = set_state(s, id, SESSION_ABANDONED, reason, e);
		code = end(s, code, e);
	}
	pthread_mutex_unlock(&s->mutex);
	return code;
}

enum err store_forget_expired(struct store *s, int64_t before, struct error *e)
{
	enum err code;

	pthread_mutex_lock(&s->mutex);
	code = run(s,
		prepare(s, "DELETE FROM session WHERE state <> ? AND expires < ?", "ii",
			(int64_t)SESSION_SIGNED, before),
		e);
	pthread_mutex_unlock(&s->mutex);
	return code;
}

enum err store_list(struct store *s, bool (*each)(const struct session *, void *), void *context,
	struct error *e)
{
	struct session session;
	sqlite3_stmt *statement;
	enum err code = ERR_OK;
	int result = SQLITE_ERROR;
	bool more = true;

	pthread_mutex_lock(&s->mutex);
	statement =
		prepare(s, "SELECT " SESSION_COLUMNS " FROM session ORDER BY created DESC, id", "");
	while (more && statement && (result = sqlite3_step(statement)) == SQLITE_ROW) {
		take_session(statement, &session);
		more = each(&session, context);
	}
	if (more && result != SQLITE_DONE)
		code = failed(s, e);
	sqlite3_finalize(statement);
	pthread_mutex_unlock(&s->mutex);
	return code;
}

enum err store_check(struct store *s, struct error *e)
{
	sqlite3_stmt *statement;
	enum err code;

	pthread_mutex_lock(&s->mutex);
	statement = prepare(s, "SELECT count(*) FROM (SELECT 1 FROM session LIMIT 1)", "");
	code = first_row(s, statement, e);
	sqlite3_finalize(statement);
	pthread_mutex_unlock(&s->mutex);
	return code;
}

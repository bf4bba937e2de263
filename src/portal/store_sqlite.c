/* The store in one SQLite file. Write-ahead log with synchronous=FULL: a commit is on the disk
 * before it returns (sqlite.org/pragma.html#pragma_synchronous; with NORMAL the last commits may go
 * at a loss of power). */
#include "portal/store.h"

#include "portal/store_sqlite_db.h"

#include <string.h>

#define SESSION_COLUMNS                                                                            \
	"id, state, person, tckn, kiosk, reason, created, expires, code_mac, nonce_mac, token_mac"

static enum err add_texts(
	struct store *s, const char *id, const struct texts *texts, struct error *e)
{
	enum err code = ERR_OK;

	for (size_t i = 0; i < texts->count && !code; i++)
		code = db_run(s,
			db_prepare(s, "INSERT INTO session_text VALUES (?, ?, ?)", "tib", id,
				(int64_t)i, bytes_span(&texts->at[i])),
			e);
	return code;
}

enum err store_add_session(
	struct store *s, const struct session *session, const struct texts *texts, struct error *e)
{
	enum err code;

	pthread_mutex_lock(&s->mutex);
	code = db_begin(s, e);
	if (!code) {
		code = db_run(s,
			db_prepare(s,
				"INSERT INTO session (id, state, person, tckn, created, expires, "
				"code_mac)"
				" VALUES (?, ?, ?, ?, ?, ?, ?)",
				"tittiib", session->id, (int64_t)SESSION_ISSUED, session->person,
				session->tckn, session->created, session->expires,
				span_of(session->code_mac, KEY_MAC_SIZE)),
			e);
		if (!code)
			code = add_texts(s, session->id, texts, e);
		code = db_end(s, code, e);
	}
	pthread_mutex_unlock(&s->mutex);
	return code;
}

/* A row of SESSION_COLUMNS. */
static void take_session(sqlite3_stmt *row, struct session *out)
{
	*out = (struct session){0};
	db_take_text(row, 0, out->id, sizeof(out->id));
	out->state = (enum session_state)sqlite3_column_int(row, 1);
	db_take_text(row, 2, out->person, sizeof(out->person));
	db_take_text(row, 3, out->tckn, sizeof(out->tckn));
	db_take_text(row, 4, out->kiosk, sizeof(out->kiosk));
	db_take_text(row, 5, out->reason, sizeof(out->reason));
	out->created = sqlite3_column_int64(row, 6);
	out->expires = sqlite3_column_int64(row, 7);
	db_take_blob(row, 8, out->code_mac, sizeof(out->code_mac));
	db_take_blob(row, 9, out->nonce_mac, sizeof(out->nonce_mac));
	db_take_blob(row, 10, out->token_mac, sizeof(out->token_mac));
}

/* The one session that a prepared statement finds; ends the statement. Called with the mutex held.
 */
static enum err find(struct store *s, sqlite3_stmt *statement, struct session *out, struct error *e)
{
	enum err code = db_first_row(s, statement, e);

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
		db_prepare(s, "SELECT " SESSION_COLUMNS " FROM session WHERE code_mac = ?", "b",
			span_of(code_mac, KEY_MAC_SIZE)),
		out, e);
	pthread_mutex_unlock(&s->mutex);
	return code;
}

static enum err find_by_id(struct store *s, const char *id, struct session *out, struct error *e)
{
	return find(s,
		db_prepare(s, "SELECT " SESSION_COLUMNS " FROM session WHERE id = ?", "t", id), out,
		e);
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
	statement = db_prepare(
		s, "SELECT content FROM session_text WHERE session = ? ORDER BY position", "t", id);
	code = db_first_row(s, statement, e);
	while (!code && out->count < SESSION_TEXTS_MAX) {
		bytes_append(&out->at[out->count++],
			span_of(sqlite3_column_blob(statement, 0),
				(size_t)sqlite3_column_bytes(statement, 0)));
		if (sqlite3_step(statement) != SQLITE_ROW)
			break;
	}
	if (!code && sqlite3_errcode(s->db) != SQLITE_DONE)
		code = db_failed(s, e);
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
	code = db_run(s,
		db_prepare(s,
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
	return db_run(s,
		db_prepare(s, "UPDATE session SET state = ?, reason = ? WHERE id = ?", "itt",
			(int64_t)state, reason, id),
		e);
}

static enum err insert_signature(
	struct store *s, const char *id, const struct signature *signature, struct error *e)
{
	enum err code = db_run(s,
		db_prepare(s, "INSERT INTO signature VALUES (?, ?, ?, ?, ?)", "ttibb", id,
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
	sqlite3_stmt *statement = db_prepare(
		s, "SELECT receipt, accepted_at, sha256 FROM signature WHERE session = ?", "t", id);
	enum err code = db_first_row(s, statement, e);

	if (!code) {
		db_take_text(statement, 0, out->receipt, sizeof(out->receipt));
		out->accepted_at = sqlite3_column_int64(statement, 1);
		db_take_blob(statement, 2, out->sha256, sizeof(out->sha256));
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
	code = db_begin(s, e);
	if (!code) {
		code = find_by_id(s, id, &session, e);
		*fresh = !code && session.state == SESSION_OPEN;
		if (*fresh)
			code = insert_signature(s, id, signature, e);
		else if (!code && session.state == SESSION_SIGNED)
			code = compare_signature(s, id, signature, e);
		else if (!code)
			code = error_set(e, ERR_SESSION_UNKNOWN, "session %s", id);
		code = db_end(s, code, e);
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
		statement = db_prepare(s, "SELECT cms FROM signature WHERE session = ?", "t", id);
		code = db_first_row(s, statement, e);
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
	code = db_begin(s, e);
	if (!code) {
		code = find_by_id(s, id, &session, e);
		if (!code && session.state == SESSION_SIGNED)
			code = error_set(e, ERR_SESSION_SIGNED, "session %s", id);
		if (!code && session.state == SESSION_OPEN)
			code = set_state(s, id, SESSION_ABANDONED, reason, e);
		code = db_end(s, code, e);
	}
	pthread_mutex_unlock(&s->mutex);
	return code;
}

enum err store_forget_expired(struct store *s, int64_t before, struct error *e)
{
	enum err code;

	pthread_mutex_lock(&s->mutex);
	code = db_run(s,
		db_prepare(s, "DELETE FROM session WHERE state <> ? AND expires < ?", "ii",
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
	statement = db_prepare(
		s, "SELECT " SESSION_COLUMNS " FROM session ORDER BY created DESC, id", "");
	while (more && statement && (result = sqlite3_step(statement)) == SQLITE_ROW) {
		take_session(statement, &session);
		more = each(&session, context);
	}
	if (more && result != SQLITE_DONE)
		code = db_failed(s, e);
	sqlite3_finalize(statement);
	pthread_mutex_unlock(&s->mutex);
	return code;
}

enum err store_check(struct store *s, struct error *e)
{
	sqlite3_stmt *statement;
	enum err code;

	pthread_mutex_lock(&s->mutex);
	statement = db_prepare(s, "SELECT count(*) FROM (SELECT 1 FROM session LIMIT 1)", "");
	code = db_first_row(s, statement, e);
	sqlite3_finalize(statement);
	pthread_mutex_unlock(&s->mutex);
	return code;
}

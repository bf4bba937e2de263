#include "portal/store/store_audit.h"
#include "portal/store/store_guess.h"
#include "portal/store/store_private.h"

#include <stdlib.h>

#define PAGE 500 /* sessions that are read at a time */

void take_session(const struct tx *t, struct session *out)
{
	*out = (struct session){0};
	tx_text(t, 0, out->id, sizeof(out->id));
	out->state = (enum session_state)tx_integer(t, 1);
	out->purpose = (enum session_purpose)tx_integer(t, 2);
	tx_text(t, 3, out->person, sizeof(out->person));
	tx_text(t, 4, out->tckn, sizeof(out->tckn));
	tx_text(t, 5, out->kiosk, sizeof(out->kiosk));
	tx_text(t, 6, out->reason, sizeof(out->reason));
	out->created = tx_integer(t, 7);
	out->expires = tx_integer(t, 8);
	tx_blob(t, 9, out->code_mac, sizeof(out->code_mac));
	tx_blob(t, 10, out->nonce_mac, sizeof(out->nonce_mac));
	tx_blob(t, 11, out->token_mac, sizeof(out->token_mac));
}

static enum err insert_session(struct tx *t, const struct session *s, struct error *e)
{
	return tx_later(t, e,
		"INSERT INTO session (id, state, purpose, person, tckn, created, expires, code_mac)"
		" VALUES ($1, 0, $2, $3, $4, $5, $6, $7)",
		"tittiib", s->id, (int64_t)s->purpose, s->person, s->tckn, s->created, s->expires,
		span_of(s->code_mac, KEY_MAC_SIZE));
}

static enum err insert_texts(
	struct tx *t, const char *id, const struct texts *texts, struct error *e)
{
	enum err code = ERR_OK;

	for (size_t i = 0; i < texts->count && !code; i++)
		code = tx_later(t, e,
			"INSERT INTO session_text (session, position, content)"
			" VALUES ($1, $2, $3)",
			"tib", id, (int64_t)i, bytes_span(&texts->at[i]));
	return code;
}

static enum err audit_added(
	struct store *s, struct tx *t, const struct session *session, struct error *e)
{
	char person[ACTOR_MAX];

	person_actor(session->tckn, person);
	return store_audit(t, s->actor, "session.create", session->id, person, e);
}

enum err store_add_session(
	struct store *s, const struct session *session, const struct texts *texts, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = insert_session(&t, session, e);
		if (!code)
			code = insert_texts(&t, session->id, texts, e);
		if (!code)
			code = audit_added(s, &t, session, e);
	}
	return code;
}

enum err store_find_by_code(
	struct store *s, const uint8_t code_mac[KEY_MAC_SIZE], struct session *out, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_query(&t, e,
			"SELECT " SESSION_COLUMNS " FROM session WHERE code_mac = $1", "b",
			span_of(code_mac, KEY_MAC_SIZE));
		code = first_row(&t, code, ERR_SESSION_UNKNOWN, e);
		if (!code)
			take_session(&t, out);
	}
	return code;
}

enum err store_find_by_id(struct store *s, const char *id, struct session *out, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_query(
			&t, e, "SELECT " SESSION_COLUMNS " FROM session WHERE id = $1", "t", id);
		code = first_row(&t, code, ERR_SESSION_UNKNOWN, e);
		if (!code)
			take_session(&t, out);
	}
	return code;
}

static enum err read_texts(struct tx *t, const char *id, struct texts *out, struct error *e)
{
	enum err code = tx_query(t, e,
		"SELECT content FROM session_text WHERE session = $1 ORDER BY position", "t", id);

	texts_free(out);
	while (out->count < SESSION_TEXTS_MAX && tx_row(t, &code, e))
		bytes_append(&out->at[out->count++], tx_span(t, 0));
	if (!code && out->count == 0)
		code = error_set(e, ERR_SESSION_UNKNOWN, "session %s: no texts", id);
	return code;
}

enum err store_read_texts(struct store *s, const char *id, struct texts *out, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	*out = (struct texts){0};
	while (tx_next(&t, &code, e))
		code = read_texts(&t, id, out, e);
	if (code)
		texts_free(out);
	return code;
}

static enum err kiosk_seen(struct tx *t, const char *name, int64_t at, struct error *e)
{
	return tx_later(t, e,
		"INSERT INTO kiosk (name, first_seen, last_seen, opened)"
		" VALUES ($1, $2, $2, 1) ON CONFLICT (name) DO UPDATE SET"
		" last_seen = excluded.last_seen, opened = kiosk.opened + 1",
		"ti", name, at);
}

/* Wrong codes that are counted at the same time come before or after it. */
static enum err take_issued(struct tx *t, const struct session *session, const struct guess *g,
	bool *won, struct error *e)
{
	static const struct guess borne = {
		.at = INT64_MAX, .per_minute = 1, .per_hour = 1, .all_per_minute = 1};
	enum err code = g ? tx_lock(t, true, e) : ERR_OK;

	g = g ? g : &borne;
	if (!code)
		code = tx_run(t, e,
			"UPDATE session SET state = 1, nonce_mac = $8, token_mac = $9, kiosk = $10"
			" WHERE id = $11 AND state = 0 AND " GUESS_BORNE,
			GUESS_TYPES "bbtt", GUESS_VALUES(g),
			span_of(session->nonce_mac, KEY_MAC_SIZE),
			span_of(session->token_mac, KEY_MAC_SIZE), session->kiosk, session->id);
	*won = !code && tx_changes(t) == 1;
	return code;
}

enum err store_open_session(struct store *s, const struct session *session,
	const struct guess *guess, int64_t seen, bool *won, struct error *e)
{
	struct tx t = tx_write(s->db);
	char actor[ACTOR_MAX];
	enum err code;

	kiosk_actor(session->kiosk, actor);
	while (tx_next(&t, &code, e)) {
		code = take_issued(&t, session, guess, won, e);
		if (!*won)
			continue;
		tx_publish(&t, session->id);
		if (guess)
			code = end_row(&t, e);
		if (!code)
			code = store_audit(&t, actor, "session.open", session->id, "", e);
		if (!code && seen)
			code = kiosk_seen(&t, session->kiosk, seen, e);
	}
	*won = *won && !code;
	return code;
}

/* The PAGE sessions behind the one given, the newest first. */
static enum err read_page(struct store *s, const struct session *behind, struct session *page,
	size_t *count, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_query(&t, e,
			"SELECT " SESSION_COLUMNS " FROM session"
			" WHERE (created, id) < ($1, $2)"
			" ORDER BY created DESC, id DESC LIMIT $3",
			"iti", behind->created, behind->id, (int64_t)PAGE);
		for (*count = 0; *count < PAGE && tx_row(&t, &code, e); ++*count)
			take_session(&t, &page[*count]);
	}
	return code;
}

enum err store_list(struct store *s, bool (*each)(const struct session *, void *), void *context,
	struct error *e)
{
	struct session *page = must_alloc(PAGE * sizeof(*page)), behind = {.created = INT64_MAX};
	size_t count = PAGE;
	enum err code = ERR_OK;
	bool more = true;

	while (more && count == PAGE && !(code = read_page(s, &behind, page, &count, e))) {
		for (size_t i = 0; i < count && more; i++)
			more = each(&page[i], context);
		if (count > 0)
			behind = page[count - 1];
	}
	free(page);
	return code;
}

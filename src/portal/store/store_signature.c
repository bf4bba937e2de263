#include "portal/store/store_audit.h"
#include "portal/store/store_private.h"

#include <string.h>

void signature_free(struct signature *s)
{
	bytes_free(&s->cms);
	bytes_free(&s->status_response);
	bytes_free(&s->time_stamp);
}

static enum err insert_signature(
	struct tx *t, const char *id, const struct signature *s, struct error *e)
{
	return tx_later(t, e,
		"INSERT INTO signature (session, receipt, accepted_at, sha256, cms, status_source,"
		" status_at, status_response, time_stamp)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		"ttibbiibb", id, s->receipt, s->accepted_at, span_of(s->sha256, sizeof(s->sha256)),
		bytes_span(&s->cms), (int64_t)s->status_source, s->status_at,
		bytes_span(&s->status_response), bytes_span(&s->time_stamp));
}

/* The session is open no more; has it this very signature already? */
static enum err compare_signature(
	struct tx *t, const char *id, struct signature *signature, struct error *e)
{
	uint8_t kept[sizeof(signature->sha256)];
	enum err code = first_row(t,
		tx_query(t, e,
			"SELECT receipt, accepted_at, sha256 FROM signature WHERE session = $1",
			"t", id),
		ERR_SESSION_UNKNOWN, e);

	if (code)
		return code;
	tx_blob(t, 2, kept, sizeof(kept));
	if (memcmp(kept, signature->sha256, sizeof(kept)) != 0)
		return error_set(e, ERR_SESSION_SIGNED, "session %s", id);
	tx_text(t, 0, signature->receipt, sizeof(signature->receipt));
	signature->accepted_at = tx_integer(t, 1);
	return ERR_OK;
}

/* Whoever changes the state from open to signed has won; on PostgreSQL another that tries waits here
 * for the end of our transaction. */
static enum err win_session(
	struct tx *t, const char *id, bool *won, char actor[ACTOR_MAX], struct error *e)
{
	char kiosk[SESSION_KIOSK_MAX];
	enum err code = tx_query(t, e,
		"UPDATE session SET state = 2 WHERE id = $1 AND state = 1 RETURNING kiosk", "t",
		id);

	*won = tx_row(t, &code, e);
	if (*won) {
		tx_text(t, 0, kiosk, sizeof(kiosk));
		kiosk_actor(kiosk, actor);
		tx_publish(t, id);
	}
	return code;
}

static enum err add_signature(
	struct tx *t, const char *id, struct signature *signature, bool *fresh, struct error *e)
{
	char actor[ACTOR_MAX];
	enum err code = win_session(t, id, fresh, actor, e);

	if (code || !*fresh)
		return code ? code : compare_signature(t, id, signature, e);
	code = insert_signature(t, id, signature, e);
	return code ? code : store_audit(t, actor, "session.sign", id, signature->receipt, e);
}

enum err store_add_signature(
	struct store *s, const char *id, struct signature *signature, bool *fresh, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e))
		code = add_signature(&t, id, signature, fresh, e);
	*fresh = *fresh && !code;
	return code;
}

static void take_signature(const struct tx *t, struct signature *out)
{
	tx_text(t, 0, out->receipt, sizeof(out->receipt));
	out->accepted_at = tx_integer(t, 1);
	tx_blob(t, 2, out->sha256, sizeof(out->sha256));
	out->status_source = (enum status_source)tx_integer(t, 3);
	out->status_at = tx_integer(t, 4);
	out->withdrawn_at = tx_integer(t, 5);
	bytes_append(&out->cms, tx_span(t, 6));
	bytes_append(&out->status_response, tx_span(t, 7));
	bytes_append(&out->time_stamp, tx_span(t, 8));
}

enum err store_read_signature(
	struct store *s, const char *id, struct signature *out, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	*out = (struct signature){0};
	while (tx_next(&t, &code, e)) {
		code = tx_query(&t, e,
			"SELECT receipt, accepted_at, sha256, status_source, status_at,"
			" withdrawn_at, cms, status_response, time_stamp"
			" FROM signature WHERE session = $1",
			"t", id);
		code = first_row(&t, code, ERR_SESSION_UNKNOWN, e);
		if (!code)
			take_signature(&t, out);
	}
	return code;
}

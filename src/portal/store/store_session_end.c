/* How a session ends, but for the signature. */
#include "portal/store/store_audit.h"
#include "portal/store/store_private.h"

#include <stdio.h>

/* The state of a session and the kiosk that has it. */
static enum err look(struct tx *t, const char *id, enum session_state *state, char actor[ACTOR_MAX],
	struct error *e)
{
	char kiosk[SESSION_KIOSK_MAX];
	enum err code = first_row(t,
		tx_query(t, e, "SELECT state, kiosk FROM session WHERE id = $1", "t", id),
		ERR_SESSION_UNKNOWN, e);

	if (code)
		return code;
	*state = (enum session_state)tx_integer(t, 0);
	tx_text(t, 1, kiosk, sizeof(kiosk));
	kiosk_actor(kiosk, actor);
	return ERR_OK;
}

/* One step of the state machine. changed: it was in a state where it can be taken; else state is
 * the one it has. */
static enum err end_session(struct tx *t, const char *id, int64_t first, int64_t last,
	int64_t wanted, const char *reason, bool *changed, struct error *e)
{
	enum err code = tx_run(t, e,
		"UPDATE session SET state = $1, reason = $2"
		" WHERE id = $3 AND state >= $4 AND state <= $5",
		"ittii", wanted, reason, id, first, last);

	*changed = !code && tx_changes(t) == 1;
	if (*changed)
		tx_publish(t, id);
	return code;
}

static enum err finish(struct tx *t, const char *id, struct error *e)
{
	enum session_state state = SESSION_ISSUED;
	char actor[ACTOR_MAX];
	bool changed;
	enum err code =
		end_session(t, id, SESSION_OPEN, SESSION_OPEN, SESSION_DONE, "", &changed, e);

	if (!code)
		code = look(t, id, &state, actor, e);
	if (!code && changed)
		return store_audit(t, actor, "session.done", id, "", e);
	if (!code && state != SESSION_DONE)
		code = error_set(e, ERR_SESSION_UNKNOWN, "session %s", id);
	return code;
}

enum err store_finish_session(struct store *s, const char *id, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e))
		code = finish(&t, id, e);
	return code;
}

static enum err cancel(struct store *s, struct tx *t, const char *id, struct error *e)
{
	enum session_state state = SESSION_ISSUED;
	char actor[ACTOR_MAX];
	bool changed;
	enum err code = end_session(
		t, id, SESSION_ISSUED, SESSION_OPEN, SESSION_CANCELLED, "", &changed, e);

	if (!code && changed)
		return store_audit(t, s->actor, "session.cancel", id, "", e);
	if (!code)
		code = look(t, id, &state, actor, e);
	if (!code && state == SESSION_SIGNED)
		code = error_set(e, ERR_SESSION_SIGNED, "session %s", id);
	return code;
}

enum err store_cancel_session(struct store *s, const char *id, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e))
		code = cancel(s, &t, id, e);
	return code;
}

static enum err abandon(struct tx *t, const char *id, const char *reason, struct error *e)
{
	enum session_state state = SESSION_ISSUED;
	char actor[ACTOR_MAX];
	bool changed;
	enum err code = end_session(
		t, id, SESSION_OPEN, SESSION_OPEN, SESSION_ABANDONED, reason, &changed, e);

	if (!code)
		code = look(t, id, &state, actor, e);
	if (!code && changed)
		return store_audit(t, actor, "session.abandon", id, reason, e);
	if (!code && state == SESSION_SIGNED)
		code = error_set(e, ERR_SESSION_SIGNED, "session %s", id);
	return code;
}

enum err store_abandon_session(struct store *s, const char *id, const char *reason, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e))
		code = abandon(&t, id, reason, e);
	return code;
}

static enum err forget(struct store *s, struct tx *t, int64_t before, struct error *e)
{
	char count[24];
	enum err code = tx_run(t, e, /* as session_unsigned has it */
		"DELETE FROM session WHERE state + 0 <> 2 AND expires < $1", "i", before);

	if (code || tx_changes(t) == 0)
		return code;
	snprintf(count, sizeof(count), "%ld", tx_changes(t));
	return store_audit(t, s->actor, "session.forget", "", count, e);
}

enum err store_forget_expired(struct store *s, int64_t before, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e))
		code = forget(s, &t, before, e);
	return code;
}

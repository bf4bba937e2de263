#include "portal/store/store_forget.h"

#include "portal/store/store_audit.h"
#include "portal/store/store_private.h"

#include <stdio.h>

#define BATCH 500 /* that one transaction deletes, so that nobody waits long for it */

/* Signed sessions that may go; out has room for BATCH ids. */
static enum err find_signed(struct tx *t, const char *tckn, const struct forget_limits *l,
	char (*out)[PORTAL_ID_DIGITS + 1], size_t *count, struct error *e)
{
	enum err code = tx_query(t, e,
		"SELECT session.id FROM session JOIN signature ON signature.session = session.id"
		" WHERE ($1 = '' OR session.tckn = $1) AND ("
		"(session.purpose <> 0 AND session.created < $2) OR accepted_at < $3"
		" OR (withdrawn_at > 0 AND withdrawn_at < $4)) LIMIT $5",
		"tiiii", tckn, l->others, l->consents, l->withdrawn, (int64_t)BATCH);

	for (*count = 0; *count < BATCH && tx_row(t, &code, e); ++*count)
		tx_text(t, 0, out[*count], sizeof(out[*count]));
	return code;
}

static enum err delete_signed(struct tx *t, const char *tckn, const struct forget_limits *l,
	int64_t *deleted, struct error *e)
{
	char ids[BATCH][PORTAL_ID_DIGITS + 1];
	size_t count;
	enum err code = find_signed(t, tckn, l, ids, &count, e);

	for (size_t i = 0; i < count && !code; i++) {
		code = tx_run(t, e, "DELETE FROM signature WHERE session = $1", "t", ids[i]);
		if (!code)
			code = tx_run(t, e, "DELETE FROM session WHERE id = $1", "t", ids[i]);
	}
	*deleted = (int64_t)count;
	return code;
}

static enum err delete_unsigned(struct tx *t, const char *tckn, const struct forget_limits *l,
	int64_t *deleted, struct error *e)
{
	enum err code = tx_run(t, e,
		"DELETE FROM session WHERE id IN (SELECT id FROM session WHERE state <> 2"
		" AND ($1 = '' OR tckn = $1) AND created < $2 AND (state > 2 OR expires <= $3)"
		" LIMIT $4)",
		"tiii", tckn, l->others, l->now, (int64_t)BATCH);

	*deleted = tx_changes(t);
	return code;
}

static enum err delete_browsers(struct tx *t, const char *tckn, const struct forget_limits *l,
	int64_t *deleted, struct error *e)
{
	enum err code = tx_run(t, e,
		"DELETE FROM browser WHERE mac IN (SELECT mac FROM browser"
		" WHERE ($1 = '' OR tckn = $1) AND created < $2 LIMIT $3)",
		"tii", tckn, l->others, (int64_t)BATCH);

	*deleted = tx_changes(t);
	return code;
}

static enum err audit_batch(
	struct store *s, struct tx *t, const char *tckn, const struct forgotten *f, struct error *e)
{
	char person[ACTOR_MAX] = "", detail[96];

	if (*tckn)
		person_actor(tckn, person);
	snprintf(detail, sizeof(detail), "sessions=%d consents=%d browsers=%d", (int)f->sessions,
		(int)f->consents, (int)f->browsers);
	return store_audit(t, s->actor, "personal.forget", person, detail, e);
}

/* One batch; what it deleted is all zeros when nothing was left. */
static enum err forget_batch(struct store *s, const char *tckn, const struct forget_limits *l,
	struct forgotten *f, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		*f = (struct forgotten){0};
		code = delete_signed(&t, tckn, l, &f->consents, e);
		if (!code)
			code = delete_unsigned(&t, tckn, l, &f->sessions, e);
		if (!code)
			code = delete_browsers(&t, tckn, l, &f->browsers, e);
		if (!code && f->consents + f->sessions + f->browsers > 0)
			code = audit_batch(s, &t, tckn, f, e);
	}
	return code;
}

static enum err count_kept(struct store *s, const char *tckn, int64_t *kept, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = first_row(&t,
			tx_query(&t, e,
				"SELECT count(*) FROM session WHERE state = 2 AND purpose = 0"
				" AND ($1 = '' OR tckn = $1)",
				"t", tckn),
			ERR_STORE, e);
		if (!code)
			*kept = tx_integer(&t, 0);
	}
	return code;
}

enum err store_forget(struct store *s, const char *tckn, const struct forget_limits *limits,
	struct forgotten *out, struct error *e)
{
	struct forgotten batch = {.sessions = 1};
	enum err code = ERR_OK;

	*out = (struct forgotten){0};
	while (!code && batch.sessions + batch.consents + batch.browsers > 0) {
		code = forget_batch(s, tckn, limits, &batch, e);
		if (code)
			return code;
		out->sessions += batch.sessions;
		out->consents += batch.consents;
		out->browsers += batch.browsers;
	}
	code = count_kept(s, tckn, &out->kept, e);
	return code ? code : db_settle(s->db, e);
}

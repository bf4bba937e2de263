#include "portal/store/store_consent.h"

#include "portal/store/store_audit.h"
#include "portal/store/store_private.h"

#define CONSENT                                                                                    \
	"SELECT session.id, signature.receipt, session.kiosk, signature.accepted_at,"              \
	" signature.withdrawn_at FROM session JOIN signature ON signature.session = session.id"    \
	" WHERE session.tckn = $1 AND session.purpose = 0"

static void take(const struct tx *t, struct consent *out)
{
	tx_text(t, 0, out->id, sizeof(out->id));
	tx_text(t, 1, out->receipt, sizeof(out->receipt));
	tx_text(t, 2, out->kiosk, sizeof(out->kiosk));
	out->accepted_at = tx_integer(t, 3);
	out->withdrawn_at = tx_integer(t, 4);
}

enum err store_list_consents(struct store *s, const char *tckn,
	bool (*each)(const struct consent *, void *), void *context, struct error *e)
{
	struct tx t = tx_read(s->db);
	struct consent c;
	bool more = true;
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_query(
			&t, e, CONSENT " ORDER BY session.created DESC, session.id", "t", tckn);
		while (more && tx_row(&t, &code, e)) {
			take(&t, &c);
			more = each(&c, context);
		}
	}
	return code;
}

static enum err find(
	struct tx *t, const char *id, const char *tckn, struct consent *out, struct error *e)
{
	enum err code = first_row(t, tx_query(t, e, CONSENT " AND session.id = $2", "tt", tckn, id),
		ERR_RECORD_UNKNOWN, e);

	if (!code)
		take(t, out);
	return code;
}

enum err store_find_consent(
	struct store *s, const char *id, const char *tckn, struct consent *out, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	while (tx_next(&t, &code, e))
		code = find(&t, id, tckn, out, e);
	return code;
}

enum err store_withdraw_consent(
	struct store *s, const char *id, const char *tckn, int64_t at, struct error *e)
{
	struct tx t = tx_write(s->db);
	struct consent c = {0};
	char actor[ACTOR_MAX];
	enum err code;

	person_actor(tckn, actor);
	while (tx_next(&t, &code, e)) {
		code = find(&t, id, tckn, &c, e);
		if (!code)
			code = tx_run(&t, e,
				"UPDATE signature SET withdrawn_at = $1"
				" WHERE session = $2 AND withdrawn_at = 0",
				"it", at, id);
		if (!code && tx_changes(&t) == 0)
			code = error_set(e, ERR_RECORD_CHANGED, "consent %s", id);
		if (!code)
			code = store_audit(&t, actor, "consent.withdraw", id, c.receipt, e);
	}
	return code;
}

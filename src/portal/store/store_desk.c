#include "portal/store/store_desk.h"

#include "portal/store/store_private.h"

enum err store_list_kiosks(
	struct store *s, bool (*each)(const struct kiosk *, void *), void *context, struct error *e)
{
	struct tx t = tx_read(s->db);
	struct kiosk k;
	bool more = true;
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_query(&t, e,
			"SELECT name, first_seen, last_seen, opened FROM kiosk"
			" ORDER BY last_seen DESC, name",
			"");
		while (more && tx_row(&t, &code, e)) {
			tx_text(&t, 0, k.name, sizeof(k.name));
			k.first_seen = tx_integer(&t, 1);
			k.last_seen = tx_integer(&t, 2);
			k.opened = tx_integer(&t, 3);
			more = each(&k, context);
		}
	}
	return code;
}

static void count(const struct tx *t, struct desk_counts *out)
{
	int64_t state = tx_integer(t, 0), n = tx_integer(t, 2);

	if (tx_integer(t, 1))
		out->expired += n;
	else if (state >= 0 && state < DESK_STATES)
		out->by_state[state] += n;
	out->withdrawn += tx_integer(t, 3);
}

enum err store_counts(struct store *s, int64_t from, int64_t to, int64_t now,
	struct desk_counts *out, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		*out = (struct desk_counts){0};
		code = tx_query(&t, e,
			"SELECT state, CASE WHEN state < 2 AND expires <= $3 THEN 1 ELSE 0 END AS "
			"late,"
			" count(*), count(CASE WHEN withdrawn_at > 0 THEN 1 END)"
			" FROM session LEFT JOIN signature ON signature.session = session.id"
			" WHERE created >= $1 AND created < $2 GROUP BY 1, 2",
			"iii", from, to, now);
		while (tx_row(&t, &code, e))
			count(&t, out);
	}
	return code;
}

enum err store_list_day(struct store *s, int64_t from, int64_t to, int64_t limit,
	bool (*each)(const struct session *, void *), void *context, struct error *e)
{
	struct tx t = tx_read(s->db);
	struct session session;
	bool more = true;
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_query(&t, e,
			"SELECT " SESSION_COLUMNS
			" FROM session WHERE created >= $1 AND created < $2"
			" ORDER BY created DESC, id DESC LIMIT $3",
			"iii", from, to, limit);
		while (more && tx_row(&t, &code, e)) {
			take_session(&t, &session);
			more = each(&session, context);
		}
	}
	return code;
}

enum err store_find_reference(
	struct store *s, const char *reference, struct session *out, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_query(&t, e,
			"SELECT " SESSION_COLUMNS " FROM session WHERE id = $1 OR id ="
			" (SELECT session FROM signature WHERE receipt = $1)",
			"t", reference);
		code = first_row(&t, code, ERR_SESSION_UNKNOWN, e);
		if (!code)
			take_session(&t, out);
	}
	return code;
}

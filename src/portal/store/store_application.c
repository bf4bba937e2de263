#include "portal/store/store_audit.h"
#include "portal/store/store_private.h"
#include "portal/store/store_registry.h"

enum err store_add_application(struct store *s, const struct application *a, struct error *e)
{
	struct tx t = tx_write(s->db);
	char person[ACTOR_MAX];
	enum err code;

	person_actor(a->tckn, person);
	while (tx_next(&t, &code, e)) {
		code = tx_run(&t, e,
			"INSERT INTO application (id, tckn, state, note, created, changed)"
			" VALUES ($1, $2, $3, $4, $5, $6)",
			"ttitii", a->id, a->tckn, (int64_t)a->state, a->note, a->created,
			a->changed);
		if (!code)
			code = store_audit(&t, s->actor, "application.add", a->id, person, e);
	}
	return code;
}

enum err store_change_application(struct store *s, const struct application *a, struct error *e)
{
	static const char *const states[] = {
		"received", "checked", "issued", "delivered", "refused"};
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_run(&t, e,
			"UPDATE application SET state = $1, note = $2, changed = $3 WHERE id = $4",
			"itit", (int64_t)a->state, a->note, a->changed, a->id);
		if (!code && tx_changes(&t) == 0)
			code = error_set(e, ERR_RECORD_UNKNOWN, "application %s", a->id);
		if (!code)
			code = store_audit(
				&t, s->actor, "application.change", a->id, states[a->state], e);
	}
	return code;
}

static void take(const struct tx *t, struct application *out)
{
	tx_text(t, 0, out->id, sizeof(out->id));
	tx_text(t, 1, out->tckn, sizeof(out->tckn));
	out->state = (enum application_state)tx_integer(t, 2);
	tx_text(t, 3, out->note, sizeof(out->note));
	out->created = tx_integer(t, 4);
	out->changed = tx_integer(t, 5);
}

enum err store_list_applications(struct store *s, const char *tckn,
	bool (*each)(const struct application *, void *), void *context, struct error *e)
{
	struct tx t = tx_read(s->db);
	struct application a;
	bool more = true;
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_query(&t, e,
			"SELECT id, tckn, state, note, created, changed FROM application"
			" WHERE tckn = $1 ORDER BY created DESC, id",
			"t", tckn);
		while (more && tx_row(&t, &code, e)) {
			take(&t, &a);
			more = each(&a, context);
		}
	}
	return code;
}

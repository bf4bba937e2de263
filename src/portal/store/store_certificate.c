#include "portal/store/store_audit.h"
#include "portal/store/store_private.h"
#include "portal/store/store_registry.h"

#define COLUMNS                                                                                    \
	"serial, issuer, tckn, holder, not_before, not_after, status, status_at, reason, der"

void registered_free(struct registered *r)
{
	bytes_free(&r->der);
}

static void take(const struct tx *t, struct registered *out)
{
	tx_text(t, 0, out->serial, sizeof(out->serial));
	tx_text(t, 1, out->issuer, sizeof(out->issuer));
	tx_text(t, 2, out->tckn, sizeof(out->tckn));
	tx_text(t, 3, out->holder, sizeof(out->holder));
	out->not_before = tx_integer(t, 4);
	out->not_after = tx_integer(t, 5);
	out->status = (enum registered_status)tx_integer(t, 6);
	out->status_at = tx_integer(t, 7);
	tx_text(t, 8, out->reason, sizeof(out->reason));
	bytes_clear(&out->der);
	bytes_append(&out->der, tx_span(t, 9));
}

static enum err insert(
	struct store *s, struct tx *t, const struct registered *r, bool *fresh, struct error *e)
{
	char person[ACTOR_MAX];
	enum err code = tx_run(t, e,
		"INSERT INTO certificate (" COLUMNS ")"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
		"ttttiiiitb", r->serial, r->issuer, r->tckn, r->holder, r->not_before, r->not_after,
		(int64_t)r->status, r->status_at, r->reason, bytes_span(&r->der));

	*fresh = !code && tx_changes(t) == 1;
	person_actor(r->tckn, person);
	return *fresh ? store_audit(t, s->actor, "certificate.add", r->serial, person, e) : code;
}

enum err store_add_certificate(
	struct store *s, const struct registered *r, bool *fresh, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e))
		code = insert(s, &t, r, fresh, e);
	return code;
}

/* The caller's function runs while rows are read: it must not use the store. */
static enum err give_each(struct tx *t, enum err code,
	bool (*each)(const struct registered *, void *), void *context, struct error *e)
{
	struct registered r = {0};
	bool more = true;

	while (more && tx_row(t, &code, e)) {
		take(t, &r);
		more = each(&r, context);
	}
	registered_free(&r);
	return code;
}

enum err store_list_certificates(struct store *s, const char *tckn,
	bool (*each)(const struct registered *, void *), void *context, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_query(&t, e,
			"SELECT " COLUMNS " FROM certificate WHERE tckn = $1"
			" ORDER BY not_before DESC, serial",
			"t", tckn);
		code = give_each(&t, code, each, context, e);
	}
	return code;
}

enum err store_list_unusable(struct store *s, bool (*each)(const struct registered *, void *),
	void *context, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_query(&t, e,
			"SELECT " COLUMNS " FROM certificate WHERE status <> 0 ORDER BY serial",
			"");
		code = give_each(&t, code, each, context, e);
	}
	return code;
}

enum err store_find_certificate(struct store *s, const char *serial, const char *issuer,
	struct registered *out, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	*out = (struct registered){0};
	while (tx_next(&t, &code, e)) {
		code = tx_query(&t, e,
			"SELECT " COLUMNS " FROM certificate"
			" WHERE serial = $1 AND ($2 = '' OR issuer = $2) ORDER BY issuer LIMIT 1",
			"tt", serial, issuer ? issuer : "");
		code = first_row(&t, code, ERR_RECORD_UNKNOWN, e);
		if (!code)
			take(&t, out);
	}
	return code;
}

static enum err why_unchanged(struct tx *t, const char *serial, const char *tckn, struct error *e)
{
	enum err code = first_row(t,
		tx_query(t, e, "SELECT status FROM certificate WHERE serial = $1 AND tckn = $2",
			"tt", serial, tckn),
		ERR_RECORD_UNKNOWN, e);

	return code ? code : error_set(e, ERR_RECORD_CHANGED, "certificate %s", serial);
}

enum err store_change_certificate(struct store *s, const char *serial, const char *tckn,
	enum registered_status from, enum registered_status to, const char *reason, int64_t at,
	struct error *e)
{
	static const char *const actions[] = {
		"certificate.release", "certificate.suspend", "certificate.revoke"};
	struct tx t = tx_write(s->db);
	char actor[ACTOR_MAX];
	enum err code;

	owner_actor(s, tckn, actor);
	while (tx_next(&t, &code, e)) {
		code = tx_run(&t, e,
			"UPDATE certificate SET status = $1, status_at = $2, reason = $3"
			" WHERE serial = $4 AND tckn = $5 AND status = $6 AND status <> 2",
			"iittti", (int64_t)to, at, reason, serial, tckn, (int64_t)from);
		if (!code && tx_changes(&t) == 0)
			code = why_unchanged(&t, serial, tckn, e);
		if (!code)
			code = store_audit(&t, actor, actions[to], serial, reason, e);
	}
	return code;
}

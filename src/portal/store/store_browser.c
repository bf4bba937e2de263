#include "portal/store/store_browser.h"

#include "portal/store/store_audit.h"
#include "portal/store/store_private.h"

static enum err insert_browser(
	struct store *s, struct tx *t, const struct browser *b, struct error *e)
{
	char actor[ACTOR_MAX];
	enum err code = tx_run(t, e,
		"INSERT INTO browser (mac, tckn, person, operator, created, seen)"
		" VALUES ($1, $2, $3, $4, $5, $6)",
		"bttiii", span_of(b->mac, KEY_MAC_SIZE), b->tckn, b->person, (int64_t)b->operator,
		b->created, b->seen);

	(void)s;
	if (code || !*b->tckn)
		return code;
	person_actor(b->tckn, actor);
	return store_audit(t, actor, "login", "", b->operator? "operator" : "", e);
}

enum err store_add_browser(struct store *s, const struct browser *b, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e))
		code = insert_browser(s, &t, b, e);
	return code;
}

enum err store_find_browser(
	struct store *s, const uint8_t mac[KEY_MAC_SIZE], struct browser *out, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_query(&t, e,
			"SELECT mac, tckn, person, operator, created, seen FROM browser"
			" WHERE mac = $1",
			"b", span_of(mac, KEY_MAC_SIZE));
		code = first_row(&t, code, ERR_SESSION_UNKNOWN, e);
		if (code)
			continue;
		tx_blob(&t, 0, out->mac, sizeof(out->mac));
		tx_text(&t, 1, out->tckn, sizeof(out->tckn));
		tx_text(&t, 2, out->person, sizeof(out->person));
		out->operator= tx_integer(&t, 3) != 0;
		out->created = tx_integer(&t, 4);
		out->seen = tx_integer(&t, 5);
	}
	return code;
}

enum err store_touch_browser(
	struct store *s, const uint8_t mac[KEY_MAC_SIZE], int64_t seen, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e))
		code = tx_run(&t, e, "UPDATE browser SET seen = $1 WHERE mac = $2", "ib", seen,
			span_of(mac, KEY_MAC_SIZE));
	return code;
}

static enum err delete_browser(struct store *s, struct tx *t, const uint8_t mac[KEY_MAC_SIZE],
	bool ran_out, struct error *e)
{
	char tckn[12] = "", actor[ACTOR_MAX];
	enum err code = tx_query(t, e, "DELETE FROM browser WHERE mac = $1 RETURNING tckn", "b",
		span_of(mac, KEY_MAC_SIZE));

	if (tx_row(t, &code, e))
		tx_text(t, 0, tckn, sizeof(tckn));
	if (code || !*tckn)
		return code;
	person_actor(tckn, actor);
	return ran_out ? store_audit(t, s->actor, "logout", "", "expired", e)
		       : store_audit(t, actor, "logout", "", "", e);
}

enum err store_end_browser(
	struct store *s, const uint8_t mac[KEY_MAC_SIZE], bool ran_out, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e))
		code = delete_browser(s, &t, mac, ran_out, e);
	return code;
}

enum err store_add_login(struct store *s, const struct login *l, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e))
		code = tx_run(&t, e,
			"INSERT INTO login (state_mac, browser_mac, nonce, verifier, target, "
			"expires)"
			" VALUES ($1, $2, $3, $4, $5, $6)",
			"bbttti", span_of(l->state_mac, KEY_MAC_SIZE),
			span_of(l->browser_mac, KEY_MAC_SIZE), l->nonce, l->verifier, l->target,
			l->expires);
	return code;
}

static enum err take_login(struct tx *t, const uint8_t state_mac[KEY_MAC_SIZE], int64_t now,
	struct login *out, struct error *e)
{
	enum err code = first_row(t,
		tx_query(t, e,
			"DELETE FROM login WHERE state_mac = $1 AND expires >= $2"
			" RETURNING state_mac, browser_mac, nonce, verifier, target, expires",
			"bi", span_of(state_mac, KEY_MAC_SIZE), now),
		ERR_SESSION_UNKNOWN, e);

	if (code)
		return code;
	tx_blob(t, 0, out->state_mac, sizeof(out->state_mac));
	tx_blob(t, 1, out->browser_mac, sizeof(out->browser_mac));
	tx_text(t, 2, out->nonce, sizeof(out->nonce));
	tx_text(t, 3, out->verifier, sizeof(out->verifier));
	tx_text(t, 4, out->target, sizeof(out->target));
	out->expires = tx_integer(t, 5);
	return ERR_OK;
}

enum err store_take_login(struct store *s, const uint8_t state_mac[KEY_MAC_SIZE], int64_t now,
	struct login *out, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e))
		code = take_login(&t, state_mac, now, out, e);
	return code;
}

enum err store_refuse_login(struct store *s, const char *reason, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e))
		code = store_audit(&t, s->actor, "login.refused", "", reason, e);
	return code;
}

enum err store_forget_browsers(
	struct store *s, int64_t idle, int64_t oldest, int64_t now, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_run(&t, e, "DELETE FROM browser WHERE seen < $1 OR created < $2", "ii",
			idle, oldest);
		if (!code)
			code = tx_run(&t, e, "DELETE FROM login WHERE expires < $1", "i", now);
	}
	return code;
}

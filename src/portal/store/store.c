#include "portal/store/store.h"

#include "base/text.h"
#include "portal/store/migration.h"
#include "portal/store/store_private.h"

#include <stdio.h>
#include <stdlib.h>

enum err store_open(const char *where, bool create, struct store **out, struct error *e)
{
	struct store *s = must_zalloc(sizeof(*s));
	enum err code = db_open(where, create, &s->db, e);

	s->actor = "service";
	if (!code)
		code = migrate(s->db, e);
	if (code)
		store_close(s);
	*out = code ? NULL : s;
	return code;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	db_close(s->db);
	free(s);
}

void store_set_actor(struct store *s, const char *actor)
{
	s->actor = actor;
	s->commanded = true;
}

enum err store_watch(struct store *s, void (*changed)(const char *id, void *context), void *context,
	struct error *e)
{
	return db_watch(s->db, changed, context, e);
}

void person_actor(const char *tckn, char out[ACTOR_MAX])
{
	char masked[12];

	text_mask_tckn(tckn, masked);
	snprintf(out, ACTOR_MAX, "person:%s", masked);
}

void owner_actor(const struct store *s, const char *tckn, char out[ACTOR_MAX])
{
	if (s->commanded)
		snprintf(out, ACTOR_MAX, "%s", s->actor);
	else
		person_actor(tckn, out);
}

void kiosk_actor(const char *kiosk, char out[ACTOR_MAX])
{
	snprintf(out, ACTOR_MAX, "kiosk:%s", kiosk);
}

enum err first_row(struct tx *t, enum err code, enum err none, struct error *e)
{
	if (tx_row(t, &code, e) || code)
		return code;
	return error_set(e, none, "store");
}

enum err store_check(struct store *s, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_query(
			&t, e, "SELECT count(*) FROM (SELECT 1 FROM session LIMIT 1) AS one", "");
		code = first_row(&t, code, ERR_STORE, e);
	}
	return code;
}

/* What the files of the store share. */
#ifndef EONAY_PORTAL_STORE_STORE_PRIVATE_H
#define EONAY_PORTAL_STORE_STORE_PRIVATE_H

#include "portal/store/db.h"
#include "portal/store/store.h"

struct store {
	struct db *db;
	const char *actor;
	bool commanded; /* by store_set_actor() */
};

/* Columns of a session for take_session(), to be selected first. */
#define SESSION_COLUMNS                                                                            \
	"session.id, session.state, session.purpose, session.person, session.tckn, session.kiosk," \
	" session.reason, session.created, session.expires, session.code_mac,"                     \
	" session.nonce_mac, session.token_mac"
void take_session(const struct tx *t, struct session *out);

/* Is a guess borne, as store_judge_guess() judges it? A condition with the parameters GUESS_TYPES, from $1 on. */
#define GUESS_MINUTE_MS INT64_C(60000)
#define GUESS_HOUR_MS INT64_C(3600000)
#define GUESS_BORNE                                                                                \
	"(SELECT stopped_at FROM wrong_code_row) <= $2"                                            \
	" AND (SELECT count(*) FROM wrong_code WHERE who = $1 AND at > $3) < $4"                   \
	" AND (SELECT count(*) FROM wrong_code WHERE who = $1 AND at > $5) < $6"                   \
	" AND (SELECT count(*) FROM wrong_code WHERE at > $3) < $7"
#define GUESS_TYPES "biiiiii"
#define GUESS_VALUES(g)                                                                            \
	span_of((g)->who, KEY_MAC_SIZE), (g)->at - (g)->stop_ms, (g)->at - GUESS_MINUTE_MS,        \
		(g)->per_minute, (g)->at - GUESS_HOUR_MS, (g)->per_hour, (g)->all_per_minute

/* A right code: the wrong ones are no longer in a row. */
enum err end_row(struct tx *t, struct error *e);

/* The row of tx_query(): what if there is none. */
enum err first_row(struct tx *t, enum err code, enum err none, struct error *e);

/* "person:" and the masked number. */
#define ACTOR_MAX 80
void person_actor(const char *tckn, char out[ACTOR_MAX]);
/* Who changes what is a person's: the person, or who store_set_actor() says. */
void owner_actor(const struct store *s, const char *tckn, char out[ACTOR_MAX]);
/* "kiosk:" and its name. */
void kiosk_actor(const char *kiosk, char out[ACTOR_MAX]);

#endif

/* What the files of the store share. */
#ifndef EONAY_PORTAL_STORE_STORE_PRIVATE_H
#define EONAY_PORTAL_STORE_STORE_PRIVATE_H

#include "portal/store/db.h"
#include "portal/store/store.h"

struct store {
	struct db *db;
	const char *actor;
};

/* Columns of a session for take_session(), to be selected first. */
#define SESSION_COLUMNS                                                                            \
	"session.id, session.state, session.purpose, session.person, session.tckn, session.kiosk," \
	" session.reason, session.created, session.expires, session.code_mac,"                     \
	" session.nonce_mac, session.token_mac"
void take_session(const struct tx *t, struct session *out);

/* The row of tx_query(): what if there is none. */
enum err first_row(struct tx *t, enum err code, enum err none, struct error *e);

/* "person:" and the masked number. */
#define ACTOR_MAX 80
void person_actor(const char *tckn, char out[ACTOR_MAX]);
/* "kiosk:" and its name. */
void kiosk_actor(const char *kiosk, char out[ACTOR_MAX]);

#endif

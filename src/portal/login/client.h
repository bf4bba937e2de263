/* The service as the client of one identity provider: asks for its discovery document and keys when they are needed, keeps
 * them, and redeems authorization codes. Safe for threads. The functions that ask block, up to some seconds. */
#ifndef EONAY_PORTAL_LOGIN_CLIENT_H
#define EONAY_PORTAL_LOGIN_CLIENT_H

#include "portal/fetch.h"
#include "portal/login/authorization.h"
#include "portal/login/id_token.h"
#include "portal/login/jwk.h"
#include "portal/login/provider.h"

/* All texts must outlive the client. */
struct client_settings {
	const char *issuer;
	const char *client_id;
	const char *client_secret;
	const char *redirect_uri;
	const char *scope;
	const char *tckn_claim; /* these four: struct id_token_rules */
	const char *name_claim;
	const char *role_claim;
	const char *operator_role;
	unsigned
		at_once; /* threads that may wait for the provider at the same time, so that a slow one does not
			     hold every thread of the service */
};

struct client;

/* f is borrowed. Freed by client_free(). */
struct client *client_new(const struct client_settings *settings, struct fetch *f);
void client_free(struct client *c); /* NULL is allowed */

/* Whose client it is. */
const char *client_issuer(const struct client *c);

/* Where to send the browser for this login; state, nonce and verifier are its random texts (authorization.h). Appended to
 * url. ERR_LOGIN_PROVIDER (or too many wait for it), ERR_LOGIN_ANSWER, ERR_CRYPTO. */
enum err client_start(struct client *c, const char *state, const char *nonce, const char *verifier,
	const char *language, struct bytes *url, struct error *e);

/* callback_judge() with what the provider tells of itself; between client_enter() and client_leave(). Errors as both. */
enum err client_judge(struct client *c, const struct callback *back, struct error *e);

/* May another code be redeemed now? True must be followed by client_leave(). */
bool client_enter(struct client *c);
void client_leave(struct client *c);

/* Redeems the code (client_secret_basic, RFC 6749 2.3.1) and checks the ID token; between the same two. ERR_LOGIN_STATE: the
 * provider says that the code was used or is too old; ERR_LOGIN_PROVIDER, ERR_LOGIN_ANSWER, ERR_LOGIN_TOKEN,
 * ERR_LOGIN_KEY, ERR_LOGIN_PERSON. */
enum err client_redeem(struct client *c, const char *code, const char *verifier, const char *nonce,
	struct identity *out, struct error *e);

#endif

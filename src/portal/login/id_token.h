/* What an ID token says of a person (OpenID Connect Core 1.0, sections 2 and 3.1.3.7). Pure: time comes in. */
#ifndef EONAY_PORTAL_LOGIN_ID_TOKEN_H
#define EONAY_PORTAL_LOGIN_ID_TOKEN_H

#include "portal/session.h"

#define ID_TOKEN_AGE_MAX_S 600 /* since it was issued; it is fetched right behind the login */

/* What the token must say, and where it says what. */
struct id_token_rules {
	const char *issuer;
	const char *client_id;
	const char *nonce; /* of this login */
	int64_t now;
	long tolerance_s;          /* between the provider's clock and ours */
	const char *tckn_claim;    /* the member with the T.C. kimlik no */
	const char *name_claim;    /* the member with the name */
	const char *role_claim;    /* the member (a text or a list) with the roles; "": none */
	const char *operator_role; /* the role of an operator in it */
};

/* The person who has logged in. */
struct identity {
	char tckn[12];
	char name[SESSION_PERSON_MAX]; /* safe to show (base/text.h) */
	bool operator;
};

/* Judges the claims of a token whose signature holds. ERR_LOGIN_TOKEN (where names the claim); ERR_LOGIN_PERSON when
 * all is right but no valid T.C. kimlik no is told. */
enum err id_token_check(struct span claims, const struct id_token_rules *rules,
	struct identity *out, struct error *e);

#endif

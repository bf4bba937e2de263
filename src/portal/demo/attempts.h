/* The logins at the demo identity provider that are under way, from the authorization request to the token. In memory: the
 * demo is one process, and a restart makes people begin again. Safe for threads. */
#ifndef EONAY_PORTAL_DEMO_ATTEMPTS_H
#define EONAY_PORTAL_DEMO_ATTEMPTS_H

#include "portal/login/authorization.h"
#include "portal/login/id_token.h"
#include "portal/routes.h"

#define ATTEMPTS_MAX 512 /* when there are more, the oldest is forgotten */
#define ATTEMPT_TEXT_MAX 256
#define ATTEMPT_S 600 /* seconds for the person to log in */
#define ATTEMPT_CODE_S                                                                             \
	60 /* seconds for the code to be redeemed (RFC 6749 4.1.2: ten minutes at most) */

struct attempt {
	char id[RANDOM_TEXT_SIZE]; /* names it in the addresses of the login page */
	char state[ATTEMPT_TEXT_MAX];
	char nonce[ATTEMPT_TEXT_MAX];
	char challenge[RANDOM_TEXT_SIZE];
	char browser[BROWSER_ID_SIZE + 1];  /* the one that began it; no other may go on with it */
	char session[PORTAL_ID_DIGITS + 1]; /* signing session of e-İmza, or "" */
	char code[RANDOM_TEXT_SIZE];        /* authorization code; "": nobody has logged in yet */
	struct identity who;
	int64_t expires; /* monotonic seconds */
};

struct attempts;

struct attempts *attempts_new(void);
void attempts_free(struct attempts *a); /* NULL is allowed; what they hold is overwritten */

/* Adds the attempt, giving it an id and its time. ERR_CRYPTO. */
enum err attempts_add(struct attempts *a, struct attempt *attempt, int64_t now_s, struct error *e);

/* A copy of this browser's attempt with this id, which waits for its login. False: there is none. */
bool attempts_find(struct attempts *a, const char *id, const char *browser, int64_t now_s,
	struct attempt *out);

/* A signing session belongs to the attempt from now on. */
void attempts_set_session(struct attempts *a, const char *id, const char *session);

/* The person has logged in: the attempt gets its code, once, which is put into code. ERR_LOGIN_STATE: there is no such
 * attempt (any more), or it has a code; ERR_CRYPTO. */
enum err attempts_grant(struct attempts *a, const char *id, const struct identity *who,
	int64_t now_s, char code[RANDOM_TEXT_SIZE], struct error *e);

/* Takes out the attempt with this code. False: there is none (any more). */
bool attempts_take(struct attempts *a, const char *code, int64_t now_s, struct attempt *out);

/* Forgets the attempt. */
void attempts_end(struct attempts *a, const char *id);

#endif

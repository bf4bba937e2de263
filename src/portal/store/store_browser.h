/* Persons who are logged in, and logins on their way to the identity provider. Both are found by the
 * keyed hash of a random number that the browser has (key.h); the number itself is stored nowhere. */
#ifndef EONAY_PORTAL_STORE_STORE_BROWSER_H
#define EONAY_PORTAL_STORE_STORE_BROWSER_H

#include "portal/store/store.h"

#define LOGIN_TEXT_MAX 129 /* bytes with the NUL; RFC 7636 4.1: a verifier has up to 128 */
#define LOGIN_TARGET_MAX 512

/* A browser session; times in seconds since 1970. */
struct browser {
	uint8_t mac[KEY_MAC_SIZE];
	char tckn[12]; /* "": nobody is logged in */
	char person[SESSION_PERSON_MAX];
	bool operator;
	int64_t created, seen;
};

/* ERR_STORE, also when the mac is there. Logging in is audited. */
enum err store_add_browser(struct store *s, const struct browser *b, struct error *e);

/* Whether it has run out is the caller's to judge. ERR_SESSION_UNKNOWN, ERR_STORE. */
enum err store_find_browser(
	struct store *s, const uint8_t mac[KEY_MAC_SIZE], struct browser *out, struct error *e);

/* The session was used at the time given; one that has ended stays so. ERR_STORE. */
enum err store_touch_browser(
	struct store *s, const uint8_t mac[KEY_MAC_SIZE], int64_t seen, struct error *e);

/* Ends the session, since it ran out or its person logs out; that there is none is no error. Audited as what it is.
 * ERR_STORE. */
enum err store_end_browser(
	struct store *s, const uint8_t mac[KEY_MAC_SIZE], bool ran_out, struct error *e);

/* A login that has begun: what its answer is judged with. */
struct login {
	uint8_t state_mac[KEY_MAC_SIZE];
	uint8_t browser_mac[KEY_MAC_SIZE]; /* of the browser that began it */
	char nonce[LOGIN_TEXT_MAX];
	char verifier[LOGIN_TEXT_MAX]; /* of PKCE, RFC 7636 */
	char target[LOGIN_TARGET_MAX]; /* where the person wanted to go */
	int64_t expires;
};

/* ERR_STORE, also when the state is there. */
enum err store_add_login(struct store *s, const struct login *l, struct error *e);

/* Takes the login out: it can be taken once, and not when it expired before now.
 * ERR_SESSION_UNKNOWN, ERR_STORE. */
enum err store_take_login(struct store *s, const uint8_t state_mac[KEY_MAC_SIZE], int64_t now,
	struct login *out, struct error *e);

/* Audits that a login was refused for reason, a public code. ERR_STORE. */
enum err store_refuse_login(struct store *s, const char *reason, struct error *e);

/* Removes browser sessions last seen before idle or created before oldest, and logins that expired
 * before now. ERR_STORE. */
enum err store_forget_browsers(
	struct store *s, int64_t idle, int64_t oldest, int64_t now, struct error *e);

#endif

/* Where everything is kept; here: sessions and signatures. What a function of the store reports as
 * done is on the disk, together with its record in the audit log (store_audit.h). Safe to use from
 * several threads and by several processes at once. */
#ifndef EONAY_PORTAL_STORE_STORE_H
#define EONAY_PORTAL_STORE_STORE_H

#include "portal/session.h"

struct store;
struct guess;

/* Where the status of the signer's certificate was learned. The values are stored. */
enum status_source { STATUS_NONE = 0, STATUS_OCSP = 1, STATUS_CRL = 2 };

/* Times in seconds since 1970. signature_free() releases what it holds. */
struct signature {
	char receipt[PORTAL_ID_DIGITS + 1];
	int64_t accepted_at;
	uint8_t sha256[32]; /* of cms */
	struct bytes cms;   /* DER */
	enum status_source status_source;
	int64_t status_at;            /* producedAt of the OCSP response, thisUpdate of the CRL */
	struct bytes status_response; /* DER, or empty */
	struct bytes time_stamp;      /* DER of the RFC 3161 token, or empty */
	int64_t withdrawn_at;         /* 0: the consent holds */
};
void signature_free(struct signature *s);

/* Opens the store; where there is none, it is created or an error, as create says. An older schema
 * is brought up to date. ERR_STORE. *out is closed by store_close(). */
enum err store_open(const char *where, bool create, struct store **out, struct error *e);
void store_close(struct store *s); /* NULL is allowed */

/* Who acts where a function does not tell: "service", or the person whose the thing is, until this is called. actor is a
 * literal. */
void store_set_actor(struct store *s, const char *actor);

/* From now on changed is called when a session has changed its state, by whatever process: with its
 * id, or with NULL when it is not known which have (another program works on the same SQLite file,
 * or the connection to PostgreSQL was gone for a while), so that every one that matters is to be
 * looked at again. It is called by several threads, perhaps at once, is quick and does not use the
 * store. A change is told after it is on the disk; a process that dies between the two tells nothing,
 * so whoever waits for long looks himself now and then. Once for a store; ends with store_close().
 * ERR_STORE. */
enum err store_watch(struct store *s, void (*changed)(const char *id, void *context), void *context,
	struct error *e);

/* A new session (state SESSION_ISSUED) with its texts. ERR_STORE, also when its id or code exists.
 */
enum err store_add_session(
	struct store *s, const struct session *session, const struct texts *texts, struct error *e);

/* Looks a session up. ERR_SESSION_UNKNOWN, ERR_STORE. */
enum err store_find_by_code(struct store *s, const uint8_t code_mac[KEY_MAC_SIZE],
	struct session *out, struct error *e);
enum err store_find_by_id(struct store *s, const char *id, struct session *out, struct error *e);

/* The texts of a session; the caller frees them. ERR_SESSION_UNKNOWN when it has none, ERR_STORE.
 */
enum err store_read_texts(struct store *s, const char *id, struct texts *out, struct error *e);

/* Binds an issued session to the kiosk: session's nonce_mac, token_mac and kiosk are stored, its
 * state becomes open, and the kiosk was seen at the time given, in seconds since 1970 (0: it is a
 * browser, not a kiosk). guess is the one that found it (store_guess.h); NULL: it was not found by its
 * code. *won is false when it was not issued (any more), as another was faster, or when the guess is
 * one too many. ERR_STORE. */
enum err store_open_session(struct store *s, const struct session *session,
	const struct guess *guess, int64_t seen, bool *won, struct error *e);

/* Keeps the signature of an open session, for good. When the session has one already: with the same
 * sha256 that one's receipt and accepted_at are put into signature and *fresh is false; else
 * ERR_SESSION_SIGNED. ERR_SESSION_UNKNOWN when it is not open, ERR_STORE. */
enum err store_add_signature(
	struct store *s, const char *id, struct signature *signature, bool *fresh, struct error *e);

/* The signature of a session; the caller frees it. ERR_SESSION_UNKNOWN when it has none,
 * ERR_STORE. */
enum err store_read_signature(
	struct store *s, const char *id, struct signature *out, struct error *e);

/* An open session becomes done: what it allowed was carried out. Once more is ERR_OK.
 * ERR_SESSION_UNKNOWN when it is neither open nor done, ERR_STORE. */
enum err store_finish_session(struct store *s, const char *id, struct error *e);

/* An issued or open session becomes cancelled: its code is dead, since another is given out. Nothing
 * happens to one that has ended already. ERR_SESSION_SIGNED when it was signed, ERR_SESSION_UNKNOWN,
 * ERR_STORE. */
enum err store_cancel_session(struct store *s, const char *id, struct error *e);

/* An open session becomes abandoned for reason (a public code). ERR_SESSION_SIGNED when it was
 * signed, ERR_STORE. */
enum err store_abandon_session(
	struct store *s, const char *id, const char *reason, struct error *e);

/* Forgets sessions without a signature that expired before the time given. ERR_STORE. */
enum err store_forget_expired(struct store *s, int64_t before, struct error *e);

/* Calls each for every session, the newest first, until it returns false. ERR_STORE. */
enum err store_list(struct store *s, bool (*each)(const struct session *, void *), void *context,
	struct error *e);

/* Can the store be read? ERR_STORE. */
enum err store_check(struct store *s, struct error *e);

#endif

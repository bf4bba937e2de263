/* A signing session and its rules. Pure: time comes in, nothing is stored here.
 *
 *   issued --open--> open --signature--> signed (an unblocking: done)
 *      \               \
 *       '-- deadline    '-- abandoned, or deadline
 *
 * A code for which another was given out instead is cancelled, issued or open.
 *
 * There is one deadline, counted from the creation of the code: opening does not prolong it. */
#ifndef EONAY_PORTAL_SESSION_H
#define EONAY_PORTAL_SESSION_H

#include "base/bytes.h"
#include "base/error.h"
#include "portal/code.h"
#include "portal/key.h"

#define SESSION_TEXTS_MAX 16
#define SESSION_PERSON_MAX 192 /* bytes with the NUL */
#define SESSION_KIOSK_MAX 64   /* bytes with the NUL */
#define SESSION_NONCE_MIN                                                                          \
	16 /* characters; 96 bits in base64url, and a kiosk that sends "1" is refused */
#define SESSION_NONCE_MAX 64

/* The values are stored. */
enum session_state {
	SESSION_ISSUED = 0,
	SESSION_OPEN = 1,
	SESSION_SIGNED = 2,
	SESSION_ABANDONED = 3,
	SESSION_DONE = 4,     /* what it allowed was carried out: SESSION_UNBLOCK */
	SESSION_CANCELLED = 5 /* its code was replaced by another */
};

/* What the session is for. The values are stored. */
enum session_purpose {
	SESSION_CONSENT = 0, /* texts to be signed */
	SESSION_LOGIN = 1,   /* a challenge to be signed, so that a person can log in */
	SESSION_UNBLOCK = 2  /* the card's PIN may be set with the PUK */
};

/* Plain data; times in seconds since 1970. */
struct session {
	char id[PORTAL_ID_DIGITS + 1];
	enum session_state state;
	enum session_purpose purpose;
	char person[SESSION_PERSON_MAX];
	char tckn[12];
	char kiosk[SESSION_KIOSK_MAX]; /* name of the terminal that opened it, or "" */
	char reason[8];                /* public code of why it was abandoned, or "" */
	int64_t created;
	int64_t expires;
	uint8_t code_mac[KEY_MAC_SIZE];
	uint8_t nonce_mac[KEY_MAC_SIZE]; /* from OPEN on */
	uint8_t token_mac[KEY_MAC_SIZE]; /* from OPEN on */
};

/* The texts to be signed, in order. texts_free() releases them. */
struct texts {
	struct bytes at[SESSION_TEXTS_MAX];
	size_t count;
};
void texts_free(struct texts *t);

/* Appends the bytes to be signed (sign/content.h). */
void texts_join(const struct texts *t, struct bytes *out);

/* May these be offered for signing: 1..SESSION_TEXTS_MAX, none empty, safe to show and NFC
 * (base/text.h), together with headings at most CONTENT_MAX? ERR_TEXT_UNSAFE (where names text and
 * byte), ERR_TEXT_SIZE. */
enum err texts_judge(const struct texts *t, struct error *e);

/* May the kiosk with this nonce open the session now? The kiosk that opened it may again until the
 * deadline, since an answer can be lost. ERR_CODE_USED, ERR_CODE_EXPIRED, ERR_SESSION_SIGNED. */
enum err session_may_open(const struct session *s, const uint8_t nonce_mac[KEY_MAC_SIZE],
	int64_t now, struct error *e);

/* May a signature or its giving up still come in? A signed session may: the store knows whether it
 * is the same signature. grace: seconds past the deadline for what was on its way.
 * ERR_SESSION_EXPIRED, ERR_SESSION_UNKNOWN. */
enum err session_may_end(const struct session *s, int64_t now, int64_t grace, struct error *e);

/* May it be reported now that what the session allowed was carried out? Of SESSION_UNBLOCK only; once more is as good.
 * grace as above. ERR_REQUEST for another purpose, ERR_SESSION_EXPIRED, ERR_SESSION_UNKNOWN. */
enum err session_may_finish(const struct session *s, int64_t now, int64_t grace, struct error *e);

/* "issued", "open", "signed", "abandoned", "done", "cancelled", or "expired" when the deadline has
 * passed in the first two. */
const char *session_state_name(const struct session *s, int64_t now);

/* Whoever waits for the end of a session must not be told that it is over while something may still come in: what is open
 * waits for its end, and is shown as "open", until session_may_end() refuses. */
bool session_waits(const struct session *s, int64_t now, int64_t grace);
const char *session_state_shown(const struct session *s, int64_t now, int64_t grace);

/* "consent", "login", "unblock". */
const char *session_purpose_name(enum session_purpose purpose);

/* The purpose of that name; false when it is none. */
bool session_purpose_named(const char *name, enum session_purpose *out);

#endif

/* The kiosk's side of the portal protocol (src/portal/openapi.yaml): open a session with a code,
 * hand in the signature. libcurl and jansson. TLS is verified against the system's store or a
 * pinned CA file; plain HTTP is refused to anything but loopback; no redirect, no proxy, no netrc.
 */
#ifndef EONAY_SERVICE_CLIENT_H
#define EONAY_SERVICE_CLIENT_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/secret.h"

#define SERVICE_TEXTS_MAX 16
#define SERVICE_ID_MAX 64    /* characters of a session's or receipt's id */
#define SERVICE_NONCE_MAX 64 /* characters */
#define SERVICE_VERSION_MAX 32
#define SERVICE_LIFETIME_MAX_S 86400 /* a session that claims to live longer is not believed */
#define CODE_DIGITS 17               /* of a verification code */

struct service_settings {
	const char *url;     /* base, "https://host[:port][/prefix]" */
	const char *ca_file; /* PEM; NULL or "": the system's store */
	/* "sha256//" and base64 of the SHA-256 of the service's public key, or several with ";" between them, of which it
	 * must have one; NULL or "": any that the CAs vouch for. */
	const char *pin;
	const char *kiosk; /* name of this terminal for the operator, or "" */
	long connect_timeout_ms;
	long total_timeout_ms; /* of one request */
};

struct service; /* settings and the connection that is kept between requests */

/* ERR_SERVICE_ADDRESS when the URL is not acceptable. Settings are copied. */
enum err service_open(
	const struct service_settings *settings, struct service **out, struct error *e);
void service_close(struct service *s); /* NULL is allowed */

/* What a session is for. */
enum service_purpose {
	SERVICE_CONSENT, /* texts to be signed */
	SERVICE_LOGIN,   /* likewise: a challenge, by whose signature the person logs in */
	SERVICE_UNBLOCK, /* no texts: the person may set the card's PIN by the PUK */
	SERVICE_PURPOSES
};

/* A session as served. service_session_free() releases it (and wipes the token). */
struct service_session {
	char id[SERVICE_ID_MAX];
	struct secret token; /* bearer token for the rest of the session */
	enum service_purpose purpose;
	char person[192]; /* name of the person, or ""; not judged for display */
	char tckn[12];    /* the person's T.C. kimlik no (the certificate must carry it) */
	struct bytes texts[SERVICE_TEXTS_MAX];
	size_t text_count;    /* 0 for SERVICE_UNBLOCK alone */
	int64_t created;      /* seconds since 1970, the service's clock */
	long remaining_ms;    /* until the session ends, counted from the answer's arrival */
	int64_t service_time; /* the service's clock at the answer */
};
void service_session_free(struct service_session *s);

/* Opens the session of a code (CODE_DIGITS digits). nonce: random text of the caller (at least 128
 * bits; letters, digits, '-', '_'), the same for each attempt with the same code, so that an answer
 * lost on the way does not use the code up. ERR_CODE_*, ERR_SERVICE_*, ERR_SESSION_*, ERR_PURPOSE when it is for
 * something that is not known here. */
enum err service_session_open(struct service *s, struct span code, const char *nonce,
	struct service_session *out, struct error *e);

/* Hands in the CMS. Repeating it with the same bytes gives the same receipt. receipt:
 * SERVICE_ID_MAX bytes. */
enum err service_signature_submit(struct service *s, const char *session_id, struct span token,
	struct span cms, char *receipt, int64_t *accepted_at, struct error *e);

/* Tells the portal that this session ends without a signature, and why (so that its page need not
 * wait). */
enum err service_session_abandon(struct service *s, const char *session_id, struct span token,
	enum err reason, struct error *e);

/* Tells the portal that what a session for SERVICE_UNBLOCK allows has been carried out. May be repeated. */
enum err service_session_done(
	struct service *s, const char *session_id, struct span token, struct error *e);

/* Is the service there and healthy? version: SERVICE_VERSION_MAX bytes. clock_difference_s: the
 * service's clock minus ours. */
enum err service_health(
	struct service *s, char *version, long *clock_difference_s, struct error *e);

#endif

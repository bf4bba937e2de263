/* Deleting personal data (KVKK, law 6698, article 7). */
#ifndef EONAY_PORTAL_STORE_STORE_FORGET_H
#define EONAY_PORTAL_STORE_STORE_FORGET_H

#include "portal/store/store.h"

/* Seconds since 1970: what was before is deleted. */
struct forget_limits {
	int64_t others;    /* sessions, their texts, logins, browser sessions: created */
	int64_t withdrawn; /* consents that were taken back: taken back */
	int64_t consents;  /* consents that hold: accepted */
	int64_t now;       /* what has not run out now is under way and stays */
};

struct forgotten {
	int64_t sessions, consents, browsers;
	int64_t kept; /* consents that are left */
};

/* Deletes what is older than the limits allow, of one person or (tckn "") of all. Certificates and
 * applications stay, and so do the records of the audit log, which have no more of anybody than the
 * masked number. ERR_STORE; then a part may be deleted, and audited, already. */
enum err store_forget(struct store *s, const char *tckn, const struct forget_limits *limits,
	struct forgotten *out, struct error *e);

#endif

/* The consents that persons have signed: their history, and taking one back. */
#ifndef EONAY_PORTAL_STORE_STORE_CONSENT_H
#define EONAY_PORTAL_STORE_STORE_CONSENT_H

#include "portal/store/store.h"

/* A signed session of SESSION_CONSENT; times in seconds since 1970. */
struct consent {
	char id[PORTAL_ID_DIGITS + 1]; /* of the session */
	char receipt[PORTAL_ID_DIGITS + 1];
	char kiosk[SESSION_KIOSK_MAX];
	int64_t accepted_at;
	int64_t withdrawn_at; /* 0: it holds */
};

/* Calls each for the consents of a person, the newest first, until it returns false. ERR_STORE. */
enum err store_list_consents(struct store *s, const char *tckn,
	bool (*each)(const struct consent *, void *), void *context, struct error *e);

/* One consent of the person. ERR_RECORD_UNKNOWN: the person has none with this id. ERR_STORE. */
enum err store_find_consent(
	struct store *s, const char *id, const char *tckn, struct consent *out, struct error *e);

/* The person takes the consent back at the time given. The signature stays: it proves that there was
 * one. ERR_RECORD_UNKNOWN: the person has none with this id; ERR_RECORD_CHANGED: it was taken back
 * before. ERR_STORE. */
enum err store_withdraw_consent(
	struct store *s, const char *id, const char *tckn, int64_t at, struct error *e);

#endif

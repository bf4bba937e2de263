/* The certificates that the service has issued, and the applications for them. */
#ifndef EONAY_PORTAL_STORE_STORE_REGISTRY_H
#define EONAY_PORTAL_STORE_STORE_REGISTRY_H

#include "portal/store/store.h"

#define REGISTERED_SERIAL_MAX 48 /* hexadecimal digits with the NUL; RFC 5280 4.1.2.2: 20 octets */
#define REGISTERED_NAME_MAX 256  /* bytes with the NUL */

/* The values are stored. Revoked is for good. */
enum registered_status { REGISTERED_VALID = 0, REGISTERED_SUSPENDED = 1, REGISTERED_REVOKED = 2 };

/* A certificate; times in seconds since 1970. registered_free() releases der. */
struct registered {
	char serial[REGISTERED_SERIAL_MAX]; /* hexadecimal digits in capitals */
	char issuer[REGISTERED_NAME_MAX];
	char tckn[12];
	char holder[SESSION_PERSON_MAX];
	int64_t not_before, not_after;
	enum registered_status status;
	int64_t status_at;
	char reason[SESSION_PERSON_MAX]; /* of the last change */
	struct bytes der;
};
void registered_free(struct registered *r);

/* Adds a certificate. One with this issuer and serial number that is there already stays as it is,
 * and *fresh is false. ERR_STORE. */
enum err store_add_certificate(
	struct store *s, const struct registered *r, bool *fresh, struct error *e);

/* Calls each for the certificates of a person, the newest first, until it returns false; what it is
 * given is gone afterwards. ERR_STORE. */
enum err store_list_certificates(struct store *s, const char *tckn,
	bool (*each)(const struct registered *, void *), void *context, struct error *e);

/* Calls each for the certificates that are suspended or revoked now, of all persons, in the order of
 * their serial numbers: for a CRL. ERR_STORE. */
enum err store_list_unusable(struct store *s, bool (*each)(const struct registered *, void *),
	void *context, struct error *e);

/* The certificate with this serial number, of this issuer unless that is NULL; the caller frees it.
 * ERR_RECORD_UNKNOWN, ERR_STORE. */
enum err store_find_certificate(struct store *s, const char *serial, const char *issuer,
	struct registered *out, struct error *e);

/* The status of a person's certificate changes at the time given, by the person or who store_set_actor() says. reason: a
 * word for the records.
 * ERR_RECORD_UNKNOWN: the person has no such certificate; ERR_RECORD_CHANGED: its status is not
 * from, or from is REGISTERED_REVOKED. ERR_STORE. */
enum err store_change_certificate(struct store *s, const char *serial, const char *tckn,
	enum registered_status from, enum registered_status to, const char *reason, int64_t at,
	struct error *e);

/* The values are stored. */
enum application_state {
	APPLICATION_RECEIVED = 0,
	APPLICATION_CHECKED = 1,   /* the papers are in order */
	APPLICATION_ISSUED = 2,    /* the certificate is there */
	APPLICATION_DELIVERED = 3, /* the card was handed over */
	APPLICATION_REFUSED = 4
};

struct application {
	char id[PORTAL_ID_DIGITS + 1];
	char tckn[12];
	enum application_state state;
	char note[REGISTERED_NAME_MAX]; /* for the person, or "" */
	int64_t created, changed;
};

/* Adds an application. ERR_STORE, also when its id is there. */
enum err store_add_application(struct store *s, const struct application *a, struct error *e);

/* Sets state, note and changed of the application with a's id. ERR_RECORD_UNKNOWN, ERR_STORE. */
enum err store_change_application(struct store *s, const struct application *a, struct error *e);

/* Calls each for the applications of a person, the newest first, until it returns false. ERR_STORE.
 */
enum err store_list_applications(struct store *s, const char *tckn,
	bool (*each)(const struct application *, void *), void *context, struct error *e);

#endif

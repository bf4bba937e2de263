/* Reading what a kiosk sends: strict, and only what src/portal/openapi.yaml allows. */
#ifndef EONAY_PORTAL_REQUEST_H
#define EONAY_PORTAL_REQUEST_H

#include "portal/session.h"

/* The body of POST /v1/sessions/open. */
struct request_open {
	char code[PORTAL_CODE_DIGITS + 1];
	char nonce[SESSION_NONCE_MAX + 1];
	char kiosk[SESSION_KIOSK_MAX];
	unsigned purposes; /* that the kiosk knows: bits 1 << enum session_purpose */
};

/* ERR_REQUEST, ERR_CODE_FORMAT. */
enum err request_read_open(struct span body, struct request_open *out, struct error *e);

/* The body of POST /v1/sessions/ID/abandon: a public code of the catalogue into reason (8 bytes).
 * ERR_REQUEST. */
enum err request_read_abandon(struct span body, char reason[8], struct error *e);

/* The body of POST /v1/sessions/ID/done: the one result that there is, "unblocked". ERR_REQUEST. */
enum err request_read_done(struct span body, struct error *e);

/* The token in an Authorization header "Bearer TOKEN" (RFC 6750 2.1); empty when header is NULL or
 * anything else. */
struct span request_bearer(const char *header);

/* Does path fit pattern? A "*" in pattern is a segment; it is put into id when it is an id of ours,
 * else no fit. */
bool request_path_fits(const char *path, const char *pattern, char id[PORTAL_ID_DIGITS + 1]);

/* Does path fit pattern, in which "@" stands for a segment at its end: a name of letters, digits, '.', '-' and '_' that does
 * not begin with '.'? The name is put into name (size bytes). */
bool request_path_name(const char *path, const char *pattern, char *name, size_t size);

/* Decimal digits without sign; false for anything else or more than max. */
bool request_number(const char *text, uint64_t max, uint64_t *out);

#endif

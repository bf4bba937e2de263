/* What several pages show, as values for the templates. */
#ifndef EONAY_PORTAL_WEB_VALUES_H
#define EONAY_PORTAL_WEB_VALUES_H

#include "portal/session.h"
#include "portal/store/store_registry.h"
#include "portal/web/language.h"

#include <jansson.h>

struct http_request;

/* {iso, text} for the template time; null for 0 (never). at: seconds since 1970. */
json_t *value_time(int64_t at);

/* The T.C. kimlik no, masked. */
json_t *value_masked(const char *tckn);

/* Sets values' name to list (taken), and has_NAME to whether there is anything in it. */
void value_set_list(json_t *values, const char *name, json_t *list);

/* What the templates facts and status show of a certificate at the time now, and revocable: is there anything to
 * revoke. */
json_t *value_certificate(const struct registered *r, int64_t now);

/* [{text}] of a session. */
json_t *value_texts(const struct texts *texts);

/* The first digits of the SHA-256 of what is signed: which version of the text it is. Empty when it cannot be made. */
json_t *value_version(const struct texts *texts);

/* Sets values' code to {groups, digits, qr_size, qr_path} for the template code_digits, while this browser may see the code of
 * the session. ERR_CRYPTO, ERR_INTERNAL. */
enum err value_code(const struct http_request *request, const struct session *session,
	json_t *values, struct error *e);

/* {message, remedy, code} of the failure with this public code; null when there is none. */
json_t *value_failure(const char *code, enum language language);

#endif

/* Giving out codes to persons in their browsers. */
#ifndef EONAY_PORTAL_ISSUE_H
#define EONAY_PORTAL_ISSUE_H

#include "portal/routes.h"

/* A new session for the person who is logged in, with texts; its id into id. Its code is shown by issue_code() to this
 * browser only, as often as it asks. ERR_TOO_OFTEN, ERR_STORE, ERR_CRYPTO. */
enum err issue_session(const struct http_request *request, enum session_purpose purpose,
	const struct texts *texts, char id[PORTAL_ID_DIGITS + 1], struct error *e);

/* The code of a session that this browser was given; *known is false, and out empty, when another browser was. The code is
 * kept nowhere: it is an HMAC with the server's key over the session's id and the random id of the browser's cookie, of
 * which the store has no more than keyed hashes. ERR_CRYPTO. */
enum err issue_code(const struct http_request *request, const struct session *session,
	char out[PORTAL_CODE_DIGITS + 1], bool *known, struct error *e);

#endif

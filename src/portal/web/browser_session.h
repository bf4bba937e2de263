/* Who is logged in with a browser. The session is kept in the store, so that any instance of the service knows it; the id is
 * the browser's cookie (browser.h), of which only a keyed hash is stored. */
#ifndef EONAY_PORTAL_WEB_BROWSER_SESSION_H
#define EONAY_PORTAL_WEB_BROWSER_SESSION_H

#include "portal/routes.h"

/* Fills request->person, or leaves it NULL when nobody is logged in, when the session was not used for browser.idle_s or
 * is older than browser.lifetime_s; request->expired tells of the last two. Counts as use but for ROUTE_QUIET.
 * ERR_STORE, ERR_CRYPTO. */
enum err browser_session_find(struct http_request *request, struct error *e);

/* person, whose identity was just proven, is logged in. The browser gets a new id, and the session that it had ends, so
 * that whoever gave it the old id (fixation) gains nothing. ERR_STORE, ERR_CRYPTO. */
enum err browser_login(const struct http_request *request, struct http_answer *answer,
	const struct person *person, struct error *e);

/* Ends the browser's session, if it has one, and takes its cookie. ERR_STORE, ERR_CRYPTO. */
enum err browser_logout(
	const struct http_request *request, struct http_answer *answer, struct error *e);

#endif

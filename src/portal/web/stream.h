/* News of a signing session for a browser that waits. */
#ifndef EONAY_PORTAL_WEB_STREAM_H
#define EONAY_PORTAL_WEB_STREAM_H

#include "portal/routes.h"

/* Watches p's store: the browsers that wait for a session are told when it changes, whichever process changed it.
 * ERR_STORE. */
enum err stream_watch(struct portal *p, struct error *e);

/* The answer is a stream of the states of the session, from the one given on: events whose data is
 * {"state":"abandoned","reason":"K-201"}, state as session_state_shown() tells it, reason "" in any other state. Time that
 * runs out is no event. Whether the browser may know is the caller's to judge. ERR_BUSY_SERVICE. */
enum err stream_answer(struct portal *p, const struct http_request *request,
	struct http_answer *answer, const struct session *session, struct error *e);

#endif

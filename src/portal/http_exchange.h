/* One request on its way through the HTTP library's callbacks, and what they share with the server (http.c). */
#ifndef EONAY_PORTAL_HTTP_EXCHANGE_H
#define EONAY_PORTAL_HTTP_EXCHANGE_H

#include "portal/connections.h"
#include "portal/http.h"

#include <microhttpd.h>

struct http {
	struct MHD_Daemon *daemon;
	struct portal *portal;
	struct connections *connections;
	bool tls;
	const char *proxies;
	_Atomic unsigned under_way; /* requests that have come and are not yet answered */
};

/* Callbacks of the library; context is the struct http. What http_on_begin() returns is the state of the request, which
 * http_on_completed() releases. */
void *http_on_begin(void *context, const char *uri, struct MHD_Connection *connection);
enum MHD_Result http_on_request(void *context, struct MHD_Connection *connection, const char *path,
	const char *method, const char *version, const char *data, size_t *size, void **state);
void http_on_completed(void *context, struct MHD_Connection *connection, void **state,
	enum MHD_RequestTerminationCode how);

#endif

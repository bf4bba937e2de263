/* One HTTP request after another over a connection that is kept: libcurl, set as strictly as it can
 * be. */
#ifndef EONAY_SERVICE_TRANSFER_H
#define EONAY_SERVICE_TRANSFER_H

#include "service/client.h"

struct transfer;

/* ERR_SERVICE_ADDRESS, ERR_INTERNAL (no libcurl). *out is freed by transfer_close(). */
enum err transfer_open(
	const struct service_settings *settings, struct transfer **out, struct error *e);
void transfer_close(struct transfer *t); /* NULL is allowed */

struct transfer_call {
	const char *method;       /* GET, POST, PUT */
	const char *path;         /* behind the base URL, from "/" on */
	struct span token;        /* of the session, or empty */
	const char *content_type; /* of body; NULL: no body */
	struct span body;
};

/* Makes the call. ERR_OK when an answer has come, whatever its status: *http, and body (emptied
 * before) of at most ANSWER_MAX bytes. ERR_SERVICE_UNREACHABLE, ERR_SERVICE_TLS, ERR_SERVICE_ANSWER
 * (not HTTP, or too large). */
enum err transfer_run(struct transfer *t, const struct transfer_call *call, int *http,
	struct bytes *body, struct error *e);

#endif

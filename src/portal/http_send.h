/* From an answer to the HTTP library's response. */
#ifndef EONAY_PORTAL_HTTP_SEND_H
#define EONAY_PORTAL_HTTP_SEND_H

#include "portal/routes.h"

#include <microhttpd.h>

/* Queues answer, with the headers that every answer has, for request on connection. answer keeps its body until the
 * library tells that the request is completed. An answer that is a stream is read from reader(context, …). */
enum MHD_Result http_send(struct MHD_Connection *connection, const struct http_request *request,
	const struct http_answer *answer, MHD_ContentReaderCallback reader, void *context);

#endif

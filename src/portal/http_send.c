#include "portal/http_send.h"

#include <stdio.h>

/* Two years, as https://hstspreload.org asks for at least one. */
#define STRICT_TRANSPORT "max-age=63072000"

/* Nothing but what we serve, no inline script or style, in nobody's frame. */
#define CONTENT_POLICY                                                                             \
	"default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "                \
	"connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

static const struct {
	const char *name, *value;
} always[] = {
	{"Content-Security-Policy", CONTENT_POLICY},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Cross-Origin-Embedder-Policy", "require-corp"},
	{"X-Frame-Options", "DENY"},
	{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
};

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
	return MHD_add_response_header(response, name, value) == MHD_YES;
}

static bool add_common(struct MHD_Response *response, const struct http_request *request)
{
	bool done = true;

	for (size_t i = 0; i < sizeof(always) / sizeof(*always) && done; i++)
		done = add(response, always[i].name, always[i].value);
	if (done && request->secure)
		done = add(response, "Strict-Transport-Security", STRICT_TRANSPORT);
	return done;
}

static bool add_own(struct MHD_Response *response, const struct http_answer *answer)
{
	char seconds[24];
	bool done = add(response, MHD_HTTP_HEADER_CACHE_CONTROL,
		answer->cache ? answer->cache : "no-store");

	if (done && answer->content_type)
		done = add(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->content_type);
	if (done && answer->status == 401)
		done = add(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
	if (done && answer->retry_after_s) {
		snprintf(seconds, sizeof(seconds), "%ld", answer->retry_after_s);
		done = add(response, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
	}
	for (size_t i = 0; i < answer->header_count && done; i++)
		done = add(response, answer->headers[i].name, answer->headers[i].value);
	return done;
}

static struct MHD_Response *create(
	const struct http_answer *answer, MHD_ContentReaderCallback reader, void *context)
{
	if (!answer->stream)
		return MHD_create_response_from_buffer(
			answer->body.n, answer->body.at, MHD_RESPMEM_PERSISTENT);
	return MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, EVENTS_FRAME_MAX, reader, context, NULL);
}

enum MHD_Result http_send(struct MHD_Connection *connection, const struct http_request *request,
	const struct http_answer *answer, MHD_ContentReaderCallback reader, void *context)
{
	struct MHD_Response *response = create(answer, reader, context);
	enum MHD_Result result = MHD_NO;

	if (!response)
		return MHD_NO;
	/* A header that the library does not take (a line feed in it) is not left out: nothing is sent. */
	if (add_common(response, request) && add_own(response, answer))
		result = MHD_queue_response(connection, answer->status, response);
	MHD_destroy_response(response);
	return result;
}

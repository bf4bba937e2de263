#include "portal/answer.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

enum err answer_json(struct http_answer *answer, unsigned status, json_t *document, struct error *e)
{
	char *text = document ? json_dumps(document, JSON_COMPACT) : NULL;
	enum err code = text ? ERR_OK : error_set(e, ERR_INTERNAL, "JSON");

	answer->status = status;
	answer->content_type = JSON_TYPE;
	if (text) {
		bytes_append_text(&answer->body, text);
		explicit_bzero(text, strlen(text));
	}
	free(text);
	json_decref(document);
	return code;
}

void answer_redirect(struct http_answer *answer, const char *location)
{
	answer->status = 303;
	answer->content_type = NULL;
	answer_header(answer, "Location", "%s", location);
}

void answer_download(
	struct http_answer *answer, const char *content_type, const char *name, struct span content)
{
	answer->status = 200;
	answer->content_type = content_type;
	bytes_append(&answer->body, content);
	answer_header(answer, "Content-Disposition", "attachment; filename=\"%s\"", name);
}

void answer_header(struct http_answer *answer, const char *name, const char *format, ...)
{
	struct bytes value = {0};
	va_list args;

	if (answer->header_count == ANSWER_HEADERS_MAX)
		return;
	va_start(args, format);
	bytes_append_vformat(&value, format, args);
	va_end(args);
	bytes_text(&value);
	answer->headers[answer->header_count].name = name;
	answer->headers[answer->header_count++].value = (char *)value.at;
}

void answer_cookie(const struct http_request *request, struct http_answer *answer, const char *name,
	const char *value, long lifetime_s)
{
	struct bytes age = {0};

	if (lifetime_s != 0)
		bytes_append_format(&age, "; Max-Age=%ld", lifetime_s > 0 ? lifetime_s : 0);
	answer_header(answer, "Set-Cookie", "%s%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s",
		request->secure ? "__Host-" : "", name, value, request->secure ? "; Secure" : "",
		bytes_text(&age));
	bytes_free(&age);
}

enum err answer_stream(const struct http_request *request, struct http_answer *answer,
	const char *id, const char *news, struct error *e)
{
	answer->stream = events_subscribe(
		request->portal->events, id, request->client, news, clock_monotonic_ms());
	if (!answer->stream)
		return error_set(e, ERR_BUSY_SERVICE, "streams");
	answer->status = 200;
	answer->content_type = "text/event-stream";
	answer_header(answer, "X-Accel-Buffering", "no"); /* a proxy must not wait for more */
	return ERR_OK;
}

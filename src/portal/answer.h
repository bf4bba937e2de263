/* Filling an answer: documents, redirects, cookies, files. Pages: portal/web/page.h. */
#ifndef EONAY_PORTAL_ANSWER_H
#define EONAY_PORTAL_ANSWER_H

#include "portal/routes.h"

#include <jansson.h>

#define JSON_TYPE "application/json"

/* document (taken; NULL is ERR_INTERNAL) becomes the body. */
enum err answer_json(
	struct http_answer *answer, unsigned status, json_t *document, struct error *e);

/* 303: location, a path of ours or a URL, is asked next. It must not come from the request as it is. */
void answer_redirect(struct http_answer *answer, const char *location);

/* content becomes the body, to be saved under name, which is plain (letters, digits, '.', '-', '_'). */
void answer_download(struct http_answer *answer, const char *content_type, const char *name,
	struct span content);

/* Adds a header; name is a literal. */
void answer_header(struct http_answer *answer, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Sets a cookie for the whole service, HttpOnly and SameSite=Lax; on TLS it is Secure and its name has the prefix
 * __Host-. value: letters, digits, '-', '_', '.'. lifetime_s 0: until the browser ends; below: it is deleted. */
void answer_cookie(const struct http_request *request, struct http_answer *answer, const char *name,
	const char *value, long lifetime_s);

/* The answer is a stream of events for the session id, which begins with news (one line, such as {"state":"open"}).
 * ERR_BUSY_SERVICE: there are too many streams. */
enum err answer_stream(const struct http_request *request, struct http_answer *answer,
	const char *id, const char *news, struct error *e);

#endif

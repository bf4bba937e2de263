/* One question over HTTP: libcurl, set as strictly as it can be: no redirect, no proxy, no .netrc, nothing of the
 * environment, TLS 1.2 at least and the server's name checked. Apart with libcurl: link HTTP_LIBS before BASE_LIBS. */
#ifndef EONAY_BASE_HTTP_CALL_H
#define EONAY_BASE_HTTP_CALL_H

#include "base/bytes.h"
#include "base/error.h"

#include <curl/curl.h>

/* The handle, and the answer as it comes in. */
struct http_call {
	CURL *curl;
	struct bytes *body; /* appended to */
	size_t body_max;    /* a longer one is no answer */
	size_t header_bytes;
	char cause[CURL_ERROR_SIZE];
};

/* Sets what is the same for every question; c stays where it is as long as the handle is used. protocols: of the URLs, as
 * CURLOPT_PROTOCOLS_STR has them. ca_file: PEM file of the CAs of the servers; NULL or "": the system's. The result is the
 * first refusal of an option. */
CURLcode http_call_prepare(
	struct http_call *c, const char *protocols, const char *ca_file, const char *user_agent);

/* Makes the question a POST of this body, which is borrowed. */
CURLcode http_call_post(struct http_call *c, struct span body);

/* Appends a header line, its value behind the beginning that ends in ": " or in a scheme. The list, which may hold secrets,
 * is ended by http_headers_free(). */
struct curl_slist *http_headers_add(
	struct curl_slist *list, const char *beginning, struct span value);
void http_headers_free(struct curl_slist *list); /* NULL is allowed */

/* What a result other than CURLE_OK means: ERR_SERVICE_UNREACHABLE, ERR_SERVICE_TLS, ERR_SERVICE_ANSWER. */
enum err http_call_failed(
	const struct http_call *c, const char *url, CURLcode result, struct error *e);

#endif

#include "base/http_call.h"

#include <string.h>

/* All header lines of an answer together, "100 Continue" and its like included. */
#define HEADERS_MAX 16384

/* Returning less than n ends the transfer with CURLE_WRITE_ERROR. */
static size_t on_body(char *data, size_t size, size_t n, void *context)
{
	struct http_call *c = context;

	(void)size; /* is 1 */
	if (n > c->body_max - c->body->n)
		return 0;
	bytes_append(c->body, span_of(data, n));
	return n;
}

static size_t on_header(char *data, size_t size, size_t n, void *context)
{
	struct http_call *c = context;

	(void)data;
	(void)size;
	c->header_bytes += n;
	return c->header_bytes > HEADERS_MAX ? 0 : n;
}

/* Every option that must take; the first refusal is the result. */
#define SET(option, value)                                                                         \
	if (result == CURLE_OK)                                                                    \
	result = curl_easy_setopt(c->curl, option, value)

static CURLcode set_connection(struct http_call *c, const char *protocols)
{
	CURLcode result = CURLE_OK;

	SET(CURLOPT_PROTOCOLS_STR, protocols);
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PROXY, ""); /* "" also passes over http_proxy of the environment */
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_HTTP09_ALLOWED, 0L);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)c->body_max);
	return result;
}

static CURLcode set_tls(struct http_call *c, const char *ca_file)
{
	CURLcode result = CURLE_OK;

	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	if (ca_file && *ca_file) {
		SET(CURLOPT_CAINFO, ca_file);
		SET(CURLOPT_CAPATH, NULL);
	}
	return result;
}

CURLcode http_call_prepare(
	struct http_call *c, const char *protocols, const char *ca_file, const char *user_agent)
{
	CURLcode result = set_connection(c, protocols);

	if (result == CURLE_OK)
		result = set_tls(c, ca_file);
	SET(CURLOPT_USERAGENT, user_agent);
	SET(CURLOPT_ERRORBUFFER, c->cause);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, c);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, c);
	return result;
}

CURLcode http_call_post(struct http_call *c, struct span body)
{
	CURLcode result = CURLE_OK;

	SET(CURLOPT_POST, 1L);
	SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n);
	SET(CURLOPT_POSTFIELDS, body.n ? (const char *)body.at : "");
	return result;
}

struct curl_slist *http_headers_add(
	struct curl_slist *list, const char *beginning, struct span value)
{
	struct bytes line = {0};

	bytes_append_text(&line, beginning);
	bytes_append(&line, value);
	list = curl_slist_append(list, bytes_text(&line));
	bytes_wipe(&line);
	return list;
}

void http_headers_free(struct curl_slist *list)
{
	for (struct curl_slist *at = list; at; at = at->next)
		explicit_bzero(at->data, strlen(at->data));
	curl_slist_free_all(list);
}

/* What went wrong, in the catalogue's terms. */
static enum err meaning_of(CURLcode result)
{
	switch (result) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_USE_SSL_FAILED:
		return ERR_SERVICE_TLS;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
		return ERR_SERVICE_UNREACHABLE;
	default:
		return ERR_SERVICE_ANSWER;
	}
}

enum err http_call_failed(
	const struct http_call *c, const char *url, CURLcode result, struct error *e)
{
	return error_set(e, meaning_of(result), "%s: %s (curl %d)", url,
		c->cause[0] ? c->cause : curl_easy_strerror(result), (int)result);
}

#include "service/transfer.h"

#include "service/address.h"
#include "service/answer.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

/* All header lines of an answer together, "100 Continue" and its like included. Ours has about 300
 * bytes. */
#define HEADERS_MAX 16384

/* Slower than this for so long is a service that can't answer. Working on a signature takes it well
 * below 1 s. */
#define SLOW_BYTES_PER_S 32
#define SLOW_S 10

/* A larger body is sent only when the service has looked at the headers and said "100 Continue", so that a refusal is not
 * lost in a connection that is closed on what is still coming. libcurl itself asks from 1 MiB on. */
#define EXPECT_MIN 65536

struct transfer {
	CURL *curl;
	struct bytes base; /* URL without a slash at its end */
	struct bytes url;  /* of the call under way */
	char cause[CURL_ERROR_SIZE];
	struct bytes *body;
	size_t header_bytes;
};

/* Returning less than n ends the transfer with CURLE_WRITE_ERROR. */
static size_t on_body(char *data, size_t size, size_t n, void *context)
{
	struct transfer *t = context;

	(void)size; /* is 1 */
	if (n > ANSWER_MAX - t->body->n)
		return 0;
	bytes_append(t->body, span_of(data, n));
	return n;
}

static size_t on_header(char *data, size_t size, size_t n, void *context)
{
	struct transfer *t = context;

	(void)data;
	(void)size;
	t->header_bytes += n;
	return t->header_bytes > HEADERS_MAX ? 0 : n;
}

/* Every option that must take; the first refusal is the result. */
#define SET(option, value)                                                                         \
	if (result == CURLE_OK)                                                                    \
	result = curl_easy_setopt(t->curl, option, value)

static CURLcode set_connection(struct transfer *t, const struct service_settings *s, bool plain)
{
	CURLcode result = CURLE_OK;

	SET(CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PROXY, ""); /* "" also passes over http_proxy of the environment */
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_CONNECTTIMEOUT_MS, s->connect_timeout_ms);
	SET(CURLOPT_TIMEOUT_MS, s->total_timeout_ms);
	SET(CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES_PER_S);
	SET(CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
	SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)ANSWER_MAX);
	return result;
}

static CURLcode set_tls(struct transfer *t, const struct service_settings *s)
{
	CURLcode result = CURLE_OK;

	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	if (s->ca_file && *s->ca_file) {
		SET(CURLOPT_CAINFO, s->ca_file);
		SET(CURLOPT_CAPATH, NULL);
	}
	return result;
}

static CURLcode set_callbacks(struct transfer *t)
{
	CURLcode result = CURLE_OK;

	SET(CURLOPT_ERRORBUFFER, t->cause);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, t);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, t);
	SET(CURLOPT_USERAGENT, "eonay");
	return result;
}

enum err transfer_open(
	const struct service_settings *settings, struct transfer **out, struct error *e)
{
	struct transfer *t = must_zalloc(sizeof(*t));
	bool plain = false;
	enum err code;

	*out = NULL;
	curl_global_init(CURL_GLOBAL_DEFAULT); /* counted; transfer_close() takes it back */
	code = address_read(settings->url, &t->base, &plain, e);
	if (!code) {
		t->curl = curl_easy_init();
		if (!t->curl || set_connection(t, settings, plain) || set_tls(t, settings) ||
			set_callbacks(t))
			code = error_set(e, ERR_INTERNAL, "libcurl: %s", t->cause);
	}
	if (code)
		transfer_close(t);
	else
		*out = t;
	return code;
}

void transfer_close(struct transfer *t)
{
	if (!t)
		return;
	curl_easy_cleanup(t->curl);
	curl_global_cleanup();
	bytes_free(&t->base);
	bytes_free(&t->url);
	free(t);
}

/* What went wrong, in the catalogue's terms. */
static enum err failure_of(CURLcode result)
{
	switch (result) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
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

static struct curl_slist *make_headers(const struct transfer_call *call)
{
	struct curl_slist *list = NULL;
	struct bytes line = {0};

	list = curl_slist_append(list, "Accept: application/json, application/problem+json");
	if (call->content_type) {
		bytes_append_format(&line, "Content-Type: %s", call->content_type);
		list = curl_slist_append(list, bytes_text(&line));
	}
	if (call->token.n) {
		bytes_clear(&line);
		bytes_append_text(&line, "Authorization: Bearer ");
		bytes_append(&line, call->token);
		list = curl_slist_append(list, bytes_text(&line));
	}
	if (call->body.n >= EXPECT_MIN)
		list = curl_slist_append(list, "Expect: 100-continue");
	bytes_wipe(&line);
	return list;
}

static void wipe_headers(struct curl_slist *list)
{
	for (struct curl_slist *at = list; at; at = at->next)
		explicit_bzero(at->data, strlen(at->data));
	curl_slist_free_all(list);
}

static CURLcode set_call(
	struct transfer *t, const struct transfer_call *call, struct curl_slist *headers)
{
	CURLcode result = CURLE_OK;

	SET(CURLOPT_URL, bytes_text(&t->url));
	SET(CURLOPT_HTTPHEADER, headers);
	if (call->content_type) {
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.n);
		SET(CURLOPT_POSTFIELDS, call->body.n ? (const char *)call->body.at : "");
	} else {
		SET(CURLOPT_HTTPGET, 1L);
	}
	SET(CURLOPT_CUSTOMREQUEST, call->method);
	return result;
}

enum err transfer_run(struct transfer *t, const struct transfer_call *call, int *http,
	struct bytes *body, struct error *e)
{
	struct curl_slist *headers = make_headers(call);
	CURLcode result;
	long status = 0;

	t->body = body;
	t->header_bytes = 0;
	t->cause[0] = '\0';
	bytes_clear(body);
	bytes_clear(&t->url);
	bytes_append(&t->url, bytes_span(&t->base));
	bytes_append_text(&t->url, call->path);

	result = set_call(t, call, headers);
	if (result == CURLE_OK)
		result = curl_easy_perform(t->curl);
	if (result == CURLE_OK)
		result = curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	/* The handle lives on; it must not keep pointers to what ends here. */
	curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, NULL);
	curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, NULL);
	wipe_headers(headers);
	*http = (int)status;
	if (result != CURLE_OK)
		return error_set(e, failure_of(result), "%s: %s (curl %d)", bytes_text(&t->base),
			t->cause[0] ? t->cause : curl_easy_strerror(result), (int)result);
	return ERR_OK;
}

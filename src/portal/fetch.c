#include "portal/fetch.h"

#include "base/clock.h"
#include "portal/fetch_address.h"
#include "portal/fetch_pause.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All header lines of an answer together. */
#define HEADERS_MAX 16384

/* Handles that are kept with their connections: as many as ask at once on a busy day. */
#define IDLE_MAX 16

#define CONNECT_MS 5000

struct fetch {
	char *ca_file;
	pthread_mutex_t mutex; /* of idle and idle_count */
	CURL *idle[IDLE_MAX];
	size_t idle_count;
	struct fetch_pauses pauses;
};

/* One question under way. */
struct call {
	CURL *curl;
	const struct fetch_request *request;
	struct fetch_answer *answer;
	struct curl_slist *headers;
	size_t header_bytes;
	char cause[CURL_ERROR_SIZE];
};

enum err fetch_open(const char *ca_file, struct fetch **out, struct error *e)
{
	struct fetch *f = must_zalloc(sizeof(*f));

	*out = NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(f);
		return error_set(e, ERR_INTERNAL, "libcurl");
	}
	f->ca_file = must_strdup(ca_file ? ca_file : "");
	pthread_mutex_init(&f->mutex, NULL);
	pthread_mutex_init(&f->pauses.mutex, NULL);
	*out = f;
	return ERR_OK;
}

void fetch_close(struct fetch *f)
{
	if (!f)
		return;
	while (f->idle_count > 0)
		curl_easy_cleanup(f->idle[--f->idle_count]);
	pthread_mutex_destroy(&f->mutex);
	fetch_pauses_free(&f->pauses);
	free(f->ca_file);
	free(f);
	curl_global_cleanup(); /* counted */
}

void fetch_release(struct fetch_answer *answer)
{
	bytes_wipe(&answer->body);
	*answer = (struct fetch_answer){0};
}

/* A handle is one thread's at a time; the last one used has the freshest connection. */
static CURL *take_handle(struct fetch *f)
{
	CURL *curl = NULL;

	pthread_mutex_lock(&f->mutex);
	if (f->idle_count > 0)
		curl = f->idle[--f->idle_count];
	pthread_mutex_unlock(&f->mutex);
	return curl ? curl : curl_easy_init();
}

/* curl_easy_reset() keeps connections and forgets all else, pointers to the question with it. */
static void give_handle(struct fetch *f, CURL *curl)
{
	bool kept = false;

	curl_easy_reset(curl);
	pthread_mutex_lock(&f->mutex);
	if (f->idle_count < IDLE_MAX) {
		f->idle[f->idle_count++] = curl;
		kept = true;
	}
	pthread_mutex_unlock(&f->mutex);
	if (!kept)
		curl_easy_cleanup(curl);
}

/* Returning less than n ends the transfer with CURLE_WRITE_ERROR. */
static size_t on_body(char *data, size_t size, size_t n, void *context)
{
	struct call *c = context;

	(void)size; /* is 1 */
	if (n > c->request->answer_max - c->answer->body.n)
		return 0;
	bytes_append(&c->answer->body, span_of(data, n));
	return n;
}

static size_t on_header(char *data, size_t size, size_t n, void *context)
{
	struct call *c = context;

	(void)data;
	(void)size;
	c->header_bytes += n;
	return c->header_bytes > HEADERS_MAX ? 0 : n;
}

/* Every option that must take; the first refusal is the result. */
#define SET(option, value)                                                                         \
	if (result == CURLE_OK)                                                                    \
	result = curl_easy_setopt(c->curl, option, value)

static CURLcode set_connection(struct call *c)
{
	CURLcode result = CURLE_OK;
	long timeout = c->request->timeout_ms;

	SET(CURLOPT_URL, c->request->url);
	SET(CURLOPT_PROTOCOLS_STR, "http,https"); /* which of them: fetch_address_check() */
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PROXY, ""); /* "" also passes over http_proxy of the environment */
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_HTTP09_ALLOWED, 0L);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_CONNECTTIMEOUT_MS, timeout < CONNECT_MS ? timeout : (long)CONNECT_MS);
	SET(CURLOPT_TIMEOUT_MS, timeout);
	SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)c->request->answer_max);
	SET(CURLOPT_USERAGENT, "eonay-portal");
	return result;
}

static CURLcode set_tls(struct call *c, const char *ca_file)
{
	CURLcode result = CURLE_OK;

	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	if (*ca_file) {
		SET(CURLOPT_CAINFO, ca_file);
		SET(CURLOPT_CAPATH, NULL);
	}
	return result;
}

static CURLcode set_callbacks(struct call *c)
{
	CURLcode result = CURLE_OK;

	SET(CURLOPT_ERRORBUFFER, c->cause);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, c);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, c);
	return result;
}

static void add_header(struct call *c, const char *name, const char *value)
{
	struct bytes line = {0};

	if (value) {
		bytes_append_format(&line, "%s: %s", name, value);
		c->headers = curl_slist_append(c->headers, bytes_text(&line));
	}
	bytes_wipe(&line);
}

/* A body is sent at once: no answer to "Expect" is waited for. */
static CURLcode set_question(struct call *c)
{
	const struct fetch_request *r = c->request;
	CURLcode result = CURLE_OK;

	add_header(c, "Accept", r->accept);
	add_header(c, "Authorization", r->authorization);
	add_header(c, "Content-Type", r->content_type);
	if (r->content_type) {
		c->headers = curl_slist_append(c->headers, "Expect:");
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.n);
		SET(CURLOPT_POSTFIELDS, r->body.n ? (const char *)r->body.at : "");
	}
	SET(CURLOPT_HTTPHEADER, c->headers);
	return result;
}

static void wipe_headers(struct curl_slist *list)
{
	for (struct curl_slist *at = list; at; at = at->next)
		explicit_bzero(at->data, strlen(at->data));
	curl_slist_free_all(list);
}

static CURLcode perform(struct call *c, const char *ca_file)
{
	CURLcode result = set_connection(c);

	if (result == CURLE_OK)
		result = set_tls(c, ca_file);
	if (result == CURLE_OK)
		result = set_callbacks(c);
	if (result == CURLE_OK)
		result = set_question(c);
	return result == CURLE_OK ? curl_easy_perform(c->curl) : result;
}

static void read_head(struct call *c)
{
	const char *type = NULL;
	long status = 0;

	curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(c->curl, CURLINFO_CONTENT_TYPE, &type);
	c->answer->status = (int)status;
	snprintf(c->answer->content_type, sizeof(c->answer->content_type), "%s", type ? type : "");
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

static void note_result(struct fetch *f, const struct fetch_request *request, CURLcode result)
{
	if (result == CURLE_OPERATION_TIMEDOUT)
		fetch_pauses_begin(
			&f->pauses, request->url, clock_monotonic_ms(), request->timeout_ms);
	else
		fetch_pauses_end(&f->pauses, request->url);
}

static enum err run(struct fetch *f, struct call *c, struct error *e)
{
	CURLcode result;

	c->curl = take_handle(f);
	if (!c->curl)
		return error_set(e, ERR_INTERNAL, "libcurl");
	result = perform(c, f->ca_file);
	note_result(f, c->request, result);
	if (result == CURLE_OK)
		read_head(c);
	give_handle(f, c->curl);
	wipe_headers(c->headers);
	if (result == CURLE_OK)
		return ERR_OK;
	fetch_release(c->answer);
	return error_set(e, failure_of(result), "%s: %s (curl %d)", c->request->url,
		c->cause[0] ? c->cause : curl_easy_strerror(result), (int)result);
}

enum err fetch_run(struct fetch *f, const struct fetch_request *request,
	struct fetch_answer *answer, struct error *e)
{
	struct call c = {.request = request, .answer = answer};
	enum err code = fetch_address_check(request->url, request->answer_is_signed, e);

	*answer = (struct fetch_answer){0};
	if (!code && !fetch_pauses_let(
			     &f->pauses, request->url, clock_monotonic_ms(), request->timeout_ms))
		code = error_set(e, ERR_SERVICE_UNREACHABLE,
			"%s: did not answer, left alone for a while", request->url);
	return code ? code : run(f, &c, e);
}

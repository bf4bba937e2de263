#include "portal/fetch.h"

#include "base/clock.h"
#include "base/http_call.h"
#include "portal/fetch_address.h"
#include "portal/fetch_pause.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

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
	struct http_call http;
	const struct fetch_request *request;
	struct fetch_answer *answer;
	struct curl_slist *headers;
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

/* Every option that must take; the first refusal is the result. */
#define SET(option, value)                                                                         \
	if (result == CURLE_OK)                                                                    \
	result = curl_easy_setopt(c->http.curl, option, value)

static void add_header(struct call *c, const char *beginning, const char *value)
{
	if (value)
		c->headers = http_headers_add(c->headers, beginning, span_text(value));
}

/* A body is sent at once: no answer to "Expect" is waited for. */
static CURLcode set_question(struct call *c)
{
	const struct fetch_request *r = c->request;
	CURLcode result = CURLE_OK;

	add_header(c, "Accept: ", r->accept);
	add_header(c, "Authorization: ", r->authorization);
	add_header(c, "Content-Type: ", r->content_type);
	if (r->content_type) {
		add_header(c, "Expect:", "");
		result = http_call_post(&c->http, r->body);
	}
	SET(CURLOPT_HTTPHEADER, c->headers);
	SET(CURLOPT_URL, r->url);
	SET(CURLOPT_CONNECTTIMEOUT_MS,
		r->timeout_ms < CONNECT_MS ? r->timeout_ms : (long)CONNECT_MS);
	SET(CURLOPT_TIMEOUT_MS, r->timeout_ms);
	return result;
}

static CURLcode perform(struct call *c, const char *ca_file)
{
	/* Which of the two protocols: fetch_address_check(). */
	CURLcode result = http_call_prepare(&c->http, "http,https", ca_file, "eonay-portal");

	if (result == CURLE_OK)
		result = set_question(c);
	return result == CURLE_OK ? curl_easy_perform(c->http.curl) : result;
}

static void read_head(struct call *c)
{
	const char *type = NULL;
	long status = 0;

	curl_easy_getinfo(c->http.curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(c->http.curl, CURLINFO_CONTENT_TYPE, &type);
	c->answer->status = (int)status;
	snprintf(c->answer->content_type, sizeof(c->answer->content_type), "%s", type ? type : "");
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

	c->http.curl = take_handle(f);
	if (!c->http.curl)
		return error_set(e, ERR_INTERNAL, "libcurl");
	result = perform(c, f->ca_file);
	note_result(f, c->request, result);
	if (result == CURLE_OK)
		read_head(c);
	give_handle(f, c->http.curl);
	http_headers_free(c->headers);
	if (result == CURLE_OK)
		return ERR_OK;
	fetch_release(c->answer);
	return http_call_failed(&c->http, c->request->url, result, e);
}

enum err fetch_run(struct fetch *f, const struct fetch_request *request,
	struct fetch_answer *answer, struct error *e)
{
	struct call c = {.request = request,
		.answer = answer,
		.http = {.body = &answer->body, .body_max = request->answer_max}};
	enum err code = fetch_address_check(request->url, request->answer_is_signed, e);

	*answer = (struct fetch_answer){0};
	if (!code && !fetch_pauses_let(
			     &f->pauses, request->url, clock_monotonic_ms(), request->timeout_ms))
		code = error_set(e, ERR_SERVICE_UNREACHABLE,
			"%s: did not answer, left alone for a while", request->url);
	return code ? code : run(f, &c, e);
}

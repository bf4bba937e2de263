#include "service/transfer.h"

#include "base/http_call.h"
#include "service/address.h"
#include "service/answer.h"

#include <stdlib.h>

/* Slower than this for so long is a service that can't answer. Working on a signature takes it well
 * below 1 s. */
#define SLOW_BYTES_PER_S 32
#define SLOW_S 10

/* A larger body is sent only when the service has looked at the headers and said "100 Continue", so that a refusal is not
 * lost in a connection that is closed on what is still coming. libcurl itself asks from 1 MiB on. */
#define EXPECT_MIN 65536

struct transfer {
	struct http_call http;
	struct bytes base; /* URL without a slash at its end */
	struct bytes url;  /* of the call under way */
};

/* Every option that must take; the first refusal is the result. */
#define SET(option, value)                                                                         \
	if (result == CURLE_OK)                                                                    \
	result = curl_easy_setopt(t->http.curl, option, value)

static CURLcode prepare(struct transfer *t, const struct service_settings *s, bool plain)
{
	CURLcode result =
		http_call_prepare(&t->http, plain ? "http" : "https", s->ca_file, "eonay");

	if (s->pin && *s->pin)
		SET(CURLOPT_PINNEDPUBLICKEY, s->pin);
	SET(CURLOPT_CONNECTTIMEOUT_MS, s->connect_timeout_ms);
	SET(CURLOPT_TIMEOUT_MS, s->total_timeout_ms);
	SET(CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES_PER_S);
	SET(CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
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
		t->http.body_max = ANSWER_MAX;
		t->http.curl = curl_easy_init();
		if (!t->http.curl || prepare(t, settings, plain))
			code = error_set(e, ERR_INTERNAL, "libcurl: %s", t->http.cause);
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
	curl_easy_cleanup(t->http.curl);
	curl_global_cleanup();
	bytes_free(&t->base);
	bytes_free(&t->url);
	free(t);
}

static struct curl_slist *make_headers(const struct transfer_call *call)
{
	struct curl_slist *list = http_headers_add(
		NULL, "Accept: ", span_text("application/json, application/problem+json"));

	if (call->content_type)
		list = http_headers_add(list, "Content-Type: ", span_text(call->content_type));
	if (call->token.n)
		list = http_headers_add(list, "Authorization: Bearer ", call->token);
	if (call->body.n >= EXPECT_MIN)
		list = http_headers_add(list, "Expect: ", span_text("100-continue"));
	return list;
}

static CURLcode set_call(
	struct transfer *t, const struct transfer_call *call, struct curl_slist *headers)
{
	CURLcode result = call->content_type ? http_call_post(&t->http, call->body)
					     : curl_easy_setopt(t->http.curl, CURLOPT_HTTPGET, 1L);

	SET(CURLOPT_URL, bytes_text(&t->url));
	SET(CURLOPT_HTTPHEADER, headers);
	SET(CURLOPT_CUSTOMREQUEST, call->method);
	return result;
}

enum err transfer_run(struct transfer *t, const struct transfer_call *call, int *http,
	struct bytes *body, struct error *e)
{
	struct curl_slist *headers = make_headers(call);
	CURLcode result;
	long status = 0;

	t->http.body = body;
	t->http.header_bytes = 0;
	t->http.cause[0] = '\0';
	bytes_clear(body);
	bytes_clear(&t->url);
	bytes_append(&t->url, bytes_span(&t->base));
	bytes_append_text(&t->url, call->path);

	result = set_call(t, call, headers);
	if (result == CURLE_OK)
		result = curl_easy_perform(t->http.curl);
	if (result == CURLE_OK)
		result = curl_easy_getinfo(t->http.curl, CURLINFO_RESPONSE_CODE, &status);
	/* The handle lives on; it must not keep pointers to what ends here. */
	curl_easy_setopt(t->http.curl, CURLOPT_HTTPHEADER, NULL);
	curl_easy_setopt(t->http.curl, CURLOPT_POSTFIELDS, NULL);
	http_headers_free(headers);
	*http = (int)status;
	if (result != CURLE_OK)
		return http_call_failed(&t->http, bytes_text(&t->base), result, e);
	return ERR_OK;
}

#include "load.h"

#include <stdlib.h>
#include <string.h>

#define TIMEOUT_S 60L

static size_t take(char *data, size_t size, size_t n, void *context)
{
	struct link *l = context;

	bytes_append(&l->body, span_of(data, size * n));
	return size * n;
}

struct link *link_open(const struct service_under_load *service)
{
	struct link *l = must_zalloc(sizeof(*l));

	l->service = service;
	for (size_t i = 0; i < service->count; i++) {
		l->handles[i] = curl_easy_init();
		if (!l->handles[i])
			load_fail("libcurl", "curl_easy_init");
		curl_easy_setopt(l->handles[i], CURLOPT_NOSIGNAL, 1L);
		curl_easy_setopt(l->handles[i], CURLOPT_PROXY, "");
		curl_easy_setopt(l->handles[i], CURLOPT_TIMEOUT, TIMEOUT_S);
		curl_easy_setopt(l->handles[i], CURLOPT_WRITEFUNCTION, take);
		curl_easy_setopt(l->handles[i], CURLOPT_WRITEDATA, l);
	}
	return l;
}

void link_close(struct link *l)
{
	for (size_t i = 0; i < l->service->count; i++)
		curl_easy_cleanup(l->handles[i]);
	curl_slist_free_all(l->headers);
	bytes_wipe(&l->body);
	free(l);
}

static void add_header(struct link *l, const char *name, const char *value)
{
	struct bytes line = {0};

	if (!value)
		return;
	bytes_append_format(&line, "%s: %s", name, value);
	l->headers = curl_slist_append(l->headers, bytes_text(&line));
	bytes_wipe(&line);
}

long link_call(struct link *l, size_t turn, const struct call *call)
{
	size_t i = turn % l->service->count;
	CURL *c = l->handles[i];
	struct bytes url = {0};
	long status = 0;
	CURLcode result;

	bytes_clear(&l->body);
	curl_slist_free_all(l->headers);
	l->headers = NULL;
	add_header(l, "Content-Type", call->type);
	add_header(l, call->authorization ? "Authorization" : "Cookie",
		call->authorization ? call->authorization : l->service->cookie);
	bytes_append_format(&url, "%s%s", l->service->urls[i], call->path);
	curl_easy_setopt(c, CURLOPT_URL, bytes_text(&url));
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, l->headers);
	if (call->type) {
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)call->body.n);
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, call->body.at);
		curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, call->method);
	} else {
		curl_easy_setopt(c, CURLOPT_HTTPGET, 1L);
		curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, NULL);
	}
	result = curl_easy_perform(c);
	if (result != CURLE_OK)
		load_fail(curl_easy_strerror(result), bytes_text(&url));
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	bytes_free(&url);
	return status;
}

const char *link_location(struct link *l, size_t turn)
{
	char *location = NULL;

	curl_easy_getinfo(l->handles[turn % l->service->count], CURLINFO_REDIRECT_URL, &location);
	return location;
}

bool link_extract(struct link *l, const char *before, const char *after, char *out, size_t size)
{
	const char *from = strstr(bytes_text(&l->body), before);
	const char *to;

	if (!from)
		return false;
	from += strlen(before);
	to = strstr(from, after);
	if (!to || (size_t)(to - from) >= size)
		return false;
	memcpy(out, from, (size_t)(to - from));
	out[to - from] = '\0';
	return true;
}

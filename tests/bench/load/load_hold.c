#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

/* The first of them warm the service up: caches, arenas and connections that it keeps are not the sessions'. */
#define WARM_PART 10
#define WAIT_MS 1000
#define TIMEOUT_S 120

/* A stream that has told the state of its session. */
static size_t count_begun(char *data, size_t size, size_t n, void *context)
{
	bool *begun = context;

	(void)data;
	*begun = true;
	return size * n;
}

static CURL *add_stream(CURLM *multi, const struct service_under_load *service, size_t i,
	const struct load_session *s, bool *begun)
{
	CURL *c = curl_easy_init();
	struct bytes url = {0};

	bytes_append_format(&url, "%s/e-onay/%s/olaylar", service->urls[i % service->count], s->id);
	curl_easy_setopt(c, CURLOPT_URL, bytes_text(&url));
	curl_easy_setopt(c, CURLOPT_COOKIE, service->cookie);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(c, CURLOPT_BUFFERSIZE, 1024L);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, count_begun);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, begun);
	curl_multi_add_handle(multi, c);
	bytes_free(&url);
	return c;
}

static void wait_until_begun(CURLM *multi, const bool *begun, int count)
{
	double deadline = load_now_s() + TIMEOUT_S;
	int running = 0, there = 0;

	while (there < count) {
		curl_multi_perform(multi, &running);
		for (there = 0; there < count && begun[there];)
			there++;
		if (running < count || load_now_s() > deadline)
			load_fail("streams", "one has ended, or does not begin");
		if (there < count)
			curl_multi_poll(multi, NULL, 0, WAIT_MS, NULL);
	}
}

static void hold_streams(
	const struct service_under_load *service, const struct load_session *sessions, int count)
{
	CURLM *multi = curl_multi_init();
	CURL **streams = must_zalloc((size_t)count * sizeof(CURL *));
	bool *begun = must_zalloc((size_t)count * sizeof(bool));

	for (int i = 0; i < count; i++)
		streams[i] = add_stream(multi, service, (size_t)i, &sessions[i], &begun[i]);
	wait_until_begun(multi, begun, count);
	printf("streams %ld\n", load_rss_kib(service));
	for (int i = 0; i < count; i++) {
		curl_multi_remove_handle(multi, streams[i]);
		curl_easy_cleanup(streams[i]);
	}
	curl_multi_cleanup(multi);
	free(begun);
	free(streams);
}

static void allow_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

void load_hold(const struct service_under_load *service, int clients, int sessions, int streams)
{
	struct load_session *all = must_zalloc((size_t)sessions * sizeof(*all));
	int warm = sessions / WARM_PART;
	const struct span none = {0};

	allow_descriptors();
	load_run(service, clients, all, warm, none);
	printf("warm %ld\n", load_rss_kib(service));
	load_run(service, clients, all + warm, sessions - warm, none);
	printf("sessions %ld\n", load_rss_kib(service));
	hold_streams(service, all, streams < sessions ? streams : sessions);
	free(all);
}

#include "portal/status_list.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "sign/revocation.h"

/* Lists kept at once: one an issuer. */
#define KEPT_MAX 16

struct kept {
	char *url;
	int64_t at; /* when it was fetched */
	struct bytes der;
};

struct status_lists {
	struct fetch *fetch;
	long timeout_ms, kept_s;
	pthread_mutex_t mutex; /* of kept */
	struct kept kept[KEPT_MAX];
};

struct status_lists *status_lists_new(struct fetch *f, long timeout_ms, long kept_s)
{
	struct status_lists *l = must_zalloc(sizeof(*l));

	l->fetch = f;
	l->timeout_ms = timeout_ms;
	l->kept_s = kept_s;
	pthread_mutex_init(&l->mutex, NULL);
	return l;
}

static void drop(struct kept *k)
{
	free(k->url);
	bytes_free(&k->der);
	*k = (struct kept){0};
}

void status_lists_free(struct status_lists *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < KEPT_MAX; i++)
		drop(&l->kept[i]);
	pthread_mutex_destroy(&l->mutex);
	free(l);
}

/* The place of url; else one that is free, or the oldest one. */
static struct kept *place_of(struct status_lists *l, const char *url)
{
	struct kept *oldest = &l->kept[0];

	for (size_t i = 0; i < KEPT_MAX; i++) {
		struct kept *k = &l->kept[i];

		if (k->url && strcmp(k->url, url) == 0)
			return k;
		if (!k->url || (oldest->url && k->at < oldest->at))
			oldest = k;
	}
	return oldest;
}

static bool recall(struct status_lists *l, const char *url, int64_t now, struct bytes *out)
{
	struct kept *k;
	bool found;

	pthread_mutex_lock(&l->mutex);
	k = place_of(l, url);
	found = k->url && strcmp(k->url, url) == 0 && now >= k->at && now - k->at < l->kept_s;
	if (found)
		bytes_append(out, bytes_span(&k->der));
	pthread_mutex_unlock(&l->mutex);
	return found;
}

static void keep(struct status_lists *l, const char *url, int64_t now, struct span der)
{
	struct kept *k;

	pthread_mutex_lock(&l->mutex);
	k = place_of(l, url);
	drop(k);
	k->url = must_strdup(url);
	k->at = now;
	bytes_append(&k->der, der);
	pthread_mutex_unlock(&l->mutex);
}

enum err status_lists_get(struct status_lists *l, const char *url, int64_t now, bool fresh,
	struct bytes *out, struct error *e)
{
	struct fetch_request request = {.url = url,
		.answer_is_signed = true,
		.accept = "application/pkix-crl",
		.timeout_ms = l->timeout_ms,
		.answer_max = REVOCATION_LIST_MAX};
	struct fetch_answer answer;
	enum err code;

	if (!fresh && recall(l, url, now, out))
		return ERR_OK;
	code = fetch_run(l->fetch, &request, &answer, e);
	if (!code && answer.status != 200)
		code = error_set_http(e, ERR_SERVICE_ANSWER, answer.status, url);
	if (!code) {
		bytes_append(out, bytes_span(&answer.body));
		keep(l, url, now, bytes_span(&answer.body));
	}
	fetch_release(&answer);
	return code;
}

#include "portal/fetch_pause.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

/* Bytes of scheme, host and port in front of the path. */
static size_t server_length(const char *url)
{
	const char *host = strstr(url, "://");
	size_t scheme = host ? (size_t)(host - url) + 3 : 0;

	return scheme + strcspn(url + scheme, "/?#");
}

/* The place of url's server, else FETCH_PAUSES_MAX. */
static size_t find(const struct fetch_pauses *p, const char *url)
{
	size_t n = server_length(url), i = 0;

	while (i < FETCH_PAUSES_MAX && !(p->at[i].server && strlen(p->at[i].server) == n &&
					       memcmp(p->at[i].server, url, n) == 0))
		i++;
	return i;
}

bool fetch_pauses_let(struct fetch_pauses *p, const char *url, int64_t now, long timeout_ms)
{
	bool let;
	size_t i;

	pthread_mutex_lock(&p->mutex);
	i = find(p, url);
	let = i == FETCH_PAUSES_MAX || now >= p->at[i].until;
	if (let && i < FETCH_PAUSES_MAX)
		p->at[i].until = now + timeout_ms;
	pthread_mutex_unlock(&p->mutex);
	return let;
}

void fetch_pauses_end(struct fetch_pauses *p, const char *url)
{
	size_t i;

	pthread_mutex_lock(&p->mutex);
	i = find(p, url);
	if (i < FETCH_PAUSES_MAX) {
		free(p->at[i].server);
		p->at[i].server = NULL;
	}
	pthread_mutex_unlock(&p->mutex);
}

/* A free place, else the one whose pause ends first. */
static size_t place_for(const struct fetch_pauses *p, const char *url)
{
	size_t best = find(p, url);

	if (best < FETCH_PAUSES_MAX)
		return best;
	best = 0;
	for (size_t i = 0; i < FETCH_PAUSES_MAX; i++) {
		if (!p->at[i].server)
			return i;
		if (p->at[i].until < p->at[best].until)
			best = i;
	}
	return best;
}

void fetch_pauses_begin(struct fetch_pauses *p, const char *url, int64_t now, long timeout_ms)
{
	struct bytes server = {0};
	size_t i;

	bytes_append(&server, span_of(url, server_length(url)));
	pthread_mutex_lock(&p->mutex);
	i = place_for(p, url);
	free(p->at[i].server);
	p->at[i].server = must_strdup(bytes_text(&server));
	p->at[i].until = now + 2 * timeout_ms;
	pthread_mutex_unlock(&p->mutex);
	bytes_free(&server);
}

void fetch_pauses_free(struct fetch_pauses *p)
{
	for (size_t i = 0; i < FETCH_PAUSES_MAX; i++)
		free(p->at[i].server);
	pthread_mutex_destroy(&p->mutex);
}

#include "portal/events.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_MS 2000 /* a browser waits so long before it comes again */

/* A power of two, some times the usual number of streams of one process. */
#define BUCKETS 1024

struct event_stream {
	struct event_stream *next, **link; /* in its bucket */
	struct events *hub;
	struct event_sink sink;
	struct ratelimit_client client;
	char id[PORTAL_ID_DIGITS + 1];
	char news[EVENTS_NEWS_MAX];
	unsigned number; /* of the last news */
	bool has_news, asleep;
	int64_t sent, ends;
};

struct events {
	pthread_mutex_t mutex;
	struct event_stream *buckets[BUCKETS];
	size_t count, at_once, per_address;
	bool closed;
};

struct events *events_new(size_t at_once, size_t at_once_per_address)
{
	struct events *hub = must_zalloc(sizeof(*hub));

	pthread_mutex_init(&hub->mutex, NULL);
	hub->at_once = at_once;
	hub->per_address = at_once_per_address;
	return hub;
}

void events_free(struct events *hub)
{
	if (!hub)
		return;
	pthread_mutex_destroy(&hub->mutex);
	free(hub);
}

/* Ids are random: any of their digits are as good as a hash. */
static struct event_stream **bucket_of(struct events *hub, const char *id)
{
	char digits[9];

	snprintf(digits, sizeof(digits), "%.8s", id);
	return &hub->buckets[strtoul(digits, NULL, 16) % BUCKETS];
}

/* Calls each for every stream. */
static void for_all(struct events *hub, void (*each)(struct event_stream *, int64_t), int64_t now)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct event_stream *s = hub->buckets[i]; s; s = s->next)
			each(s, now);
	}
}

static size_t count_of(struct events *hub, struct ratelimit_client client)
{
	size_t n = 0;

	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct event_stream *s = hub->buckets[i]; s; s = s->next)
			n += memcmp(&s->client, &client, sizeof(client)) == 0;
	}
	return n;
}

static void set_news(struct event_stream *s, const char *news)
{
	if (strcmp(s->news, news) == 0)
		return; /* it is known there */
	snprintf(s->news, sizeof(s->news), "%s", news);
	s->number++;
	s->has_news = true;
}

static void link_stream(struct event_stream *s)
{
	struct event_stream **bucket = bucket_of(s->hub, s->id);

	s->next = *bucket;
	if (s->next)
		s->next->link = &s->next;
	s->link = bucket;
	*bucket = s;
	s->hub->count++;
}

struct event_stream *events_subscribe(
	struct events *hub, const char *id, const char *address, const char *news, int64_t now_ms)
{
	struct event_stream *s = must_zalloc(sizeof(*s));
	bool fits;

	s->hub = hub;
	s->client = ratelimit_client_of(address);
	snprintf(s->id, sizeof(s->id), "%s", id);
	s->sent = now_ms;
	s->ends = now_ms + EVENTS_LIFE_MS;
	set_news(s, news);
	pthread_mutex_lock(&hub->mutex);
	fits = !hub->closed && hub->count < hub->at_once &&
	       count_of(hub, s->client) < hub->per_address;
	if (fits)
		link_stream(s);
	pthread_mutex_unlock(&hub->mutex);
	if (fits)
		return s;
	free(s);
	return NULL;
}

void events_unsubscribe(struct event_stream *s)
{
	struct events *hub = s->hub;

	pthread_mutex_lock(&hub->mutex);
	*s->link = s->next;
	if (s->next)
		s->next->link = s->link;
	hub->count--;
	pthread_mutex_unlock(&hub->mutex);
	free(s);
}

void events_attach(struct event_stream *s, struct event_sink sink)
{
	pthread_mutex_lock(&s->hub->mutex);
	s->sink = sink;
	pthread_mutex_unlock(&s->hub->mutex);
}

static ssize_t write_frame(struct event_stream *s, char *out, int64_t now_ms)
{
	int n;

	if (s->has_news)
		n = snprintf(out, EVENTS_FRAME_MAX, "retry: %d\nid: %u\ndata: %s\n\n", RETRY_MS,
			s->number, s->news);
	else
		n = snprintf(out, EVENTS_FRAME_MAX, ":\n\n");
	s->has_news = false;
	s->sent = now_ms;
	return n;
}

static bool is_due(const struct event_stream *s, int64_t now_ms)
{
	return s->hub->closed || now_ms >= s->ends || now_ms - s->sent >= EVENTS_BEAT_MS;
}

ssize_t events_read(struct event_stream *s, char *out, int64_t now_ms)
{
	ssize_t n = 0;

	pthread_mutex_lock(&s->hub->mutex);
	if (s->has_news) {
		n = write_frame(s, out, now_ms);
	} else if (s->hub->closed || now_ms >= s->ends) {
		n = -1;
	} else if (is_due(s, now_ms)) {
		n = write_frame(s, out, now_ms);
	} else {
		s->asleep = true;
		s->sink.sleep(s->sink.context);
	}
	pthread_mutex_unlock(&s->hub->mutex);
	return n;
}

static void wake(struct event_stream *s)
{
	if (s->asleep) {
		s->asleep = false;
		s->sink.wake(s->sink.context);
	}
}

void events_publish(struct events *hub, const char *id, const char *news)
{
	pthread_mutex_lock(&hub->mutex);
	for (struct event_stream *s = *bucket_of(hub, id); s; s = s->next) {
		if (strcmp(s->id, id) == 0) {
			set_news(s, news);
			if (s->has_news)
				wake(s);
		}
	}
	pthread_mutex_unlock(&hub->mutex);
}

bool events_awaited(struct events *hub, const char *id)
{
	struct event_stream *s;

	pthread_mutex_lock(&hub->mutex);
	s = *bucket_of(hub, id);
	while (s && strcmp(s->id, id) != 0)
		s = s->next;
	pthread_mutex_unlock(&hub->mutex);
	return s != NULL;
}

void events_list_awaited(struct events *hub, struct bytes *ids)
{
	pthread_mutex_lock(&hub->mutex);
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct event_stream *s = hub->buckets[i]; s; s = s->next)
			bytes_append(ids, span_of(s->id, sizeof(s->id)));
	}
	pthread_mutex_unlock(&hub->mutex);
}

static void wake_due(struct event_stream *s, int64_t now_ms)
{
	if (s->asleep && s->sink.gone && s->sink.gone(s->sink.context))
		s->ends = now_ms;
	if (is_due(s, now_ms))
		wake(s);
}

void events_tick(struct events *hub, int64_t now_ms)
{
	pthread_mutex_lock(&hub->mutex);
	for_all(hub, wake_due, now_ms);
	pthread_mutex_unlock(&hub->mutex);
}

void events_close(struct events *hub)
{
	pthread_mutex_lock(&hub->mutex);
	hub->closed = true;
	for_all(hub, wake_due, 0);
	pthread_mutex_unlock(&hub->mutex);
}

size_t events_count(struct events *hub)
{
	size_t n;

	pthread_mutex_lock(&hub->mutex);
	n = hub->count;
	pthread_mutex_unlock(&hub->mutex);
	return n;
}

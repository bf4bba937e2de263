#include "portal/connections.h"

#include "base/bytes.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

struct connection {
	struct connection *next, *previous;
	int fd;
	int64_t deadline;
};

struct connections {
	pthread_mutex_t mutex;
	struct connection *first;
	int64_t time_ms;
};

struct connections *connections_new(int64_t time_ms)
{
	struct connections *all = must_zalloc(sizeof(*all));

	pthread_mutex_init(&all->mutex, NULL);
	all->time_ms = time_ms;
	return all;
}

void connections_free(struct connections *all)
{
	pthread_mutex_destroy(&all->mutex);
	free(all);
}

struct connection *connections_add(struct connections *all, int fd, int64_t now_ms)
{
	struct connection *c = must_zalloc(sizeof(*c));

	c->fd = fd;
	c->deadline = now_ms + all->time_ms;
	pthread_mutex_lock(&all->mutex);
	c->next = all->first;
	if (c->next)
		c->next->previous = c;
	all->first = c;
	pthread_mutex_unlock(&all->mutex);
	return c;
}

static void set_deadline(struct connections *all, struct connection *c, int64_t deadline)
{
	if (!c)
		return;
	pthread_mutex_lock(&all->mutex);
	c->deadline = deadline;
	pthread_mutex_unlock(&all->mutex);
}

void connections_renew(struct connections *all, struct connection *c, int64_t now_ms)
{
	set_deadline(all, c, now_ms + all->time_ms);
}

void connections_rest(struct connections *all, struct connection *c)
{
	set_deadline(all, c, INT64_MAX);
}

void connections_remove(struct connections *all, struct connection *c)
{
	pthread_mutex_lock(&all->mutex);
	if (c->next)
		c->next->previous = c->previous;
	if (c->previous)
		c->previous->next = c->next;
	else
		all->first = c->next;
	pthread_mutex_unlock(&all->mutex);
	free(c);
}

void connections_end_overdue(struct connections *all, int64_t now_ms)
{
	pthread_mutex_lock(&all->mutex);
	for (struct connection *c = all->first; c; c = c->next) {
		if (c->deadline <= now_ms)
			shutdown(c->fd, SHUT_RDWR);
	}
	pthread_mutex_unlock(&all->mutex);
}

#include "portal/store/db_sqlite.h"

#include <time.h>

#define LOOK_EVERY_MS 200

void sqlite_publish(struct db *d, const char *name)
{
	if (d->changed)
		d->changed(name, d->context);
}

/* PRAGMA data_version is another number when any connection but the asking one has committed. Numbers of two connections say
 * nothing of each other (sqlite.org/pragma.html#pragma_data_version). */
static int64_t ask(struct tx *t)
{
	int64_t version = 0;
	enum err code = tx_query(t, NULL, "PRAGMA data_version", "");

	while (tx_row(t, &code, NULL)) /* to its end, behind which it keeps no page of the log */
		version = tx_integer(t, 0);
	return version;
}

/* There is one connection that writes. */
static int64_t ask_writer(struct sqlite *s)
{
	struct tx t = tx_write(&s->base);
	int64_t version = 0;
	enum err code;

	while (tx_next(&t, &code, NULL))
		version = ask(&t);
	return version;
}

/* Waits until it is time to look again; false: the database is closed. */
static bool wait_to_look(struct sqlite *s)
{
	struct timespec until;
	bool closing;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LOOK_EVERY_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&s->mutex);
	while (!s->closing &&
		pthread_cond_clockwait(&s->stop, &s->mutex, CLOCK_MONOTONIC, &until) == 0)
		;
	closing = s->closing;
	pthread_mutex_unlock(&s->mutex);
	return !closing;
}

/* A connection that reads sees our own commits as others'; the one that makes them does not, but
 * asking it takes the lock. So it is asked only when something has happened. */
static void *watch(void *context)
{
	struct sqlite *s = context;
	int64_t now;

	while (wait_to_look(s)) {
		now = ask(&s->look);
		if (now == s->seen)
			continue;
		s->seen = now;
		now = ask_writer(s);
		if (now != s->seen_of_others)
			s->base.changed(NULL, s->base.context);
		s->seen_of_others = now;
	}
	return NULL;
}

enum err sqlite_watch(struct db *d, struct error *e)
{
	struct sqlite *s = (struct sqlite *)d;
	enum err code;

	s->look = tx_read(d);
	if (!tx_next(&s->look, &code, e))
		return code;
	s->seen = ask(&s->look);
	s->seen_of_others = ask_writer(s);
	if (pthread_create(&s->watcher, NULL, watch, s) == 0) {
		s->watching = true;
		return ERR_OK;
	}
	code = error_set_errno(e, ERR_STORE, "pthread_create");
	tx_next(&s->look, &code, NULL);
	return code;
}

void sqlite_unwatch(struct sqlite *s)
{
	enum err code = ERR_OK;

	if (!s->watching)
		return;
	pthread_mutex_lock(&s->mutex);
	s->closing = true;
	pthread_cond_signal(&s->stop);
	pthread_mutex_unlock(&s->mutex);
	pthread_join(s->watcher, NULL);
	tx_next(&s->look, &code, NULL);
}

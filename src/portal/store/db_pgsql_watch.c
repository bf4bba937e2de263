/* Changes told through NOTIFY, on a connection of its own: in the transaction that makes the change
 * it would hold a lock of the whole server until the commit is on the disk, so that no two commits
 * could go there together (PreCommit_Notify() in PostgreSQL's async.c). */
#include "portal/store/db_pgsql.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define CHANNEL "eonay_session"
#define RETRY_MS 500
#define PAUSE_MS 10 /* after a NOTIFY: what comes meanwhile goes together with the next */

static void wake(struct pgsql *p)
{
	eventfd_write(p->wake, 1);
}

static void keep_pending(struct pgsql *p, const char *name)
{
	pthread_mutex_lock(&p->mutex);
	if (p->pending_count++ < PGSQL_PENDING_MAX)
		bytes_append_format(&p->pending, "%s,", name);
	pthread_mutex_unlock(&p->mutex);
}

/* The names go as an array's text, so they are made of letters and digits only. */
static enum err notify(PGconn *conn, struct bytes *names, struct error *e)
{
	struct pgsql_link l = {.conn = conn};
	struct bytes array = {0};
	const char *values[1];
	PGresult *result;
	enum err code = ERR_OK;

	bytes_append_format(
		&array, "{%.*s}", (int)(names->n ? names->n - 1 : 0), bytes_text(names));
	values[0] = bytes_text(&array);
	result = PQexecParams(conn,
		"SELECT count(pg_notify('" CHANNEL "', name)) FROM unnest($1::text[]) AS n (name)",
		1, NULL, values, NULL, NULL, 0);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		code = pgsql_failed(&l, result, e);
	PQclear(result);
	bytes_free(&array);
	return code;
}

/* A program that does not watch has no thread for it. */
static void notify_at_once(struct pgsql *p, const char *name)
{
	struct bytes names = {0};
	struct pgsql_link *l;

	if (pgsql_take(p, &l, NULL))
		return;
	bytes_append_format(&names, "%s,", name);
	notify(l->conn, &names, NULL);
	bytes_free(&names);
	pgsql_give(p, l);
}

void pgsql_publish(struct db *d, const char *name)
{
	struct pgsql *p = (struct pgsql *)d;

	if (!p->watching) {
		notify_at_once(p, name);
		return;
	}
	d->changed(name, d->context);
	keep_pending(p, name);
	wake(p);
}

/* Sends what is pending. When there was too much of it, or it could not be sent, the others are told
 * to look at everything. */
static enum err send_pending(struct pgsql *p, PGconn *conn)
{
	struct bytes names;
	size_t count;
	enum err code;

	pthread_mutex_lock(&p->mutex);
	names = p->pending;
	count = p->pending_count;
	p->pending = (struct bytes){0};
	p->pending_count = 0;
	pthread_mutex_unlock(&p->mutex);
	if (count > PGSQL_PENDING_MAX) {
		bytes_clear(&names);
		bytes_append_text(&names, "\"\",");
	}
	code = count ? notify(conn, &names, NULL) : ERR_OK;
	bytes_free(&names);
	if (count && !code)
		poll(NULL, 0, PAUSE_MS);
	if (code) {
		pthread_mutex_lock(&p->mutex);
		p->pending_count = PGSQL_PENDING_MAX + 1;
		pthread_mutex_unlock(&p->mutex);
	}
	return code;
}

/* What the server has told; what we have told ourselves is known. */
static enum err hear(struct pgsql *p, PGconn *conn)
{
	PGnotify *told;

	if (!PQconsumeInput(conn))
		return ERR_STORE;
	while ((told = PQnotifies(conn))) {
		if (told->be_pid != PQbackendPID(conn))
			p->base.changed(*told->extra ? told->extra : NULL, p->base.context);
		PQfreemem(told);
	}
	return ERR_OK;
}

static bool is_closing(struct pgsql *p)
{
	bool closing;

	pthread_mutex_lock(&p->mutex);
	closing = p->closing;
	pthread_mutex_unlock(&p->mutex);
	return closing;
}

/* Until there is something to do, or for ms (-1: for ever). */
static void wait_for_work(struct pgsql *p, PGconn *conn, int ms)
{
	struct pollfd fds[2] = {{.fd = p->wake, .events = POLLIN},
		{.fd = conn ? PQsocket(conn) : -1, .events = POLLIN}};
	eventfd_t count;

	poll(fds, 2, ms);
	if (fds[0].revents)
		eventfd_read(p->wake, &count);
}

static enum err listen_on(const char *conninfo, PGconn **out, struct error *e)
{
	struct pgsql_link l = {0};
	enum err code = pgsql_connect(conninfo, &l.conn, e);

	/* What is told needs no disk. */
	if (!code)
		code = pgsql_execute(&l, "SET synchronous_commit = off; LISTEN " CHANNEL, e);
	if (code)
		pgsql_disconnect(&l);
	*out = l.conn;
	return code;
}

/* The connection was lost: what was told meanwhile went by us. */
static PGconn *listen_again(struct pgsql *p, PGconn *lost)
{
	PGconn *conn;

	PQfinish(lost);
	if (listen_on(p->conninfo, &conn, NULL)) {
		wait_for_work(p, NULL, RETRY_MS);
		return NULL;
	}
	p->base.changed(NULL, p->base.context);
	return conn;
}

static void *watch(void *context)
{
	struct pgsql *p = context;
	PGconn *conn = p->listener;

	while (!is_closing(p)) {
		if (!conn)
			conn = listen_again(p, NULL);
		else if (send_pending(p, conn) || hear(p, conn))
			conn = listen_again(p, conn);
		else
			wait_for_work(p, conn, -1);
	}
	if (conn)
		send_pending(p, conn);
	PQfinish(conn);
	return NULL;
}

enum err pgsql_watch(struct db *d, struct error *e)
{
	struct pgsql *p = (struct pgsql *)d;
	enum err code = listen_on(p->conninfo, &p->listener, e);

	if (code)
		return code;
	p->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (p->wake < 0 || pthread_create(&p->watcher, NULL, watch, p) != 0) {
		PQfinish(p->listener);
		return error_set_errno(e, ERR_STORE, "pthread_create");
	}
	p->watching = true;
	return ERR_OK;
}

void pgsql_unwatch(struct pgsql *p)
{
	if (!p->watching)
		return;
	pthread_mutex_lock(&p->mutex);
	p->closing = true;
	pthread_mutex_unlock(&p->mutex);
	wake(p);
	pthread_join(p->watcher, NULL);
}

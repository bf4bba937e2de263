/* Connections to PostgreSQL. */
#include "portal/store/db_pgsql.h"

#include "base/clock.h"

#include <string.h>

#define AWAY_MS 500 /* that a server which did not answer is left alone */

/* What libpq and the server say has several lines and may repeat the statement; the first line tells
 * what is the matter. */
static enum err failed(struct error *e, const char *state, const char *message)
{
	size_t n = strcspn(message, "\n");

	return error_set(e, ERR_STORE, "postgresql: %.*s%s%s", (int)n, message,
		state && *state ? " " : "", state ? state : "");
}

enum err pgsql_failed(const struct pgsql_link *l, const PGresult *result, struct error *e)
{
	const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (primary && *primary)
		return failed(e, PQresultErrorField(result, PG_DIAG_SQLSTATE), primary);
	return failed(e, NULL, PQerrorMessage(l->conn));
}

/* Whoever reads the configuration would read the password too, and a command line is read by all. */
static enum err judge_conninfo(const char *conninfo, struct error *e)
{
	char *message = NULL;
	PQconninfoOption *options = PQconninfoParse(conninfo, &message);
	enum err code = ERR_OK;

	if (!options)
		code = failed(e, NULL, message ? message : "conninfo");
	for (PQconninfoOption *o = options; o && o->keyword && !code; o++) {
		if (o->val && strcmp(o->keyword, "password") == 0)
			code = error_set(e, ERR_STORE,
				"store.database: no password here; use passfile=FILE");
	}
	PQconninfoFree(options);
	PQfreemem(message);
	return code;
}

/* Settings of the session. No transaction of ours waits for anything but the server: one that is idle
 * is that of a machine that is gone, and others want what it holds. Whatever the database's default, a
 * commit must be on the disk, and a statement behind tx_lock() must see what was committed before it
 * was given. */
static const char session_settings[] =
	"SET client_min_messages = warning; SET statement_timeout = '10s';"
	"SET default_transaction_isolation = 'read committed';"
	"SET idle_in_transaction_session_timeout = '5s';"
	"SELECT set_config('synchronous_commit', 'on', false)"
	" WHERE current_setting('synchronous_commit') = 'off'";

enum err pgsql_connect(const char *conninfo, PGconn **out, struct error *e)
{
	/* Those behind win, so what conninfo says counts. */
	static const char *const keywords[] = {"connect_timeout", "tcp_user_timeout",
		"keepalives_idle", "application_name", "dbname", "client_encoding", NULL};
	const char *const values[] = {"5", "10000", "10", "eonay-portal", conninfo, "UTF8", NULL};
	struct pgsql_link l = {0};
	enum err code = judge_conninfo(conninfo, e);

	*out = NULL;
	if (code)
		return code;
	l.conn = PQconnectdbParams(keywords, values, 1);
	if (PQstatus(l.conn) != CONNECTION_OK)
		code = failed(e, NULL, PQerrorMessage(l.conn));
	else
		code = pgsql_execute(&l, session_settings, e);
	if (code)
		pgsql_disconnect(&l);
	*out = l.conn;
	return code;
}

void pgsql_disconnect(struct pgsql_link *l)
{
	PQclear(l->result);
	PQfinish(l->conn);
	l->result = NULL;
	l->conn = NULL;
	l->statements.count = 0;
}

enum err pgsql_execute(struct pgsql_link *l, const char *sql, struct error *e)
{
	PGresult *result;
	ExecStatusType status;
	enum err code = ERR_OK;

	PQclear(l->result);
	l->result = NULL;
	result = PQexec(l->conn, sql);
	status = PQresultStatus(result);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		code = pgsql_failed(l, result, e);
	PQclear(result);
	return code;
}

static struct pgsql_link *free_link(struct pgsql *p)
{
	for (int i = 0; i < PGSQL_POOL_MAX; i++) {
		if (!p->taken[i]) {
			p->taken[i] = true;
			p->links[i].number = i;
			return &p->links[i];
		}
	}
	return NULL;
}

/* A server that is away makes each attempt wait; so one in AWAY_MS waits, and the others are told
 * what it was told. */
static enum err still_away(struct pgsql *p, struct error *e)
{
	if (clock_monotonic_ms() >= p->away_until)
		return ERR_OK;
	if (e)
		*e = p->away;
	return ERR_STORE;
}

static enum err connect_link(struct pgsql *p, struct pgsql_link *l, struct error *e)
{
	struct error cause = {0};
	enum err code;

	pthread_mutex_lock(&p->mutex);
	code = still_away(p, e);
	pthread_mutex_unlock(&p->mutex);
	if (code)
		return code;
	code = pgsql_connect(p->conninfo, &l->conn, &cause);
	pthread_mutex_lock(&p->mutex);
	if (code) {
		p->away = cause;
		p->away_until = clock_monotonic_ms() + AWAY_MS;
	} else if (p->lane == 0) {
		p->lane = PQbackendPID(l->conn);
	}
	pthread_mutex_unlock(&p->mutex);
	if (code && e)
		*e = cause;
	return code;
}

enum err pgsql_take(struct pgsql *p, struct pgsql_link **out, struct error *e)
{
	struct pgsql_link *l;
	enum err code = ERR_OK;

	pthread_mutex_lock(&p->mutex);
	while (!(l = free_link(p)))
		pthread_cond_wait(&p->idle, &p->mutex);
	pthread_mutex_unlock(&p->mutex);
	if (l->conn && PQstatus(l->conn) != CONNECTION_OK)
		pgsql_disconnect(l);
	if (!l->conn)
		code = connect_link(p, l, e);
	if (code)
		pgsql_give(p, l);
	*out = code ? NULL : l;
	return code;
}

void pgsql_give(struct pgsql *p, struct pgsql_link *l)
{
	PQclear(l->result);
	l->result = NULL;
	pthread_mutex_lock(&p->mutex);
	p->taken[l->number] = false;
	pthread_cond_signal(&p->idle);
	pthread_mutex_unlock(&p->mutex);
}

/* The parts of the PostgreSQL engine: a pool of connections, one for each transaction that runs. */
#ifndef EONAY_PORTAL_STORE_DB_PGSQL_H
#define EONAY_PORTAL_STORE_DB_PGSQL_H

#include "portal/store/db_engine.h"
#include "portal/store/statements.h"

#include <libpq-fe.h>
#include <pthread.h>

#define PGSQL_POOL_MAX 16
#define PGSQL_PENDING_MAX 1024 /* published names that were not sent yet */

/* A connection. */
struct pgsql_link {
	PGconn *conn; /* NULL: not connected */
	struct statements statements;
	PGresult *result; /* of the statement that is begun, or NULL */
	int row;          /* of result; -1 before the first */
	int queued;       /* statements whose results were not read */
	int number;       /* in the pool */
};

struct pgsql {
	struct db base;
	char *conninfo;
	pthread_mutex_t mutex; /* of all below */
	pthread_cond_t idle;
	struct pgsql_link links[PGSQL_POOL_MAX];
	bool taken[PGSQL_POOL_MAX];
	int64_t lane;       /* of link 0 */
	int64_t away_until; /* CLOCK_MONOTONIC, ms: no connection is tried before */
	struct error away;  /* why */

	/* db_pgsql_watch.c */
	bool watching, closing;
	pthread_t watcher;
	PGconn *listener;     /* the watcher's first connection */
	int wake;             /* eventfd */
	struct bytes pending; /* names, each followed by a comma */
	size_t pending_count;
};

/* ERR_STORE with what the server or libpq says of the last statement; result may be NULL. */
enum err pgsql_failed(const struct pgsql_link *l, const PGresult *result, struct error *e);

/* Connects with our settings. ERR_STORE. */
enum err pgsql_connect(const char *conninfo, PGconn **out, struct error *e);
/* Statements without rows and parameters. */
enum err pgsql_execute(struct pgsql_link *l, const char *sql, struct error *e);

/* A link of the pool, connected. ERR_STORE; then there is nothing to give back. */
enum err pgsql_take(struct pgsql *p, struct pgsql_link **out, struct error *e);
void pgsql_give(struct pgsql *p, struct pgsql_link *l);
void pgsql_disconnect(struct pgsql_link *l);

/* db_pgsql_statement.c: those of the engine, and what begins and ends a transaction. */
enum err pgsql_queue(struct tx *t, const char *sql, const struct db_value *values, size_t count,
	struct error *e);
enum err pgsql_start(struct tx *t, const char *sql, const struct db_value *values, size_t count,
	struct error *e);
enum err pgsql_row(struct tx *t, bool *more, struct error *e);
int64_t pgsql_integer(const struct tx *t, int column);
struct span pgsql_bytes(const struct tx *t, int column);
/* Queues a statement without parameters. */
bool pgsql_send(struct pgsql_link *l, const char *sql);
/* Waits for all that is queued. The last one's result is kept; what failed first makes the rest fail
 * without being tried. ERR_STORE. */
enum err pgsql_receive(struct tx *t, struct error *e);
/* As pgsql_failed(); also judges whether the transaction may run again. */
enum err pgsql_tx_failed(struct tx *t, const PGresult *result, struct error *e);

/* LISTEN and NOTIFY. */
void pgsql_publish(struct db *d, const char *name);
enum err pgsql_watch(struct db *d, struct error *e);
void pgsql_unwatch(struct pgsql *p);

#endif

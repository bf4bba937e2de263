/* The parts of the SQLite engine: one connection that writes, some that read. */
#ifndef EONAY_PORTAL_STORE_DB_SQLITE_H
#define EONAY_PORTAL_STORE_DB_SQLITE_H

#include "portal/store/db_engine.h"
#include "portal/store/statements.h"

#include <pthread.h>
#include <sqlite3.h>

#define SQLITE_READERS_MAX 9 /* one of them the watcher's */

/* A connection. */
struct sqlite_link {
	sqlite3 *db;
	struct statements statements;
	sqlite3_stmt *current; /* begun and not reset, or NULL */
};

struct sqlite_group;

struct sqlite {
	struct db base;
	char *path;

	pthread_mutex_t readers_mutex;
	struct sqlite_link *idle[SQLITE_READERS_MAX];
	size_t idle_count, reader_count;
	pthread_cond_t reader_free;

	pthread_mutex_t mutex; /* of all below */

	/* db_sqlite_group.c */
	struct sqlite_link *writer;
	bool writing;     /* a thread uses the writer */
	unsigned waiting; /* threads that want to */
	pthread_cond_t writer_free;
	struct sqlite_group *group; /* whose transaction is open, or NULL */

	/* db_sqlite_watch.c */
	bool watching, closing;
	pthread_t watcher;
	pthread_cond_t stop;
	struct tx look;               /* for as long as there is a watcher */
	int64_t seen, seen_of_others; /* data_version */
};

/* Statements without rows and parameters. */
enum err sqlite_execute(struct sqlite_link *l, const char *sql, struct error *e);

/* The functions that the store's statements want and SQLite lacks. ERR_STORE. */
enum err sqlite_add_functions(sqlite3 *db, struct error *e);

/* Group commit. A commit waits for the disk, some milliseconds; whoever wants to write meanwhile
 * waits for the writer. These then write one after the other into one transaction, each in a
 * savepoint of its own, and the last of them commits for all: none is answered before that. */
enum err sqlite_group_enter(struct sqlite *s, struct error *e);
enum err sqlite_group_leave(struct sqlite *s, bool keep, struct error *e);

/* What other processes commit. SQLite tells only that they did, so everything is to be looked at. */
void sqlite_publish(struct db *d, const char *name);
enum err sqlite_watch(struct db *d, struct error *e);
void sqlite_unwatch(struct sqlite *s);

#endif

/* What store_sqlite.c needs of SQLite: the open database, statements with their parameters,
 * transactions. */
#ifndef EONAY_PORTAL_STORE_SQLITE_DB_H
#define EONAY_PORTAL_STORE_SQLITE_DB_H

#include "base/bytes.h"
#include "base/error.h"

#include <pthread.h>
#include <sqlite3.h>

/* The mutex is held by the functions of store.h: a transaction is more than one statement. */
struct store {
	sqlite3 *db;
	pthread_mutex_t mutex;
};

/* ERR_STORE with SQLite's words. */
enum err db_failed(struct store *s, struct error *e);

/* Statements without rows and parameters. */
enum err db_execute(struct store *s, const char *sql, struct error *e);

/* A statement with its parameters, which must live until its end: 't' const char *, 'i' int64_t,
 * 'b' struct span. NULL on an error, which the functions below then report. */
sqlite3_stmt *db_prepare(struct store *s, const char *sql, const char *types, ...);

/* Runs a statement that gives no rows, and ends it. ERR_STORE. */
enum err db_run(struct store *s, sqlite3_stmt *statement, struct error *e);

/* Steps to the first row. The caller ends the statement, also on an error. ERR_SESSION_UNKNOWN: no
 * row. ERR_STORE. */
enum err db_first_row(struct store *s, sqlite3_stmt *statement, struct error *e);

/* A transaction that may write. */
enum err db_begin(struct store *s, struct error *e);

/* Commits when code is ERR_OK, else takes everything back and returns code. */
enum err db_end(struct store *s, enum err code, struct error *e);

/* A column as text, cut when too long; as a blob of exactly size bytes, zeros when it is none. */
void db_take_text(sqlite3_stmt *row, int column, char *out, size_t size);
void db_take_blob(sqlite3_stmt *row, int column, uint8_t *out, size_t size);

#endif

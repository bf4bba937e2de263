/* What the store needs of a database, the same for SQLite and PostgreSQL: transactions, statements
 * with typed parameters, rows. Safe to use from several threads; a transaction belongs to one.
 *
 *	struct tx t = tx_write(db);
 *	enum err code;
 *
 *	while (tx_next(&t, &code, e)) {
 *		code = tx_run(&t, e, "UPDATE …", "it", number, text);
 *		if (!code && tx_changes(&t) == 0)
 *			…
 *	}
 *	return code;
 *
 * The body may run more than once: when the database gave the transaction up for another's sake (a
 * deadlock, a lost connection), nothing of it has happened and it begins anew. So it sets what it
 * gives out each time. After the loop with ERR_OK everything is on the disk. */
#ifndef EONAY_PORTAL_STORE_DB_H
#define EONAY_PORTAL_STORE_DB_H

#include "base/bytes.h"
#include "base/error.h"

#define DB_PARAMETERS_MAX 16
#define DB_PUBLISHED_MAX 64 /* bytes of a name with the NUL */

struct db;

struct tx {
	struct db *db;
	bool write;
	void *link;    /* the engine's connection while it runs */
	bool again;    /* the engine says: nothing has happened, try again */
	unsigned runs; /* how often it has begun */
	long changes;
	int64_t lane;
	char published[DB_PUBLISHED_MAX];
};

/* Is it a PostgreSQL server's, "postgresql://…" (a URI) or "postgresql:host=… dbname=…"? Else it is
 * the path of an SQLite file. */
bool db_is_server(const char *where);

/* False for what SQLite takes for a database that goes with the program: "" and ":memory:", and names like it
 * (sqlite.org/c3ref/open.html). */
bool db_is_lasting(const char *where);

/* Opens the database. An SQLite file that is not there is created or an error, as create says.
 * ERR_STORE. *out is closed by db_close(). */
enum err db_open(const char *where, bool create, struct db **out, struct error *e);
void db_close(struct db *d); /* NULL is allowed */

/* A transaction to be given to tx_next(). One that only reads is no more than its statements: each
 * sees what is on the disk when it begins. */
struct tx tx_read(struct db *d);
struct tx tx_write(struct db *d);

/* Begins the transaction and returns true with *code ERR_OK; then ends it, committed when *code is
 * ERR_OK, else taken back. *code is the result. ERR_STORE. */
bool tx_next(struct tx *t, enum err *code, struct error *e);

/* Runs a statement for its effect; types tells the parameters $1, $2 …: 't' const char *, 's' a
 * struct span of text, 'i' int64_t, 'b' a struct span; NULL and a span at NULL are null. sql must be a literal: its address names the
 * prepared statement. ERR_STORE. */
enum err tx_run(struct tx *t, struct error *e, const char *sql, const char *types, ...);

/* As tx_run(), for an effect that nobody waits for: it may fail with the next statement that is not
 * of this kind, or with the commit. To PostgreSQL it goes along with that one. */
enum err tx_later(struct tx *t, struct error *e, const char *sql, const char *types, ...);

/* What transactions take so that they do not run beside each other: exclusive, or shared with others that
 * take it so. It comes first in the transaction, goes along with the next statement, and is held to the
 * end. To SQLite each transaction that writes is exclusive. ERR_STORE. */
enum err tx_lock(struct tx *t, bool shared, struct error *e);

/* Rows that the last tx_run() inserted, changed or deleted. */
long tx_changes(const struct tx *t);

/* A small number that no other transaction of this process has at the same time. */
int64_t tx_lane(const struct tx *t);

/* Begins a statement that gives rows. They are read until the next statement of the transaction.
 * ERR_STORE. */
enum err tx_query(struct tx *t, struct error *e, const char *sql, const char *types, ...);

/* Steps to the next row of tx_query(); false at the end and on an error, which is put in *code. */
bool tx_row(struct tx *t, enum err *code, struct error *e);

/* Columns of the row, counted from 0: a number (null: 0); a text, cut when too long (null: ""); a
 * blob of exactly size bytes, zeros when it is none; a blob as it is, until the next row. */
int64_t tx_integer(const struct tx *t, int column);
void tx_text(const struct tx *t, int column, char *out, size_t size);
void tx_blob(const struct tx *t, int column, uint8_t *out, size_t size);
struct span tx_span(const struct tx *t, int column);

/* When the transaction is committed, name is told to whoever watches the database, in this process
 * and in others. One name for a transaction. */
void tx_publish(struct tx *t, const char *name);

/* From now on changed is called for what is published: by threads of the database's, several perhaps
 * at once, so it is quick and does not use the database. NULL for a name: something may have been
 * published that is not known here (by a program that can't tell, or while the connection was gone),
 * so look at everything again. Once for a database; ends with db_close(). ERR_STORE. */
enum err db_watch(struct db *d, void (*changed)(const char *name, void *context), void *context,
	struct error *e);

/* What was deleted leaves the disk too, as far as the engine can say when. ERR_STORE, also while somebody
 * reads what was there before. */
enum err db_settle(struct db *d, struct error *e);

/* Statements of a migration, without parameters and rows; see migration.h. ERR_STORE. */
enum err tx_script(struct tx *t, const char *sql, struct error *e);

#endif

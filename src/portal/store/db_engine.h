/* What db.h asks of an engine. Included by the engines and db.c only. */
#ifndef EONAY_PORTAL_STORE_DB_ENGINE_H
#define EONAY_PORTAL_STORE_DB_ENGINE_H

#include "portal/store/db.h"

/* A parameter. */
struct db_value {
	char type; /* as in tx_run() */
	int64_t integer;
	struct span bytes; /* of a text or blob; at == NULL: null */
};

struct migration;

struct db_engine {
	/* Gets a connection, and begins when t writes. Sets t->link and t->lane. */
	enum err (*begin)(struct tx *t, struct error *e);
	/* Commits or takes back, and gives the connection back. */
	enum err (*end)(struct tx *t, bool commit, struct error *e);
	/* Prepares and begins a statement; row steps it. */
	enum err (*start)(struct tx *t, const char *sql, const struct db_value *values,
		size_t count, struct error *e);
	/* As start, of a statement without rows whose end is not waited for; NULL: there is no such
	 * thing. */
	enum err (*queue)(struct tx *t, const char *sql, const struct db_value *values,
		size_t count, struct error *e);
	/* tx_lock(); NULL: whoever writes is alone. */
	enum err (*lock)(struct tx *t, bool shared, struct error *e);
	/* ERR_OK and *more false at the end; the statement's changes are then known. */
	enum err (*row)(struct tx *t, bool *more, struct error *e);
	int64_t (*integer)(const struct tx *t, int column);
	struct span (*bytes)(const struct tx *t, int column);
	enum err (*script)(struct tx *t, const char *sql, struct error *e);
	/* What a migration has for this engine alone, or NULL. */
	const char *(*own_part)(const struct migration *m);
	/* One number: is there a table eonay_schema? */
	const char *schema_known;
	/* The version of a database without that table. */
	enum err (*schema_before)(struct tx *t, int64_t *version, struct error *e);
	/* Keeps all other programs from migrating until the transaction ends. */
	enum err (*schema_lock)(struct tx *t, struct error *e);
	/* Tells a name to other processes, and to this one. */
	void (*publish)(struct db *d, const char *name);
	/* d's changed and context are set: call it from now on. */
	enum err (*watch)(struct db *d, struct error *e);
	enum err (*settle)(struct db *d, struct error *e);
	void (*close)(struct db *d);
};

/* The head of each engine's own struct. */
struct db {
	const struct db_engine *engine;
	void (*changed)(const char *name, void *context); /* NULL: nobody watches */
	void *context;
};

/* conninfo: a URI or keywords and values, as PQconnectdb() takes them. */
enum err db_pgsql_open(const char *conninfo, struct db **out, struct error *e);
enum err db_sqlite_open(const char *path, bool create, struct db **out, struct error *e);

#endif

/* PostgreSQL. Each transaction has a connection of its own; statements are prepared once on each and
 * their parameters and results go in binary. */
#include "portal/store/db_pgsql.h"

#include "portal/store/migration.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Numbers that are nobody else's in this database. */
#define MIGRATION_LOCK "4969817420177"
#define STORE_LOCK "4969817420178"

/* Gives the connection back as a new transaction wants it; one that cannot be brought there is
 * closed. */
static void give_back(struct pgsql *p, struct pgsql_link *l)
{
	struct tx t = {.link = l};
	bool good = true;

	if (PQpipelineStatus(l->conn) != PQ_PIPELINE_OFF) {
		if (l->queued > 0)
			pgsql_receive(&t, NULL);
		good = PQexitPipelineMode(l->conn);
	}
	if (good && PQtransactionStatus(l->conn) != PQTRANS_IDLE)
		good = pgsql_execute(l, "ROLLBACK", NULL) == ERR_OK;
	if (!good)
		pgsql_disconnect(l);
	pgsql_give(p, l);
}

/* In a transaction that writes, statements are sent one behind the other and their results read when
 * somebody wants to know (libpq's pipeline mode): seven waits for the server become two. */
static enum err begin(struct tx *t, struct error *e)
{
	struct pgsql *p = (struct pgsql *)t->db;
	struct pgsql_link *l;
	enum err code = pgsql_take(p, &l, e);

	if (code)
		return code;
	t->link = l;
	t->lane = p->lane + l->number;
	l->queued = 0;
	if (!t->write)
		return ERR_OK;
	if (PQenterPipelineMode(l->conn) && pgsql_send(l, "BEGIN"))
		return ERR_OK;
	code = pgsql_tx_failed(t, NULL, e);
	give_back(p, l);
	return code;
}

/* Whether a commit whose answer did not come has happened is not known: it is not run again. But
 * what fails before it is. */
static enum err end(struct tx *t, bool commit, struct error *e)
{
	struct pgsql *p = (struct pgsql *)t->db;
	struct pgsql_link *l = t->link;
	enum err code = ERR_OK;
	bool again = t->again;

	if (t->write && commit) {
		code = pgsql_send(l, "COMMIT") ? pgsql_receive(t, e) : pgsql_tx_failed(t, NULL, e);
		again = code && t->again && PQstatus(l->conn) == CONNECTION_OK;
	}
	give_back(p, l);
	t->again = again;
	return code;
}

static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The words of the other engine: migration.h. */
static void translate(const char *sql, struct bytes *out)
{
	static const char *const words[][2] = {
		{"INTEGER", "BIGINT"}, {"BLOB", "BYTEA"}, {"STRICT", ""}};

	while (*sql) {
		size_t n = 0, i;

		while (is_letter(sql[n]))
			n++;
		for (i = 0; i < 3 && (n != strlen(words[i][0]) || memcmp(sql, words[i][0], n)); i++)
			;
		if (i < 3)
			bytes_append_text(out, words[i][1]);
		else
			bytes_append(out, span_of(sql, n ? n : 1));
		sql += n ? n : 1;
	}
}

/* Several statements in one text go only outside of pipeline mode. */
static enum err execute(struct tx *t, const char *sql, struct error *e)
{
	struct pgsql_link *l = t->link;
	enum err code = l->queued ? pgsql_receive(t, e) : ERR_OK;

	if (!code && t->write && !PQexitPipelineMode(l->conn))
		code = pgsql_tx_failed(t, NULL, e);
	if (!code)
		code = pgsql_execute(l, sql, e);
	if (t->write && !PQenterPipelineMode(l->conn) && !code)
		code = pgsql_tx_failed(t, NULL, e);
	return code;
}

static enum err script(struct tx *t, const char *sql, struct error *e)
{
	struct bytes translated = {0};
	enum err code;

	translate(sql, &translated);
	code = execute(t, bytes_text(&translated), e);
	bytes_free(&translated);
	return code;
}

static const char *own_part(const struct migration *m)
{
	return m->pgsql;
}

static enum err schema_before(struct tx *t, int64_t *version, struct error *e)
{
	(void)t;
	(void)e;
	*version = 0;
	return ERR_OK;
}

/* How long a migration takes, and whoever waits for it, depends on what is stored: no statement of it is given up. */
static enum err schema_lock(struct tx *t, struct error *e)
{
	return execute(t,
		"SET LOCAL statement_timeout = 0;"
		"SELECT pg_advisory_xact_lock(" MIGRATION_LOCK ")",
		e);
}

static enum err lock(struct tx *t, bool shared, struct error *e)
{
	if (shared)
		return pgsql_queue(
			t, "SELECT pg_advisory_xact_lock_shared(" STORE_LOCK ")", NULL, 0, e);
	return pgsql_queue(t, "SELECT pg_advisory_xact_lock(" STORE_LOCK ")", NULL, 0, e);
}

/* Autovacuum clears what was deleted away. */
static enum err settle(struct db *d, struct error *e)
{
	(void)d;
	(void)e;
	return ERR_OK;
}

static void close_database(struct db *d)
{
	struct pgsql *p = (struct pgsql *)d;

	pgsql_unwatch(p);
	for (int i = 0; i < PGSQL_POOL_MAX; i++)
		pgsql_disconnect(&p->links[i]);
	bytes_free(&p->pending);
	pthread_cond_destroy(&p->idle);
	pthread_mutex_destroy(&p->mutex);
	close(p->wake);
	free(p->conninfo);
	free(p);
}

static const struct db_engine engine = {
	.begin = begin,
	.end = end,
	.start = pgsql_start,
	.queue = pgsql_queue,
	.lock = lock,
	.row = pgsql_row,
	.integer = pgsql_integer,
	.bytes = pgsql_bytes,
	.script = script,
	.own_part = own_part,
	.schema_known = "SELECT count(*) FROM pg_class WHERE oid = to_regclass('eonay_schema')",
	.schema_before = schema_before,
	.schema_lock = schema_lock,
	.publish = pgsql_publish,
	.watch = pgsql_watch,
	.settle = settle,
	.close = close_database,
};

enum err db_pgsql_open(const char *conninfo, struct db **out, struct error *e)
{
	struct pgsql *p = must_zalloc(sizeof(*p));
	struct pgsql_link *l;
	enum err code;

	p->base.engine = &engine;
	p->conninfo = must_strdup(conninfo);
	p->wake = -1;
	pthread_mutex_init(&p->mutex, NULL);
	pthread_cond_init(&p->idle, NULL);
	code = pgsql_take(p, &l, e);
	if (code)
		close_database(&p->base);
	else
		pgsql_give(p, l);
	*out = code ? NULL : &p->base;
	return code;
}

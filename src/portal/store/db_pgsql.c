/* PostgreSQL. Each transaction has a connection of its own; statements are prepared once on each and
 * their parameters and results go in binary. */
#include "portal/store/db_pgsql.h"

#include "portal/store/migration.h"

#include <ctype.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* pg_type.dat */
#define OID_BYTEA 17
#define OID_INT8 20
#define OID_TEXT 25

#define MIGRATION_LOCK "4969817420177" /* a number that is nobody else's in this database */

/* Did the statement fail for another's sake, so that the transaction may run again? A transaction of
 * which no commit was sent has not happened when its connection is gone. */
static enum err failed(struct tx *t, const PGresult *result, struct error *e)
{
	const struct pgsql_link *l = t->link;
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	t->again = PQstatus(l->conn) != CONNECTION_OK ||
		   (state && (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0));
	return pgsql_failed(l, result, e);
}

static enum err begin(struct tx *t, struct error *e)
{
	struct pgsql *p = (struct pgsql *)t->db;
	struct pgsql_link *l;
	enum err code = pgsql_take(p, &l, e);

	if (code)
		return code;
	t->link = l;
	t->lane = p->lane + l->number;
	if (t->write)
		code = pgsql_execute(l, "BEGIN", e);
	if (code) {
		t->again = PQstatus(l->conn) != CONNECTION_OK;
		pgsql_give(p, l);
	}
	return code;
}

/* Whether a commit whose answer did not come has happened is not known: it is not run again. */
static enum err end(struct tx *t, bool commit, struct error *e)
{
	struct pgsql *p = (struct pgsql *)t->db;
	struct pgsql_link *l = t->link;
	bool again = t->again && !commit;
	enum err code = ERR_OK;

	if (t->write && commit)
		code = pgsql_execute(l, "COMMIT", e);
	else if (t->write && PQstatus(l->conn) == CONNECTION_OK)
		pgsql_execute(l, "ROLLBACK", NULL);
	t->again = again;
	pgsql_give(p, l);
	return code;
}

static enum err prepare(struct tx *t, const char *sql, const char name[24],
	const struct db_value *values, size_t count, struct error *e)
{
	struct pgsql_link *l = t->link;
	Oid types[DB_PARAMETERS_MAX];
	void **place = statements_find(&l->statements, sql);
	PGresult *result;
	enum err code = ERR_OK;

	if (!place)
		return error_set(e, ERR_INTERNAL, "STATEMENTS_MAX");
	if (*place)
		return ERR_OK;
	for (size_t i = 0; i < count; i++)
		types[i] = values[i].type == 'i'   ? OID_INT8
			   : values[i].type == 'b' ? OID_BYTEA
						   : OID_TEXT;
	result = PQprepare(l->conn, name, sql, (int)count, types);
	if (PQresultStatus(result) == PGRES_COMMAND_OK)
		*place = l;
	else
		code = failed(t, result, e);
	PQclear(result);
	return code;
}

/* The statement's parameters as libpq takes them. */
struct parameters {
	const char *values[DB_PARAMETERS_MAX];
	int lengths[DB_PARAMETERS_MAX], formats[DB_PARAMETERS_MAX];
	uint64_t numbers[DB_PARAMETERS_MAX];
};

static void take_parameters(const struct db_value *values, size_t count, struct parameters *out)
{
	for (size_t i = 0; i < count; i++) {
		const struct db_value *v = &values[i];

		out->formats[i] = 1;
		if (v->type == 'i') {
			out->numbers[i] = htobe64((uint64_t)v->integer);
			out->values[i] = (const char *)&out->numbers[i];
			out->lengths[i] = sizeof(out->numbers[i]);
		} else {
			out->values[i] = (const char *)v->bytes.at;
			out->lengths[i] = (int)v->bytes.n;
		}
	}
}

static enum err start(
	struct tx *t, const char *sql, const struct db_value *values, size_t count, struct error *e)
{
	struct pgsql_link *l = t->link;
	struct parameters p;
	char name[24];
	ExecStatusType status;
	enum err code;

	PQclear(l->result);
	l->result = NULL;
	snprintf(name, sizeof(name), "%p", (const void *)sql);
	code = prepare(t, sql, name, values, count, e);
	if (code)
		return code;
	take_parameters(values, count, &p);
	l->result = PQexecPrepared(l->conn, name, (int)count, p.values, p.lengths, p.formats, 1);
	l->row = -1;
	status = PQresultStatus(l->result);
	t->changes = strtol(PQcmdTuples(l->result), NULL, 10);
	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ? ERR_OK
								       : failed(t, l->result, e);
}

static enum err row(struct tx *t, bool *more, struct error *e)
{
	struct pgsql_link *l = t->link;

	(void)e;
	*more = ++l->row < PQntuples(l->result);
	return ERR_OK;
}

static struct span bytes(const struct tx *t, int column)
{
	const struct pgsql_link *l = t->link;

	if (PQgetisnull(l->result, l->row, column))
		return (struct span){0};
	return span_of(PQgetvalue(l->result, l->row, column),
		(size_t)PQgetlength(l->result, l->row, column));
}

/* int8, or int4 of a constant. */
static int64_t integer(const struct tx *t, int column)
{
	struct span s = bytes(t, column);
	uint64_t n = s.n && s.at[0] & 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < s.n; i++)
		n = n << 8 | s.at[i];
	return (int64_t)n;
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

static enum err script(struct tx *t, const char *sql, struct error *e)
{
	struct bytes translated = {0};
	enum err code;

	translate(sql, &translated);
	code = pgsql_execute(t->link, bytes_text(&translated), e);
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

static enum err schema_lock(struct tx *t, struct error *e)
{
	return pgsql_execute(t->link, "SELECT pg_advisory_xact_lock(" MIGRATION_LOCK ")", e);
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
	.start = start,
	.row = row,
	.integer = integer,
	.bytes = bytes,
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

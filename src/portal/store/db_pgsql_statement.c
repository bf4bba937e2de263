/* Statements on a connection to PostgreSQL. */
#include "portal/store/db_pgsql.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* pg_type.dat */
#define OID_BYTEA 17
#define OID_INT8 20
#define OID_TEXT 25

/* Did the statement fail for another's sake, so that the transaction may run again? A transaction of
 * which no commit was sent has not happened when its connection is gone. */
enum err pgsql_tx_failed(struct tx *t, const PGresult *result, struct error *e)
{
	const struct pgsql_link *l = t->link;
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	t->again = PQstatus(l->conn) != CONNECTION_OK ||
		   (state && (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0));
	return pgsql_failed(l, result, e);
}

bool pgsql_send(struct pgsql_link *l, const char *sql)
{
	l->queued++;
	return PQsendQueryParams(l->conn, sql, 0, NULL, NULL, NULL, NULL, 1);
}

/* Takes the result that comes next, and the end of it. */
static PGresult *next_result(struct pgsql_link *l)
{
	PGresult *result = PQgetResult(l->conn);

	PQclear(result ? PQgetResult(l->conn) : NULL);
	return result;
}

static bool is_good(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

enum err pgsql_receive(struct tx *t, struct error *e)
{
	struct pgsql_link *l = t->link;
	enum err code = ERR_OK;

	if (!PQpipelineSync(l->conn))
		return pgsql_tx_failed(t, NULL, e);
	for (; l->queued > 0; l->queued--) {
		PQclear(l->result);
		l->result = next_result(l);
		if (!code && !is_good(l->result))
			code = pgsql_tx_failed(t, l->result, e);
	}
	PQclear(PQgetResult(l->conn)); /* PGRES_PIPELINE_SYNC */
	return code;
}

/* Called without anything queued: in pipeline mode it would not be known whether it is prepared. */
static enum err prepare_now(struct tx *t, const char *sql, const char name[24],
	const struct db_value *values, size_t count, struct error *e)
{
	struct pgsql_link *l = t->link;
	Oid types[DB_PARAMETERS_MAX];
	PGresult *result;
	enum err code = ERR_OK;

	for (size_t i = 0; i < count; i++)
		types[i] = values[i].type == 'i'   ? OID_INT8
			   : values[i].type == 'b' ? OID_BYTEA
						   : OID_TEXT;
	result = PQprepare(l->conn, name, sql, (int)count, types);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		code = pgsql_tx_failed(t, result, e);
	PQclear(result);
	return code;
}

static enum err prepare(struct tx *t, const char *sql, const char name[24],
	const struct db_value *values, size_t count, struct error *e)
{
	struct pgsql_link *l = t->link;
	void **place = statements_find(&l->statements, sql);
	enum err code = ERR_OK;

	if (!place)
		return error_set(e, ERR_INTERNAL, "STATEMENTS_MAX");
	if (*place)
		return ERR_OK;
	if (l->queued)
		code = pgsql_receive(t, e);
	if (!code && t->write && !PQexitPipelineMode(l->conn))
		code = pgsql_tx_failed(t, NULL, e);
	if (!code)
		code = prepare_now(t, sql, name, values, count, e);
	if (!code)
		*place = l;
	if (t->write && !PQenterPipelineMode(l->conn) && !code)
		code = pgsql_tx_failed(t, NULL, e);
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

enum err pgsql_queue(
	struct tx *t, const char *sql, const struct db_value *values, size_t count, struct error *e)
{
	struct pgsql_link *l = t->link;
	struct parameters p;
	char name[24];
	enum err code;

	snprintf(name, sizeof(name), "%p", (const void *)sql);
	code = prepare(t, sql, name, values, count, e);
	if (code)
		return code;
	take_parameters(values, count, &p);
	l->queued++;
	return PQsendQueryPrepared(l->conn, name, (int)count, p.values, p.lengths, p.formats, 1)
		       ? ERR_OK
		       : pgsql_tx_failed(t, NULL, e);
}

/* What only reads is sent alone. */
static enum err ask(struct tx *t, struct error *e)
{
	struct pgsql_link *l = t->link;

	l->queued = 0;
	l->result = next_result(l);
	return is_good(l->result) ? ERR_OK : pgsql_tx_failed(t, l->result, e);
}

enum err pgsql_start(
	struct tx *t, const char *sql, const struct db_value *values, size_t count, struct error *e)
{
	struct pgsql_link *l = t->link;
	enum err code;

	PQclear(l->result);
	l->result = NULL;
	l->row = -1;
	code = pgsql_queue(t, sql, values, count, e);
	if (!code)
		code = t->write ? pgsql_receive(t, e) : ask(t, e);
	if (!code)
		t->changes = strtol(PQcmdTuples(l->result), NULL, 10);
	return code;
}

enum err pgsql_row(struct tx *t, bool *more, struct error *e)
{
	struct pgsql_link *l = t->link;

	(void)e;
	*more = ++l->row < PQntuples(l->result);
	return ERR_OK;
}

struct span pgsql_bytes(const struct tx *t, int column)
{
	const struct pgsql_link *l = t->link;

	if (PQgetisnull(l->result, l->row, column))
		return (struct span){0};
	return span_of(PQgetvalue(l->result, l->row, column),
		(size_t)PQgetlength(l->result, l->row, column));
}

/* int8, or int4 of a constant. */
int64_t pgsql_integer(const struct tx *t, int column)
{
	struct span s = pgsql_bytes(t, column);
	uint64_t n = s.n && s.at[0] & 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < s.n; i++)
		n = n << 8 | s.at[i];
	return (int64_t)n;
}

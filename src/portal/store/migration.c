#include "portal/store/migration.h"

#include "portal/store/db_engine.h"

/* The version in the database, 0 for an empty one. */
static enum err read_version(struct tx *t, int64_t *version, struct error *e)
{
	enum err code = tx_query(t, e, t->db->engine->schema_known, "");
	bool known = tx_row(t, &code, e) && tx_integer(t, 0) > 0;

	*version = 0;
	if (code)
		return code;
	if (!known)
		return t->db->engine->schema_before(t, version, e);
	code = tx_query(t, e, "SELECT version FROM eonay_schema", "");
	if (tx_row(t, &code, e))
		*version = tx_integer(t, 0);
	return code;
}

static enum err write_version(struct tx *t, int64_t version, struct error *e)
{
	enum err code = tx_script(t,
		"CREATE TABLE IF NOT EXISTS eonay_schema (one INTEGER PRIMARY KEY CHECK (one = 1),"
		" version INTEGER NOT NULL)",
		e);

	return code ? code
		    : tx_run(t, e,
			      "INSERT INTO eonay_schema (one, version) VALUES (1, $1)"
			      " ON CONFLICT (one) DO UPDATE SET version = excluded.version",
			      "i", version);
}

static enum err apply(struct tx *t, const struct migration *m, struct error *e)
{
	const char *own = t->db->engine->own_part(m);
	enum err code = m->common ? tx_script(t, m->common, e) : ERR_OK;

	if (!code && own)
		code = tx_script(t, own, e);
	return code ? code : write_version(t, m->number, e);
}

static int newest(void)
{
	int n = 0;

	while (migrations[n].number)
		n++;
	return n;
}

/* One step; *version is what is reached. */
static enum err step(struct db *d, int last, int64_t *version, struct error *e)
{
	struct tx t = tx_write(d);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = d->engine->schema_lock(&t, e);
		if (!code)
			code = read_version(&t, version, e);
		if (!code && *version < last)
			code = apply(&t, &migrations[(*version)++], e);
	}
	return code;
}

static enum err look(struct db *d, int64_t *version, struct error *e)
{
	struct tx t = tx_read(d);
	enum err code;

	while (tx_next(&t, &code, e))
		code = read_version(&t, version, e);
	return code;
}

enum err migrate_to(struct db *d, int last, struct error *e)
{
	int64_t version;
	enum err code = look(d, &version, e);

	while (!code && version < last)
		code = step(d, last, &version, e);
	if (!code && version > newest())
		code = error_set(e, ERR_STORE,
			"the database has schema version %d, this program knows %d", (int)version,
			newest());
	return code;
}

enum err migrate(struct db *d, struct error *e)
{
	return migrate_to(d, newest(), e);
}

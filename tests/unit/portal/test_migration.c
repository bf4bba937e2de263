/* Databases of other versions than this program's. */
#include "store_place.h"

#include "portal/store/db_engine.h"
#include "portal/store/migration.h"

#include <sqlite3.h>
#include <stdio.h>

/* A database as version 1 of the program left it: its schema, a session that was signed. */
static const char version_1[] =
	"CREATE TABLE session ("
	" id TEXT PRIMARY KEY, state INTEGER NOT NULL, person TEXT NOT NULL, tckn TEXT NOT NULL,"
	" kiosk TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',"
	" created INTEGER NOT NULL, expires INTEGER NOT NULL,"
	" code_mac BLOB NOT NULL UNIQUE, nonce_mac BLOB, token_mac BLOB) STRICT;"
	"CREATE INDEX session_created ON session (created);"
	"CREATE TABLE session_text ("
	" session TEXT NOT NULL REFERENCES session ON DELETE CASCADE, position INTEGER NOT NULL,"
	" content BLOB NOT NULL, PRIMARY KEY (session, position)) STRICT;"
	"CREATE TABLE signature ("
	" session TEXT PRIMARY KEY REFERENCES session, receipt TEXT NOT NULL UNIQUE, accepted_at"
	" INTEGER NOT NULL, sha256 BLOB NOT NULL, cms BLOB NOT NULL) STRICT;"
	"PRAGMA user_version = 1;"
	"INSERT INTO session VALUES ('S', 2, 'AYŞE', '10000000146', 'k', '', 10, 20, x'01', x'02',"
	" x'03');"
	"INSERT INTO session_text VALUES ('S', 0, x'AA');"
	"INSERT INTO signature VALUES ('S', 'R', 15, zeroblob(32), x'BB');";

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void a_database_of_version_1_is_taken_over(void **state)
{
	struct place *p = *state;
	struct session s;
	struct signature signature;

	SKIP_ON_SERVER(p);
	place_clear(p);
	run_sql(p->where, version_1);
	assert_int_equal(store_open(p->where, false, &p->store, NULL), ERR_OK);
	assert_int_equal(store_find_by_id(p->store, "S", &s, NULL), ERR_OK);
	assert_int_equal(s.purpose, SESSION_CONSENT);
	assert_int_equal(s.state, SESSION_SIGNED);
	assert_int_equal(store_read_signature(p->store, "S", &signature, NULL), ERR_OK);
	assert_string_equal(signature.receipt, "R");
	assert_int_equal(signature.status_source, STATUS_NONE);
	assert_int_equal(signature.cms.n, 1);
	signature_free(&signature);
}

static void set_version(const char *where, int64_t version)
{
	struct db *db;
	struct tx t;
	enum err code;

	assert_int_equal(db_open(where, false, &db, NULL), ERR_OK);
	t = tx_write(db);
	while (tx_next(&t, &code, NULL))
		code = tx_run(&t, NULL, "UPDATE eonay_schema SET version = $1", "i", version);
	assert_int_equal(code, ERR_OK);
	db_close(db);
}

static void a_newer_database_is_refused(void **state)
{
	struct place *p = *state;
	struct store *store;
	struct error e = {0};
	char knows[24];
	int newest = 0;

	while (migrations[newest].number)
		newest++;
	snprintf(knows, sizeof(knows), "knows %d", newest);
	set_version(p->where, 99);
	assert_int_equal(store_open(p->where, true, &store, &e), ERR_STORE);
	assert_null(store);
	assert_non_null(strstr(e.where, "version 99"));
	assert_non_null(strstr(e.where, knows));
}

/* Programs of version 1 know no other number, and refuse. */
static void an_old_program_refuses_the_database(void **state)
{
	struct place *p = *state;
	sqlite3_stmt *statement;
	sqlite3 *db;

	SKIP_ON_SERVER(p);
	assert_int_equal(sqlite3_open(p->where, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_int_not_equal(sqlite3_column_int(statement, 0), 1);
	assert_int_not_equal(sqlite3_column_int(statement, 0), 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
}

static void migrations_are_numbered_without_a_gap(void **state)
{
	(void)state;
	for (int i = 0; migrations[i].number; i++)
		assert_int_equal(migrations[i].number, i + 1);
}

/* Each version that there ever was leads to the newest. */
static void every_version_is_brought_up_to_date(void **state)
{
	struct place *p = *state;
	struct db *db;

	for (int n = 1; migrations[n - 1].number; n++) {
		place_clear(p);
		assert_int_equal(db_open(p->where, true, &db, NULL), ERR_OK);
		assert_int_equal(migrate_to(db, n, NULL), ERR_OK);
		db_close(db);
		assert_int_equal(store_open(p->where, false, &p->store, NULL), ERR_OK);
		open_session(p->store, 1);
	}
}

static void read_timeout(struct db *db, bool migrating, char out[16])
{
	struct tx t = tx_write(db);
	enum err code;

	while (tx_next(&t, &code, NULL)) {
		if (migrating)
			code = db->engine->schema_lock(&t, NULL);
		if (!code)
			code = tx_query(
				&t, NULL, "SELECT current_setting('statement_timeout')", "");
		if (tx_row(&t, &code, NULL))
			tx_text(&t, 0, out, 16);
	}
	assert_int_equal(code, ERR_OK);
}

/* An index of all that was ever signed is not made in the time that an answer may take. */
static void a_migration_takes_its_time(void **state)
{
	struct place *p = *state;
	struct db *db;
	char text[16] = "";

	if (!p->server)
		skip();
	assert_int_equal(db_open(p->where, false, &db, NULL), ERR_OK);
	read_timeout(db, true, text);
	assert_string_equal(text, "0");
	read_timeout(db, false, text);
	assert_string_equal(text, "10s");
	db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_database_of_version_1_is_taken_over),
		STORE_TEST(a_newer_database_is_refused),
		STORE_TEST(an_old_program_refuses_the_database),
		STORE_TEST(migrations_are_numbered_without_a_gap),
		STORE_TEST(every_version_is_brought_up_to_date),
		STORE_TEST(a_migration_takes_its_time),
	};

	return cmocka_run_group_tests_name("portal migration", tests, NULL, NULL);
}

#include "portal/store/migration.h"

/* The numbers of a state are those of the enums. */
static const char sessions_and_signatures[] =
	"CREATE TABLE session ("
	" id TEXT PRIMARY KEY, state INTEGER NOT NULL, person TEXT NOT NULL, tckn TEXT NOT NULL,"
	" kiosk TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',"
	" created INTEGER NOT NULL, expires INTEGER NOT NULL,"
	" code_mac BLOB NOT NULL UNIQUE, nonce_mac BLOB, token_mac BLOB) STRICT;"
	"CREATE INDEX session_created ON session (created);"
	"CREATE TABLE session_text ("
	" session TEXT NOT NULL REFERENCES session ON DELETE CASCADE, position INTEGER NOT NULL,"
	" content BLOB NOT NULL,"
	" PRIMARY KEY (session, position)) STRICT;"
	"CREATE TABLE signature ("
	" session TEXT PRIMARY KEY REFERENCES session, receipt TEXT NOT NULL UNIQUE,"
	" accepted_at INTEGER NOT NULL, sha256 BLOB NOT NULL, cms BLOB NOT NULL) STRICT;";

static const char the_whole_portal[] =
	"ALTER TABLE session ADD COLUMN purpose INTEGER NOT NULL DEFAULT 0;"
	"DROP INDEX session_created;"
	"CREATE INDEX session_created ON session (created, id);"
	"CREATE INDEX session_person ON session (tckn, created);"
	"CREATE INDEX session_expires ON session (expires) WHERE state <> 2;"
	"ALTER TABLE signature ADD COLUMN status_source INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE signature ADD COLUMN status_at INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE signature ADD COLUMN status_response BLOB;"
	"ALTER TABLE signature ADD COLUMN time_stamp BLOB;"
	"ALTER TABLE signature ADD COLUMN withdrawn_at INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE certificate ("
	" issuer TEXT NOT NULL, serial TEXT NOT NULL, tckn TEXT NOT NULL, holder TEXT NOT NULL,"
	" not_before INTEGER NOT NULL, not_after INTEGER NOT NULL,"
	" status INTEGER NOT NULL, status_at INTEGER NOT NULL, reason TEXT NOT NULL DEFAULT '',"
	" der BLOB NOT NULL, PRIMARY KEY (serial, issuer)) STRICT;"
	"CREATE INDEX certificate_person ON certificate (tckn);"
	"CREATE TABLE application ("
	" id TEXT PRIMARY KEY, tckn TEXT NOT NULL, state INTEGER NOT NULL,"
	" note TEXT NOT NULL DEFAULT '', created INTEGER NOT NULL, changed INTEGER NOT NULL) "
	"STRICT;"
	"CREATE INDEX application_person ON application (tckn);"
	"CREATE TABLE browser ("
	" mac BLOB PRIMARY KEY, tckn TEXT NOT NULL, person TEXT NOT NULL,"
	" operator INTEGER NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT;"
	"CREATE INDEX browser_seen ON browser (seen);"
	"CREATE TABLE login ("
	" state_mac BLOB PRIMARY KEY, browser_mac BLOB NOT NULL, nonce TEXT NOT NULL,"
	" verifier TEXT NOT NULL, target TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;"
	"CREATE INDEX login_expires ON login (expires);"
	"CREATE TABLE kiosk ("
	" name TEXT PRIMARY KEY, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,"
	" opened INTEGER NOT NULL) STRICT;";

/* Records are chained in several strands, since whoever appends to one holds it until the commit is
 * on the disk. A strand's record n covers record n - 1; its head says how many there are. */
static const char audit[] =
	"CREATE TABLE audit ("
	" strand INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL,"
	" actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL,"
	" hash BLOB NOT NULL, PRIMARY KEY (strand, number)) STRICT;"
	"CREATE TABLE audit_head ("
	" strand INTEGER PRIMARY KEY, number INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;";

static const char audit_sqlite[] =
	"WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 15)"
	" INSERT INTO audit_head SELECT i, 0, zeroblob(32) FROM n;"
	"CREATE TRIGGER audit_update BEFORE UPDATE ON audit BEGIN"
	" SELECT RAISE(ABORT, 'audit records are never changed'); END;"
	"CREATE TRIGGER audit_delete BEFORE DELETE ON audit BEGIN"
	" SELECT RAISE(ABORT, 'audit records are never deleted'); END;"
	"CREATE TRIGGER audit_head_delete BEFORE DELETE ON audit_head BEGIN"
	" SELECT RAISE(ABORT, 'audit records are never deleted'); END;"
	"PRAGMA user_version = 3;"; /* programs that know version 1 alone keep off */

static const char audit_pgsql[] =
	"INSERT INTO audit_head SELECT i, 0, decode(repeat('00', 32), 'hex')"
	" FROM generate_series(0, 15) AS n (i);"
	"CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
	" $$ BEGIN RAISE EXCEPTION 'audit records are never changed or deleted'; END $$;"
	"CREATE TRIGGER audit_append BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
	" FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();"
	"CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON audit_head"
	" FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();";

/* audit_hash() of audit_record.h as a function of the database: pgsql's; SQLite's is in
 * db_sqlite_function.c. */
static const char audit_hash_pgsql[] =
	"CREATE FUNCTION audit_hash(before BYTEA, strand BIGINT, number BIGINT, deed BYTEA)"
	" RETURNS BYTEA LANGUAGE sql IMMUTABLE AS"
	" $$ SELECT CASE length(before) WHEN 32 THEN"
	" sha256(before || int8send(strand) || int8send(number) || deed) END $$;";

/* in_row: since the last right code. */
static const char wrong_codes[] =
	"CREATE TABLE wrong_code (who BLOB NOT NULL, at INTEGER NOT NULL) STRICT;"
	"CREATE INDEX wrong_code_who ON wrong_code (who, at);"
	"CREATE INDEX wrong_code_at ON wrong_code (at);"
	"CREATE TABLE wrong_code_row (in_row INTEGER NOT NULL, stopped_at INTEGER NOT NULL) STRICT;"
	"INSERT INTO wrong_code_row VALUES (0, 0);";

/* "state = 1" tells PostgreSQL that a row is in an index of those with "state <> 2". When the tables were
 * analysed with all sessions signed it took that for the shortest way to any open session, and read all
 * that are not signed to find one. Of "state + 0 <> 2" it is not told. */
static const char unsigned_sessions[] =
	"DROP INDEX session_expires;"
	"CREATE INDEX session_unsigned ON session (expires) WHERE state + 0 <> 2;";

const struct migration migrations[] = {
	{1, sessions_and_signatures, NULL, NULL},
	{2, the_whole_portal, NULL, NULL},
	{3, audit, audit_sqlite, audit_pgsql},
	{4, NULL, NULL, audit_hash_pgsql},
	{5, wrong_codes, NULL, NULL},
	{6, unsigned_sessions, NULL, NULL},
	{0, NULL, NULL, NULL},
};

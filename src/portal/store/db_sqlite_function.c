#include "portal/store/db_sqlite.h"

#include "portal/store/audit_record.h"

/* audit_hash(before, strand, number, deed): null when before is no hash. */
static void audit_hash_function(sqlite3_context *context, int count, sqlite3_value **values)
{
	const void *before = sqlite3_value_blob(values[0]), *deed = sqlite3_value_blob(values[3]);
	uint8_t hash[AUDIT_HASH_SIZE];

	(void)count;
	if (sqlite3_value_bytes(values[0]) != AUDIT_HASH_SIZE)
		return;
	if (audit_hash_deed(before, sqlite3_value_int64(values[1]), sqlite3_value_int64(values[2]),
		    span_of(deed, (size_t)sqlite3_value_bytes(values[3])), hash, NULL))
		sqlite3_result_error(context, "SHA-256", -1);
	else
		sqlite3_result_blob(context, hash, sizeof(hash), SQLITE_TRANSIENT);
}

enum err sqlite_add_functions(sqlite3 *db, struct error *e)
{
	return sqlite3_create_function(db, "audit_hash", 4,
		       SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
		       audit_hash_function, NULL, NULL) == SQLITE_OK
		       ? ERR_OK
		       : error_set(e, ERR_STORE, "sqlite: %s", sqlite3_errmsg(db));
}

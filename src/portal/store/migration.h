/* The schema's versions. */
#ifndef EONAY_PORTAL_STORE_MIGRATION_H
#define EONAY_PORTAL_STORE_MIGRATION_H

#include "portal/store/db.h"

/* What leads from version number - 1 to number. Once released a migration is never changed.
 *
 * common (or NULL) is for both engines, in SQLite's words: PostgreSQL reads BIGINT for INTEGER, BYTEA for
 * BLOB and leaves STRICT out (all of them whole words in capitals). */
struct migration {
	int number;
	const char *common;
	const char *sqlite; /* behind common, or NULL */
	const char *pgsql;
};

/* All of them, in order; ended by a number of 0. */
extern const struct migration migrations[];

/* Brings the database to the newest version, each migration in a transaction of its own and by one
 * program at a time. A newer database than this program knows is ERR_STORE. */
enum err migrate(struct db *d, struct error *e);

/* As migrate(), but no further than version last: for tests. */
enum err migrate_to(struct db *d, int last, struct error *e);

#endif

/* The prepared statements of one connection, found by the address of their text. */
#ifndef EONAY_PORTAL_STORE_STATEMENTS_H
#define EONAY_PORTAL_STORE_STATEMENTS_H

#include <stddef.h>

#define STATEMENTS_MAX 128 /* the store has some 60 texts */

struct statements {
	struct {
		const char *sql;
		void *prepared;
	} at[STATEMENTS_MAX];
	size_t count;
};

/* The place where the prepared statement of sql is kept, to be filled when it is NULL. NULL: there
 * is no room for another. */
void **statements_find(struct statements *s, const char *sql);

#endif

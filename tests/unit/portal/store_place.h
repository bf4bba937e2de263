/* A store of the test's own for each test: a file in a new folder, or, when the environment's
 * EONAY_TEST_POSTGRES holds a conninfo, a schema of that server (tests/system/portal_postgres.sh). */
#ifndef EONAY_TESTS_STORE_PLACE_H
#define EONAY_TESTS_STORE_PLACE_H

#include "unit.h"

#include "portal/store/store.h"

struct place {
	char folder[64];
	char where[512]; /* for store_open() */
	bool server;     /* PostgreSQL */
	struct store *store;
};

/* Setup and teardown of a test; *state is a struct place with an open store. */
int place_begin(void **state);
int place_end(void **state);

/* Closes the store and removes what is stored: store_open() finds a new database. */
void place_clear(struct place *p);

/* For what concerns files only. */
#define SKIP_ON_SERVER(p)                                                                          \
	do {                                                                                       \
		if ((p)->server)                                                                   \
			skip();                                                                    \
	} while (0)

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, place_begin, place_end)

/* The store of a test's state. */
static inline struct store *store_of(void **state)
{
	return ((struct place *)*state)->store;
}

/* Session number n, with two texts: issued, or opened by "kiosk n". */
struct session add_session(struct store *store, uint8_t n);
struct session open_session(struct store *store, uint8_t n);

/* Hands in signature number n; receipt may be NULL. */
enum err add_signature(struct store *store, const char *id, uint8_t n, char *receipt, bool *fresh);
struct signature make_signature(uint8_t n);

#endif

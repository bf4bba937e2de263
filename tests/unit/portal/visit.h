/* A person who visits pages, without HTTP and login: routes are asked directly. */
#ifndef EONAY_TESTS_VISIT_H
#define EONAY_TESTS_VISIT_H

#include "store_place.h"

#include "portal/routes.h"

#define AYSE "10000000146"
#define ALI "20000000046"
#define AYSE_BROWSER "A000000000000000000000000000000000000000000000000000000000000001"

struct visit {
	void *place;
	struct portal portal;
	struct person person;
	const char *browser; /* the id in the cookie */
	struct http_answer answer;
};

/* Setup and teardown of a test; *state is a struct visit: Ayşe is logged in, in an empty store. */
int visit_begin(void **state);
int visit_end(void **state);

#define VISIT_TEST(name) cmocka_unit_test_setup_teardown(name, visit_begin, visit_end)

/* Asks the routes for "PATH" or "PATH?QUERY", or posts the form to it (not NULL). The answer is v->answer until the next
 * one. Returns the failure, ERR_OK for none. */
enum err visit_get(struct visit *v, const struct route *routes, const char *target);
enum err visit_post(
	struct visit *v, const struct route *routes, const char *target, const char *form);

/* The body as a text. */
const char *visit_body(struct visit *v);

/* A header of the answer; fails when it has none of this name. */
const char *visit_header(struct visit *v, const char *name);

/* Where the answer leads to; fails when it is not a redirect. */
const char *visit_location(struct visit *v);

/* Somebody else sits at the browser. */
void visit_become(struct visit *v, const char *tckn);

void assert_has(struct visit *v, const char *text);
void assert_lacks(struct visit *v, const char *text);

#endif

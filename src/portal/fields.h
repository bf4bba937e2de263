/* What a browser sends beside the path: the query, the fields of a form, cookies. Names and values are UTF-8 without
 * control characters (so without NUL, too) and bounded by the numbers below. Pure. */
#ifndef EONAY_PORTAL_FIELDS_H
#define EONAY_PORTAL_FIELDS_H

#include "base/bytes.h"
#include "base/error.h"

#define FIELDS_MAX 32         /* fields of one query, form or set of cookies */
#define FIELDS_SIZE_MAX 32768 /* bytes of it, encoded */

/* A zeroed struct has none. */
struct fields {
	struct bytes text; /* names and values, each 0-ended */
	size_t count;
	struct {
		size_t name, value; /* offsets in text */
	} at[FIELDS_MAX];
};

/* Adds the fields of an application/x-www-form-urlencoded text (a query or a body). ERR_REQUEST: too many or too large,
 * a name twice, a % without two hexadecimal digits, or bytes that are not allowed. */
enum err fields_read_urlencoded(struct span encoded, struct fields *f, struct error *e);

/* Adds the cookies of a Cookie header (RFC 6265 5.4); NULL is none. What is not well-formed is passed over, since other
 * programs of the host may set cookies too; of two with the same name the first one counts. */
void fields_read_cookies(const char *header, struct fields *f);

/* The value of the field, NULL when there is none. Valid until f changes. */
const char *fields_find(const struct fields *f, const char *name);

/* Overwrites and releases. */
void fields_wipe(struct fields *f);

#endif

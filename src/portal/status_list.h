/* Revocation lists, fetched and kept for a while. */
#ifndef EONAY_PORTAL_STATUS_LIST_H
#define EONAY_PORTAL_STATUS_LIST_H

#include "portal/fetch.h"

/* Safe for threads. */
struct status_lists;

/* kept_s: for how long a list is good without asking again. */
struct status_lists *status_lists_new(struct fetch *f, long timeout_ms, long kept_s);
void status_lists_free(struct status_lists *l); /* NULL is allowed */

/* Appends the list at url, from memory when fresh is false and it is there. now: seconds since 1970. Nothing of it is checked.
 * The errors of fetch_run(), ERR_SERVICE_ANSWER for another status than 200. */
enum err status_lists_get(struct status_lists *l, const char *url, int64_t now, bool fresh,
	struct bytes *out, struct error *e);

#endif

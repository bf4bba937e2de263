/* What the operator at the registration desk sees: kiosks, the sessions of a day, counts. */
#ifndef EONAY_PORTAL_STORE_STORE_DESK_H
#define EONAY_PORTAL_STORE_STORE_DESK_H

#include "portal/store/store.h"

#define DESK_STATES 6 /* of enum session_state */

struct kiosk {
	char name[SESSION_KIOSK_MAX];
	int64_t first_seen, last_seen; /* seconds since 1970 */
	int64_t opened;                /* sessions that it has opened */
};

/* Calls each for every kiosk, the last seen first, until it returns false. ERR_STORE. */
enum err store_list_kiosks(struct store *s, bool (*each)(const struct kiosk *, void *),
	void *context, struct error *e);

/* The sessions created from `from` on and before `to`, by their state; what ran out counts as expired
 * and not in its state. */
struct desk_counts {
	int64_t by_state[DESK_STATES];
	int64_t expired;
	int64_t withdrawn; /* consents among the signed that were taken back */
};

/* Counts as they are at the time now. ERR_STORE. */
enum err store_counts(struct store *s, int64_t from, int64_t to, int64_t now,
	struct desk_counts *out, struct error *e);

/* Calls each for the sessions created from `from` on and before `to`, the newest first, at most limit
 * of them, until it returns false. ERR_STORE. */
enum err store_list_day(struct store *s, int64_t from, int64_t to, int64_t limit,
	bool (*each)(const struct session *, void *), void *context, struct error *e);

/* The session with this id, or whose signature has this receipt. ERR_SESSION_UNKNOWN, ERR_STORE. */
enum err store_find_reference(
	struct store *s, const char *reference, struct session *out, struct error *e);

#endif

/* How often one person or address may do what is no failure but costs us or others something. Counted by each instance for
 * itself. Safe to use from several threads. */
#ifndef EONAY_PORTAL_LIMITS_H
#define EONAY_PORTAL_LIMITS_H

#include "base/bytes.h"
#include "base/error.h"

enum limit {
	LIMIT_LOGIN, /* logins begun, by address */
	LIMIT_CODES, /* codes given out, by T.C. kimlik no */
	LIMIT_COUNT
};

#define LIMITS_PER_MINUTE_MAX 64

struct limits;

struct limits *limits_new(void);    /* without limits, until limits_configure() */
void limits_free(struct limits *l); /* NULL is allowed */

/* At most so many in a minute from now on (up to LIMITS_PER_MINUTE_MAX); 0: as many as one likes. */
void limits_configure(struct limits *l, const long per_minute[LIMIT_COUNT]);

/* who, a number or an address, wants to do it once more. ERR_TOO_OFTEN: not now. */
enum err limits_take(struct limits *l, enum limit limit, const char *who, struct error *e);

#endif

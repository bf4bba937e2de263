/* How many wrong codes are borne: per address, and from everywhere together. 17 digits are 56 bits,
 * below the 64 from which NIST SP 800-63B 5.1.2.2 lets a verifier go without limits. Pure: time
 * comes in as milliseconds of the monotonic clock. Not safe for several threads at once. */
#ifndef EONAY_PORTAL_RATELIMIT_H
#define EONAY_PORTAL_RATELIMIT_H

#include "base/bytes.h"

#define RATELIMIT_PER_HOUR_MAX 64 /* failures remembered of an address */
#define RATELIMIT_ALL_PER_MINUTE_MAX 1024

struct ratelimit_settings {
	long per_minute;     /* failures of one address */
	long per_hour;       /* 1 .. RATELIMIT_PER_HOUR_MAX */
	long all_per_minute; /* failures of all addresses, 1 .. RATELIMIT_ALL_PER_MINUTE_MAX */
	long consecutive; /* failures of all without a right code between them: then a hard stop ...
			   */
	long stop_s;      /* ... for so many seconds */
};

/* Who asks: an IPv4 address, or the /64 network of an IPv6 address, as it is one subscriber. */
struct ratelimit_client {
	uint8_t at[16];
};

/* The client of an address in text form; a text that is none gives the client of "::". */
struct ratelimit_client ratelimit_client_of(const char *address);

struct ratelimit;

struct ratelimit *ratelimit_new(
	const struct ratelimit_settings *settings); /* freed by ratelimit_free() */
void ratelimit_free(struct ratelimit *r);

/* Other limits from now on; what was counted stays counted. */
void ratelimit_configure(struct ratelimit *r, const struct ratelimit_settings *settings);

/* May the client try a code now? 0, or the milliseconds after which it may. */
int64_t ratelimit_wait(struct ratelimit *r, struct ratelimit_client client, int64_t now);

/* The client gave a wrong code. True when this one brought the hard stop: an alarm. */
bool ratelimit_failure(struct ratelimit *r, struct ratelimit_client client, int64_t now);

/* It is known from elsewhere that the client, and (all_wait) that nobody, may try for so many
 * milliseconds; 0: may. */
void ratelimit_hold(struct ratelimit *r, struct ratelimit_client client, int64_t wait,
	int64_t all_wait, int64_t now);

/* It is known from elsewhere how many failures there were in a row. */
void ratelimit_set_row(struct ratelimit *r, long consecutive);

/* The client gave a right code. */
void ratelimit_success(struct ratelimit *r);

#endif

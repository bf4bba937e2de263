/* Guesses at codes. Wrong ones are counted here for all programs on the store, so that neither more instances of the service
 * nor a restart buys a guess. Times in milliseconds since 1970, by the clock of whoever guesses: the limits are as exact as
 * the clocks agree. */
#ifndef EONAY_PORTAL_STORE_STORE_GUESS_H
#define EONAY_PORTAL_STORE_STORE_GUESS_H

#include "portal/store/store.h"

/* A guess, and how many wrong ones are borne (each at least 1). */
struct guess {
	uint8_t who[KEY_MAC_SIZE]; /* a keyed hash of the guesser's address */
	int64_t at;
	int64_t per_minute, per_hour; /* of this guesser */
	int64_t all_per_minute;
	int64_t consecutive; /* of all, without a right one between them: then a hard stop ... */
	int64_t stop_ms;     /* ... for so long */
};

struct guess_verdict {
	int64_t wait_ms;     /* until the guesser may guess, 0: now */
	int64_t all_wait_ms; /* until anybody may */
	int64_t in_row;      /* wrong codes of all since the last right one, this one among them */
	bool stop;           /* this one brought the hard stop: an alarm */
};

/* May the guesser be heard? in_row and stop are not set. ERR_STORE. */
enum err store_judge_guess(
	struct store *s, const struct guess *g, struct guess_verdict *out, struct error *e);

/* The guess was wrong: counted, unless out says that there are too many already. Nothing may be told of it before.
 * ERR_STORE. */
enum err store_count_wrong(
	struct store *s, const struct guess *g, struct guess_verdict *out, struct error *e);

/* Forgets what no limit reaches back to; so it does what lies ahead of now, left by a clock that was set back. ERR_STORE. */
enum err store_forget_wrong(struct store *s, int64_t now, struct error *e);

#endif

/* Guesses at codes, judged by two: by what this instance remembers, which costs nothing, and by what all instances have
 * counted in the store (store/store_guess.h), which has the last word. It is asked only when a code was wrong; a right one
 * is judged as its session is opened. Safe to use from several threads. */
#ifndef EONAY_PORTAL_GUESSES_H
#define EONAY_PORTAL_GUESSES_H

#include "portal/ratelimit.h"
#include "portal/store/store_guess.h"

struct guesses;

/* Freed by guesses_free(); store and key live longer. */
struct guesses *guesses_new(struct store *store, const struct server_key *key,
	const struct ratelimit_settings *settings);
void guesses_free(struct guesses *g); /* NULL is allowed */

/* Other limits from now on; what was counted stays counted. */
void guesses_configure(struct guesses *g, const struct ratelimit_settings *settings);

/* A guess on its way. */
struct guess_attempt {
	const char *address;
	struct ratelimit_client client;
	struct guess guess;
	long retry_after_s; /* set with ERR_CODE_RATE: the address may try again then */
};

/* Somebody at the address tries a code. ERR_CODE_RATE: as this instance knows, one too many; ERR_CRYPTO. */
enum err guesses_begin(
	struct guesses *g, const char *address, struct guess_attempt *out, struct error *e);

/* It was wrong: counts it. ERR_CODE_WRONG; ERR_CODE_RATE: there are too many, and whether it was wrong is not to be told;
 * ERR_STORE: it is counted here alone, and nothing is to be told either. */
enum err guesses_wrong(struct guesses *g, struct guess_attempt *a, struct error *e);

/* It was right and has opened its session. */
void guesses_right(struct guesses *g);

/* It opened nothing. ERR_OK: it may be told why; ERR_CODE_RATE: there are too many wrong ones; ERR_STORE. */
enum err guesses_check(struct guesses *g, struct guess_attempt *a, struct error *e);

#endif

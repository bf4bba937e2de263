/* A PIN, a PUK or a code: locked in memory, never in a core dump, wiped after use.
 *
 * The memory is OpenSSL's secure heap, which counts as locked only when CRYPTO_secure_malloc_init() returns exactly
 * 1: it returns 2 when mlock() failed, and CRYPTO_secure_allocated() still says yes then. */
#ifndef EONAY_BASE_SECRET_H
#define EONAY_BASE_SECRET_H

#include "base/bytes.h"
#include "base/error.h"

#define SECRET_MAX 64 /* bytes; the longest PIN of ISO 7816-4 cards in the field is 16 */

struct secret {
	uint8_t *at; /* NULL when empty; else SECRET_MAX bytes of the secure heap */
	size_t n;
};

/* Once, early in main: no core dump and no ptrace by the same user (PR_SET_DUMPABLE 0, RLIMIT_CORE 0), and the
 * secure heap. ERR_SECRET_MEMORY when the memory could not be locked: then no PIN may be asked for. */
enum err secret_init(struct error *e);

/* True once secret_init() succeeded in this process. */
bool secret_ready(void);

/* Appends one byte; false (nothing changed) when full or when no locked memory is to be had. */
bool secret_append(struct secret *s, uint8_t byte);

/* Takes the last byte away, if there is one. */
void secret_drop_last(struct secret *s);

/* s becomes a copy of from; false (s wiped) when it does not fit. */
bool secret_set(struct secret *s, struct span from);

/* The bytes, borrowed until s changes. */
struct span secret_span(const struct secret *s);

/* Overwrites and releases; s is then empty and valid. */
void secret_wipe(struct secret *s);

/* Same length and bytes, in a time that does not depend on where they differ. */
bool secret_equal(struct span a, struct span b);

#endif

/* Verification codes, and the random names of sessions and receipts. */
#ifndef EONAY_PORTAL_CODE_H
#define EONAY_PORTAL_CODE_H

#include "base/bytes.h"
#include "base/error.h"

#define PORTAL_CODE_DIGITS 17 /* seed, step 8: "01234567890123456" */
#define PORTAL_ID_DIGITS 32   /* 128 bits as hexadecimal digits */

/* OWASP ASVS 5.0, 6.5.5: a code that comes by another way lives for 10 minutes at most. */
#define PORTAL_CODE_LIFETIME_MAX_S 600

/* The code that 64 random bits stand for; false when they fall into the rest that would favour some
 * codes. */
bool code_from_bits(uint64_t bits, char out[PORTAL_CODE_DIGITS + 1]);

/* A new code from the CSPRNG, each of the 10^17 equally likely. ERR_CRYPTO. */
enum err code_generate(char out[PORTAL_CODE_DIGITS + 1], struct error *e);

/* Exactly PORTAL_CODE_DIGITS decimal digits. */
bool code_is_wellformed(struct span text);

/* A new random id. ERR_CRYPTO. */
enum err id_generate(char out[PORTAL_ID_DIGITS + 1], struct error *e);

/* Exactly PORTAL_ID_DIGITS upper-case hexadecimal digits. */
bool id_is_wellformed(struct span text);

#endif

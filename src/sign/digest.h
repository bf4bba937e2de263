/* The digests and signature algorithms that a signature may use. */
#ifndef EONAY_SIGN_DIGEST_H
#define EONAY_SIGN_DIGEST_H

#include "base/bytes.h"
#include "base/error.h"

#define DIGEST_MAX 64 /* bytes of the longest digest, SHA-512 */

enum digest { DIGEST_NONE, DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512 };

/* How the card is to sign a digest. */
enum signature_scheme {
	SCHEME_RSA_PKCS1, /* RFC 8017 8.2, EMSA-PKCS1-v1_5 */
	SCHEME_RSA_PSS,   /* RFC 8017 8.1, MGF1 and salt of the digest's length */
	SCHEME_ECDSA,     /* ANSI X9.62; the signature is DER Ecdsa-Sig-Value (RFC 3279 2.2.3)
			     everywhere above card/ */
};

/* "SHA-256" and so on; "" for DIGEST_NONE. */
const char *digest_name(enum digest d);
/* Bytes of a digest value: 32, 48, 64; 0 for DIGEST_NONE. */
size_t digest_size(enum digest d);
/* SHA-256 (or d) of s in one go into out (digest_size(d) bytes). ERR_CRYPTO. */
enum err digest_of(enum digest d, struct span s, uint8_t *out, struct error *e);

#endif

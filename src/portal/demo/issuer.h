/* The demo identity provider's key, and the tokens that it signs with it. */
#ifndef EONAY_PORTAL_DEMO_ISSUER_H
#define EONAY_PORTAL_DEMO_ISSUER_H

#include "base/bytes.h"
#include "base/error.h"

#include <jansson.h>

struct issuer;

/* Reads the RSA key at path (PEM, PKCS #8); where there is none, one is made. ERR_FILE_READ, ERR_FILE_WRITE, ERR_CRYPTO.
 * *out is ended by issuer_close(). */
enum err issuer_open(const char *path, struct issuer **out, struct error *e);
void issuer_close(struct issuer *i); /* NULL is allowed */

/* The JWK set with the public key (RFC 7517), NULL when OpenSSL can't. The caller gives it back. */
json_t *issuer_keys(const struct issuer *i);

/* Appends the token (JWS compact, RS256) of the claims. ERR_CRYPTO. */
enum err issuer_sign(
	const struct issuer *i, const json_t *claims, struct bytes *out, struct error *e);

#endif

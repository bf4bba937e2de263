/* The public keys of an identity provider: a JWK set (RFC 7517). */
#ifndef EONAY_PORTAL_LOGIN_JWK_H
#define EONAY_PORTAL_LOGIN_JWK_H

#include "base/bytes.h"
#include "base/error.h"
#include "sign/digest.h"

#include <openssl/evp.h>

#define JWK_KEYS_MAX                                                                               \
	16 /* kept of a set: providers publish the old, the present and the next one, for a few algorithms */
#define JWK_KID_MAX 128 /* bytes with the NUL */

/* A key that can check signatures. */
struct jwk {
	char kid[JWK_KID_MAX]; /* "": it has none */
	char alg[8];           /* the one algorithm that it is for; "": any of its kind */
	EVP_PKEY *key;
};

struct jwk_set {
	struct jwk keys[JWK_KEYS_MAX];
	size_t count;
};

/* Reads a set. As RFC 7517 5 wants it, a key that is not for us is passed over: other kinds than RSA and P-256, another
 * use or operation than the checking of signatures, RSA below 2048 bits, and keys whose private part is told as well.
 * ERR_LOGIN_ANSWER when it is no set or none of its keys is left. jwk_set_free() ends *out. */
enum err jwk_set_read(struct span body, struct jwk_set *out, struct error *e);
void jwk_set_free(struct jwk_set *set);

/* A signature algorithm of RFC 7518 3.1 that we take. */
struct jws_algorithm {
	const char *name;
	enum signature_scheme scheme;
	enum digest digest;
};

/* RS256, PS256 or ES256; NULL for every other name, "none" and those with a shared key (HS256) above all. */
const struct jws_algorithm *jws_algorithm_named(const char *name);

/* The key with this kid ("": the only one there is, OpenID Connect Core 10.1) that can check signatures of the
 * algorithm; NULL when there is none, or more than one. */
const struct jwk *jwk_find(
	const struct jwk_set *set, const char *kid, const struct jws_algorithm *algorithm);

#endif

/* Signed tokens: JWS in the compact serialisation (RFC 7515 3.1), as RFC 8725 advises to check them. */
#ifndef EONAY_PORTAL_LOGIN_JWS_H
#define EONAY_PORTAL_LOGIN_JWS_H

#include "portal/login/jwk.h"

#define JWS_MAX 16384 /* characters of a token */

/* Checks the signature and appends what was signed to payload. Only RS256, PS256 and ES256 (what the key is for decides,
 * not the token alone), no header that has "crit" or a member twice, "typ" JWT or none. ERR_LOGIN_TOKEN; ERR_LOGIN_KEY
 * when the token names a key that is not in the set: it may have one more recent. */
enum err jws_verify(
	struct span compact, const struct jwk_set *keys, struct bytes *payload, struct error *e);

#endif

/* What an identity provider tells of itself and answers: OpenID Connect Discovery 1.0, and the token response of OAuth
 * 2.0 (RFC 6749 5). Pure readers, strict. */
#ifndef EONAY_PORTAL_LOGIN_PROVIDER_H
#define EONAY_PORTAL_LOGIN_PROVIDER_H

#include "base/bytes.h"
#include "base/error.h"

#define PROVIDER_URL_MAX 512        /* bytes with the NUL */
#define PROVIDER_DOCUMENT_MAX 65536 /* bytes of any of its answers */

/* The parts of the discovery document that a login needs. */
struct provider_document {
	char authorization_endpoint[PROVIDER_URL_MAX];
	char token_endpoint[PROVIDER_URL_MAX];
	char jwks_uri[PROVIDER_URL_MAX];
	bool iss_in_callback; /* RFC 9207 3: it tells its name when it sends the browser back */
};

/* May a browser or we be sent there? What fetch_address_check() says, and nothing but printable ASCII without blanks, quotes
 * and the signs that URLs don't have: it goes into headers and pages. */
bool provider_url_is_good(const char *url);

/* Where the issuer's discovery document is (Discovery 4.1). */
void provider_discovery_url(const char *issuer, struct bytes *out);

/* Reads the discovery document of this issuer: its name must be the very one (4.3), the addresses good, and the code
 * flow, PKCE with S256, client_secret_basic and one of our signature algorithms must not be ruled out. ERR_LOGIN_ANSWER.
 */
enum err provider_read_document(
	struct span body, const char *issuer, struct provider_document *out, struct error *e);

/* Appends the ID token of a successful token response (OpenID Connect Core 3.1.3.3) to out. ERR_LOGIN_ANSWER. */
enum err provider_read_token(struct span body, struct bytes *out, struct error *e);

/* Does the error response (RFC 6749 5.2) say that the code was not (any more) good? */
bool provider_says_code_is_bad(struct span body);

#endif

/* The browser's way to the identity provider and back: authorization code (RFC 6749 4.1) with PKCE (RFC 7636), state,
 * nonce (OpenID Connect Core 3.1.2.1) and the provider's name (RFC 9207). Pure but for random_text(). */
#ifndef EONAY_PORTAL_LOGIN_AUTHORIZATION_H
#define EONAY_PORTAL_LOGIN_AUTHORIZATION_H

#include "base/bytes.h"
#include "base/error.h"

#define RANDOM_TEXT_SIZE 44 /* with the NUL: 256 bits in base64url, as RFC 7636 4.1 recommends */
#define AUTHORIZATION_CODE_MAX 2048

/* 256 random bits in base64url. ERR_CRYPTO. */
enum err random_text(char out[RANDOM_TEXT_SIZE], struct error *e);

/* The S256 challenge of a verifier (RFC 7636 4.2). ERR_CRYPTO. */
enum err pkce_challenge(struct span verifier, char out[RANDOM_TEXT_SIZE], struct error *e);

/* Is this of the form of a verifier (RFC 7636 4.1)? */
bool pkce_verifier_is_wellformed(struct span verifier);

/* Appends text with everything but RFC 3986's unreserved characters percent-encoded. */
void url_encode(struct bytes *out, const char *text);

/* Appends NAME=VALUE, encoded, behind the separator that out needs: "?" or "&" for an URL, "&" or nothing for a form. */
void url_add_query(struct bytes *url, const char *name, const char *value);
void url_add_form(struct bytes *form, const char *name, const char *value);

/* Where the browser is sent. */
struct authorization {
	const char *endpoint; /* may have a query of its own */
	const char *client_id;
	const char *redirect_uri;
	const char *scope;
	const char *state;
	const char *nonce;
	const char *challenge; /* of PKCE */
	const char *language;  /* ui_locales; "": not told */
};
void authorization_url(const struct authorization *a, struct bytes *out);

/* What the browser brought back; NULL: not there. The values of all are judged, none is shown. */
struct callback {
	const char *code;
	const char *iss;
	const char *error;
};

/* Judges it: iss must be the issuer where it is given, and be given where the provider says so (RFC 9207 2.4); no error;
 * a code of the form of RFC 6749 A.11. ERR_LOGIN_STATE for a wrong or missing iss (the answer of another provider),
 * ERR_LOGIN_REFUSED for an error of the provider or the person's "no", ERR_LOGIN_ANSWER. */
enum err callback_judge(
	const struct callback *c, const char *issuer, bool iss_expected, struct error *e);

#endif

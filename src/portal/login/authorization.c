#include "portal/login/authorization.h"

#include "base/base64.h"
#include "sign/digest.h"

#include <openssl/rand.h>
#include <string.h>

#define RANDOM_SIZE 32 /* bytes */

static const char unreserved[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

/* 32 bytes as 43 characters. */
static void write_text(const uint8_t at[RANDOM_SIZE], char out[RANDOM_TEXT_SIZE])
{
	struct bytes text = {0};

	base64url_append(&text, span_of(at, RANDOM_SIZE));
	memcpy(out, bytes_text(&text), RANDOM_TEXT_SIZE);
	bytes_wipe(&text);
}

enum err random_text(char out[RANDOM_TEXT_SIZE], struct error *e)
{
	uint8_t fresh[RANDOM_SIZE];

	if (RAND_bytes(fresh, sizeof(fresh)) != 1)
		return error_set(e, ERR_CRYPTO, "RAND_bytes");
	write_text(fresh, out);
	explicit_bzero(fresh, sizeof(fresh));
	return ERR_OK;
}

enum err pkce_challenge(struct span verifier, char out[RANDOM_TEXT_SIZE], struct error *e)
{
	uint8_t value[RANDOM_SIZE];
	enum err code = digest_of(DIGEST_SHA256, verifier, value, e);

	if (!code)
		write_text(value, out);
	return code;
}

bool pkce_verifier_is_wellformed(struct span verifier)
{
	for (size_t i = 0; i < verifier.n; i++) {
		if (verifier.at[i] == '\0' || !strchr(unreserved, verifier.at[i]))
			return false;
	}
	return verifier.n >= 43 && verifier.n <= 128;
}

void url_encode(struct bytes *out, const char *text)
{
	for (; *text; text++) {
		if (strchr(unreserved, *text))
			bytes_append_byte(out, (uint8_t)*text);
		else
			bytes_append_format(out, "%%%02X", (unsigned)(uint8_t)*text);
	}
}

static void add_pair(struct bytes *out, const char *separator, const char *name, const char *value)
{
	bytes_append_text(out, separator);
	url_encode(out, name);
	bytes_append_text(out, "=");
	url_encode(out, value);
}

void url_add_query(struct bytes *url, const char *name, const char *value)
{
	add_pair(url, url->n && memchr(url->at, '?', url->n) ? "&" : "?", name, value);
}

void url_add_form(struct bytes *form, const char *name, const char *value)
{
	add_pair(form, form->n ? "&" : "", name, value);
}

void authorization_url(const struct authorization *a, struct bytes *out)
{
	bytes_append_text(out, a->endpoint);
	url_add_query(out, "response_type", "code");
	url_add_query(out, "client_id", a->client_id);
	url_add_query(out, "redirect_uri", a->redirect_uri);
	url_add_query(out, "scope", a->scope);
	url_add_query(out, "state", a->state);
	url_add_query(out, "nonce", a->nonce);
	url_add_query(out, "code_challenge", a->challenge);
	url_add_query(out, "code_challenge_method", "S256");
	if (*a->language)
		url_add_query(out, "ui_locales", a->language);
}

/* 1*VSCHAR: RFC 6749 A.11. */
static bool code_is_good(const char *code)
{
	size_t n = strlen(code);

	for (const char *at = code; *at; at++) {
		if (*at < ' ' || *at > '~')
			return false;
	}
	return n > 0 && n < AUTHORIZATION_CODE_MAX;
}

enum err callback_judge(
	const struct callback *c, const char *issuer, bool iss_expected, struct error *e)
{
	if (c->iss ? strcmp(c->iss, issuer) != 0 : iss_expected)
		return error_set(e, ERR_LOGIN_STATE, "callback: iss");
	if (c->error)
		return error_set(e, ERR_LOGIN_REFUSED, "callback: error");
	if (!c->code || !code_is_good(c->code))
		return error_set(e, ERR_LOGIN_ANSWER, "callback: code");
	return ERR_OK;
}

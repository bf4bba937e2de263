/* The part of the demo identity provider that programs talk to. */
#include "base/base64.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/secret.h"
#include "portal/answer.h"
#include "portal/demo/demo.h"
#include "portal/demo/idp_private.h"
#include "portal/web/browser.h"
#include "sign/digest.h"

#include <stdio.h>
#include <string.h>

#define TOKEN_S 300
#define TOKEN_REQUEST_MAX 4096

static json_t *endpoint_json(const struct idp *i, const char *path)
{
	char url[192];

	snprintf(url, sizeof(url), "%s%s", i->name, path);
	return json_string(url);
}

/* OpenID Connect Discovery 1.0, 3. */
static enum err answer_discovery(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	const struct idp *i = p->demo->idp;

	(void)request;
	return answer_json(answer, 200,
		json_pack("{s:s, s:o, s:o, s:o, s:[s], s:[s], s:[s], s:[s], s:[s], s:[s], s:[s], "
			  "s:b}",
			"issuer", i->name, "authorization_endpoint", endpoint_json(i, "/authorize"),
			"token_endpoint", endpoint_json(i, "/token"), "jwks_uri",
			endpoint_json(i, "/jwks"), "response_types_supported", "code",
			"grant_types_supported", "authorization_code", "subject_types_supported",
			"pairwise", "id_token_signing_alg_values_supported", "RS256",
			"token_endpoint_auth_methods_supported", "client_secret_basic",
			"code_challenge_methods_supported", "S256", "scopes_supported", "openid",
			"authorization_response_iss_parameter_supported", 1),
		e);
}

static enum err answer_keys(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	(void)request;
	return answer_json(answer, 200, issuer_keys(p->demo->idp->issuer), e);
}

static const char *given(const struct http_request *request, const char *name)
{
	const char *value = request_query(request, name);

	return value ? value : "";
}

/* The first of RFC 6749 4.1.2.1's errors that the request has, NULL when it has none. */
static const char *request_error(const struct http_request *request)
{
	const char *scope = given(request, "scope");
	size_t openid = strlen("openid");

	if (strcmp(given(request, "response_type"), "code") != 0)
		return "unsupported_response_type";
	if (strncmp(scope, "openid", openid) != 0 ||
		(scope[openid] != '\0' && scope[openid] != ' '))
		return "invalid_scope";
	if (strcmp(given(request, "code_challenge_method"), "S256") != 0 ||
		strlen(given(request, "code_challenge")) != RANDOM_TEXT_SIZE - 1 ||
		strlen(given(request, "nonce")) >= ATTEMPT_TEXT_MAX)
		return "invalid_request";
	return NULL;
}

/* A browser that has no cookie of ours yet gets one: it alone may go on with the attempt. */
static enum err take_browser(const struct http_request *request, struct http_answer *answer,
	struct attempt *attempt, struct error *e)
{
	if (!*request->browser_id)
		return browser_invent(request, answer, attempt->browser, e);
	memcpy(attempt->browser, request->browser_id, sizeof(attempt->browser));
	return ERR_OK;
}

static enum err begin_attempt(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct attempt attempt = {0};
	char path[128];
	enum err code = take_browser(request, answer, &attempt, e);

	snprintf(attempt.state, sizeof(attempt.state), "%s", given(request, "state"));
	snprintf(attempt.nonce, sizeof(attempt.nonce), "%s", given(request, "nonce"));
	snprintf(attempt.challenge, sizeof(attempt.challenge), "%s",
		given(request, "code_challenge"));
	if (!code)
		code = attempts_add(p->demo->idp->attempts, &attempt, idp_now_s(), e);
	if (code)
		return code;
	snprintf(path, sizeof(path), IDP_PATH "/giris/%s%s", attempt.id,
		strcmp(given(request, "acr_values"), "e-imza") == 0 ? "?yontem=e-imza" : "");
	answer_redirect(answer, path);
	return ERR_OK;
}

/* Who asks with a wrong client or address is not sent anywhere (RFC 6749 4.1.2.1). */
static enum err answer_authorize(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	const char *state = given(request, "state"), *wrong = request_error(request);

	if (strcmp(given(request, "client_id"), IDP_CLIENT) != 0 ||
		strcmp(given(request, "redirect_uri"), p->demo->idp->callback) != 0 ||
		strlen(state) >= ATTEMPT_TEXT_MAX)
		return error_set(e, ERR_REQUEST, "demo: client_id, redirect_uri or state");
	if (!wrong)
		return begin_attempt(p, request, answer, e);
	idp_fail(p, state, wrong, answer);
	return ERR_OK;
}

/* An error of the token endpoint (RFC 6749 5.2). */
static enum err refuse(
	struct http_answer *answer, unsigned status, const char *error, struct error *e)
{
	if (status == 401)
		answer_header(answer, "WWW-Authenticate", "Basic realm=\"demo\"");
	return answer_json(answer, status, json_pack("{s:s}", "error", error), e);
}

/* Is it our client (RFC 6749 2.3.1)? */
static bool client_is_known(const struct idp *i, const char *authorization)
{
	struct bytes pair = {0};
	bool known = authorization && strncmp(authorization, "Basic ", 6) == 0 &&
		     base64_read(span_text(authorization + 6), &pair) &&
		     secret_equal(bytes_span(&pair), bytes_span(&i->credentials));

	bytes_wipe(&pair);
	return known;
}

/* Is this what the code was asked for with (RFC 7636 4.6)? */
static bool verifier_fits(const char *verifier, const struct attempt *attempt)
{
	char challenge[RANDOM_TEXT_SIZE];

	return verifier && pkce_verifier_is_wellformed(span_text(verifier)) &&
	       pkce_challenge(span_text(verifier), challenge, NULL) == ERR_OK &&
	       secret_equal(span_text(challenge), span_text(attempt->challenge));
}

/* A name of the person for our client that does not tell the number. */
static json_t *subject_json(const struct idp *i, const char *tckn)
{
	struct bytes text = {0};
	uint8_t value[DIGEST_MAX] = {0};
	json_t *out = NULL;

	bytes_append_format(&text, "%s " IDP_CLIENT " %s", i->name, tckn);
	if (digest_of(DIGEST_SHA256, bytes_span(&text), value, NULL) == ERR_OK) {
		bytes_clear(&text);
		hex_append(&text, span_of(value, 16));
		out = json_string(bytes_text(&text));
	}
	bytes_wipe(&text);
	return out;
}

static json_t *claims_json(const struct idp *i, const struct attempt *attempt)
{
	json_int_t now = (json_int_t)clock_wall_s();
	json_t *claims = json_pack("{s:s, s:o, s:s, s:I, s:I, s:s, s:s}", "iss", i->name, "sub",
		subject_json(i, attempt->who.tckn), "aud", IDP_CLIENT, "iat", now, "exp",
		now + TOKEN_S, "tckn", attempt->who.tckn, "name", attempt->who.name);

	if (*attempt->nonce)
		json_object_set_new(claims, "nonce", json_string(attempt->nonce));
	if (attempt->who.operator)
		json_object_set_new(claims, "roles", json_pack("[s]", PEOPLE_OPERATOR));
	return claims;
}

static enum err answer_tokens(const struct idp *i, const struct attempt *attempt,
	struct http_answer *answer, struct error *e)
{
	json_t *claims = claims_json(i, attempt);
	char access[RANDOM_TEXT_SIZE];
	struct bytes token = {0};
	enum err code = random_text(access, e);

	if (!code)
		code = claims ? issuer_sign(i->issuer, claims, &token, e)
			      : error_set(e, ERR_CRYPTO, "claims");
	if (!code)
		code = answer_json(answer, 200,
			json_pack("{s:s, s:s, s:i, s:s}", "access_token", access, "token_type",
				"Bearer", "expires_in", TOKEN_S, "id_token", bytes_text(&token)),
			e);
	json_decref(claims);
	bytes_wipe(&token);
	return code;
}

static const char *field(const struct fields *form, const char *name)
{
	const char *value = fields_find(form, name);

	return value ? value : "";
}

/* A code is dead after one attempt to redeem it, right or wrong (RFC 6749 4.1.2). */
static enum err redeem(
	const struct idp *i, const struct fields *form, struct http_answer *answer, struct error *e)
{
	struct attempt attempt;
	enum err code;

	if (strcmp(field(form, "grant_type"), "authorization_code") != 0)
		return refuse(answer, 400, "unsupported_grant_type", e);
	if (!attempts_take(i->attempts, field(form, "code"), idp_now_s(), &attempt) ||
		strcmp(field(form, "redirect_uri"), i->callback) != 0 ||
		!verifier_fits(fields_find(form, "code_verifier"), &attempt))
		return refuse(answer, 400, "invalid_grant", e);
	code = answer_tokens(i, &attempt, answer, e);
	explicit_bzero(&attempt, sizeof(attempt));
	return code;
}

static enum err answer_token(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	const struct idp *i = p->demo->idp;
	struct fields form = {0};
	enum err code;

	if (!client_is_known(i, request->authorization))
		return refuse(answer, 401, "invalid_client", e);
	if (fields_read_urlencoded(request->body, &form, NULL))
		code = refuse(answer, 400, "invalid_request", e);
	else
		code = redeem(i, &form, answer, e);
	fields_wipe(&form);
	return code;
}

const struct route idp_protocol_routes[] = {
	{"GET", IDP_PATH "/.well-known/openid-configuration", NULL, 0, answer_discovery,
		ROUTE_DEMO | ROUTE_INLINE},
	{"GET", IDP_PATH "/jwks", NULL, 0, answer_keys, ROUTE_DEMO | ROUTE_INLINE},
	{"POST", IDP_PATH "/token", FORM_TYPE, TOKEN_REQUEST_MAX, answer_token,
		ROUTE_DEMO | ROUTE_INLINE},
	{"GET", IDP_PATH "/authorize", NULL, 0, answer_authorize, ROUTE_DEMO | ROUTE_PAGE},
	{0},
};

#include "portal/login/provider.h"

#include "portal/fetch_address.h"
#include "base/json.h"
#include "portal/login/jwk.h"
#include "portal/login/jws.h"

#include <string.h>
#include <strings.h>

static enum err refuse(struct error *e, const char *member)
{
	return error_set(e, ERR_LOGIN_ANSWER, "provider: %s", member);
}

bool provider_url_is_good(const char *url)
{
	const char *host = strstr(url, "://");

	/* libcurl reads "https:///x" as browsers do, but not every proxy does. */
	if (strlen(url) >= PROVIDER_URL_MAX || !host || host[3] == '/' ||
		fetch_address_check(url, false, NULL))
		return false;
	for (; *url; url++) {
		if (*url <= ' ' || *url > '~' || strchr("\"'<>\\^`{|}#;,", *url))
			return false;
	}
	return true;
}

void provider_discovery_url(const char *issuer, struct bytes *out)
{
	size_t n = strlen(issuer);

	bytes_append(out, span_of(issuer, n && issuer[n - 1] == '/' ? n - 1 : n));
	bytes_append_text(out, "/.well-known/openid-configuration");
}

static enum err take_url(
	json_t *root, const char *member, char out[PROVIDER_URL_MAX], struct error *e)
{
	enum err code = json_take_text(root, member, out, PROVIDER_URL_MAX, ERR_LOGIN_ANSWER, e);

	return code || provider_url_is_good(out) ? code : refuse(e, member);
}

/* Does the list rule the value out? A list that is not there rules nothing out. */
static bool rules_out(json_t *root, const char *member, const char *value)
{
	json_t *list = json_object_get(root, member);

	return list && !json_is_or_has(list, value);
}

static bool signs_as_we_can_check(json_t *root)
{
	json_t *list = json_object_get(root, "id_token_signing_alg_values_supported"), *item;
	size_t i;

	if (!list)
		return true;
	json_array_foreach(list, i, item)
	{
		if (json_is_string(item) && jws_algorithm_named(json_string_value(item)))
			return true;
	}
	return false;
}

static enum err read_document(
	json_t *root, const char *issuer, struct provider_document *out, struct error *e)
{
	enum err code;

	if (!json_is_text(json_object_get(root, "issuer"), issuer))
		return refuse(e, "issuer");
	if ((code = take_url(root, "authorization_endpoint", out->authorization_endpoint, e)) ||
		(code = take_url(root, "token_endpoint", out->token_endpoint, e)) ||
		(code = take_url(root, "jwks_uri", out->jwks_uri, e)))
		return code;
	if (rules_out(root, "response_types_supported", "code"))
		return refuse(e, "response_types_supported");
	if (rules_out(root, "code_challenge_methods_supported", "S256"))
		return refuse(e, "code_challenge_methods_supported");
	if (rules_out(root, "token_endpoint_auth_methods_supported", "client_secret_basic"))
		return refuse(e, "token_endpoint_auth_methods_supported");
	if (!signs_as_we_can_check(root))
		return refuse(e, "id_token_signing_alg_values_supported");
	out->iss_in_callback = json_is_true(
		json_object_get(root, "authorization_response_iss_parameter_supported"));
	return ERR_OK;
}

enum err provider_read_document(
	struct span body, const char *issuer, struct provider_document *out, struct error *e)
{
	json_t *root = json_read_object(body, ERR_LOGIN_ANSWER, e);
	enum err code;

	*out = (struct provider_document){0};
	if (!root)
		return ERR_LOGIN_ANSWER;
	code = read_document(root, issuer, out, e);
	json_decref(root);
	return code;
}

enum err provider_read_token(struct span body, struct bytes *out, struct error *e)
{
	json_t *root = json_read_object(body, ERR_LOGIN_ANSWER, e);
	json_t *token = json_object_get(root, "id_token");
	const char *type = json_string_value(json_object_get(root, "token_type"));
	enum err code = ERR_OK;

	if (!root)
		return ERR_LOGIN_ANSWER;
	if (!type || strcasecmp(type, "Bearer") != 0)
		code = refuse(e, "token_type");
	else if (!json_is_string(json_object_get(root, "access_token")))
		code = refuse(e, "access_token");
	else if (!json_is_string(token) || json_string_length(token) > JWS_MAX)
		code = refuse(e, "id_token");
	else
		bytes_append(out, span_of(json_string_value(token), json_string_length(token)));
	json_decref(root);
	return code;
}

bool provider_says_code_is_bad(struct span body)
{
	json_t *root = json_read_object(body, ERR_LOGIN_ANSWER, NULL);
	bool bad = json_is_text(json_object_get(root, "error"), "invalid_grant");

	json_decref(root);
	return bad;
}

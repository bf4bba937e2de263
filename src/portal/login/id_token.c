#include "portal/login/id_token.h"

#include "base/secret.h"
#include "base/text.h"
#include "base/json.h"

#include <string.h>

#define TIME_MAX 1e10 /* seconds since 1970; what is beyond is no time */

static enum err refuse(struct error *e, const char *claim)
{
	return error_set(e, ERR_LOGIN_TOKEN, "ID token: %s", claim);
}

/* We are the one audience (3.1.3.7, 3: others are none that we trust), and the one to whom it was issued (4, 5). */
static bool audience_is_us(json_t *root, const char *client_id)
{
	json_t *audience = json_object_get(root, "aud"), *party = json_object_get(root, "azp");

	if (json_is_array(audience) && json_array_size(audience) != 1)
		return false;
	return json_is_or_has(audience, client_id) && (!party || json_is_text(party, client_id));
}

/* A NumericDate (RFC 7519 2): seconds, with a fraction or without. */
static bool take_time(json_t *root, const char *claim, double *out)
{
	json_t *value = json_object_get(root, claim);

	*out = json_number_value(value);
	return json_is_number(value) && *out > 0 && *out < TIME_MAX;
}

static enum err check_times(json_t *root, const struct id_token_rules *rules, struct error *e)
{
	double expires, issued, from, now = (double)rules->now,
				      tolerance = (double)rules->tolerance_s;

	if (!take_time(root, "exp", &expires) || now >= expires + tolerance)
		return refuse(e, "exp");
	if (!take_time(root, "iat", &issued) || issued > now + tolerance ||
		issued < now - ID_TOKEN_AGE_MAX_S - tolerance)
		return refuse(e, "iat");
	if (json_object_get(root, "nbf") &&
		(!take_time(root, "nbf", &from) || from > now + tolerance))
		return refuse(e, "nbf");
	return ERR_OK;
}

static bool nonce_is(json_t *root, const char *nonce)
{
	json_t *value = json_object_get(root, "nonce");

	return json_is_string(value) &&
	       secret_equal(span_of(json_string_value(value), json_string_length(value)),
		       span_text(nonce));
}

/* A subject of the form that section 2 gives it. */
static bool has_subject(json_t *root)
{
	json_t *value = json_object_get(root, "sub");
	size_t n = json_string_length(value);

	return json_is_string(value) && n > 0 && n <= 255;
}

static enum err check_claims(json_t *root, const struct id_token_rules *rules, struct error *e)
{
	if (!json_is_text(json_object_get(root, "iss"), rules->issuer))
		return refuse(e, "iss");
	if (!audience_is_us(root, rules->client_id))
		return refuse(e, "aud or azp");
	if (!has_subject(root))
		return refuse(e, "sub");
	if (!nonce_is(root, rules->nonce))
		return refuse(e, "nonce");
	return check_times(root, rules, e);
}

/* The number is what counts; a name that can't be shown is left out. */
static enum err take_person(
	json_t *root, const struct id_token_rules *rules, struct identity *out, struct error *e)
{
	if (json_take_text(
		    root, rules->tckn_claim, out->tckn, sizeof(out->tckn), ERR_LOGIN_PERSON, e) ||
		!text_is_tckn(out->tckn))
		return error_set(e, ERR_LOGIN_PERSON, "ID token: %s", rules->tckn_claim);
	if (json_take_text(root, rules->name_claim, out->name, sizeof(out->name), ERR_LOGIN_PERSON,
		    NULL) ||
		!text_is_safe(span_text(out->name), NULL) || strchr(out->name, '\n'))
		*out->name = '\0';
	out->operator= * rules->role_claim &&
		json_is_or_has(json_object_get(root, rules->role_claim), rules->operator_role);
	return ERR_OK;
}

enum err id_token_check(struct span claims, const struct id_token_rules *rules,
	struct identity *out, struct error *e)
{
	json_t *root = json_read_object(claims, ERR_LOGIN_TOKEN, e);
	enum err code;

	*out = (struct identity){0};
	if (!root)
		return ERR_LOGIN_TOKEN;
	code = check_claims(root, rules, e);
	if (!code)
		code = take_person(root, rules, out, e);
	json_decref(root);
	return code;
}

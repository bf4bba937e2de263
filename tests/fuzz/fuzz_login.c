/* What an identity provider, or who claims to be one, may send: discovery, keys, token response, token, claims; and the
 * demo's list of people. The first byte says which. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "portal/demo/people.h"
#include "portal/login/authorization.h"
#include "portal/login/id_token.h"
#include "portal/login/jws.h"
#include "portal/login/provider.h"

#define ISSUER "https://op.example"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The keys of RFC 7515 A.3 and one without a kid, so that a token gets as far as its signature. */
static const char keys_text[] = "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"
				"\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
				"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";

static void check_document(struct span body)
{
	struct provider_document d;

	if (provider_read_document(body, ISSUER, &d, NULL) == ERR_OK &&
		!(provider_url_is_good(d.authorization_endpoint) &&
			provider_url_is_good(d.token_endpoint) && provider_url_is_good(d.jwks_uri)))
		abort();
}

static void check_keys(struct span body)
{
	struct jwk_set keys;

	if (jwk_set_read(body, &keys, NULL) == ERR_OK &&
		(keys.count == 0 || keys.count > JWK_KEYS_MAX))
		abort();
	jwk_set_free(&keys);
}

static void check_response(struct span body)
{
	struct bytes token = {0};

	if (provider_read_token(body, &token, NULL) != ERR_OK && token.n)
		abort();
	provider_says_code_is_bad(body);
	bytes_free(&token);
}

/* The one token with a valid signature is the seed: what else passes is a forgery. */
static void check_token(struct span body)
{
	static struct bytes first;
	struct jwk_set keys;
	struct bytes payload = {0};

	if (jwk_set_read(span_text(keys_text), &keys, NULL))
		abort();
	if (jws_verify(body, &keys, &payload, NULL) == ERR_OK) {
		if (first.n == 0)
			bytes_append(&first, body);
		else if (!span_equal(bytes_span(&first), body))
			abort();
	}
	bytes_free(&payload);
	jwk_set_free(&keys);
}

static void check_claims(struct span body)
{
	const struct id_token_rules rules = {
		.issuer = ISSUER,
		.client_id = "eonay",
		.nonce = "n",
		.now = 1700000000,
		.tolerance_s = 30,
		.tckn_claim = "tckn",
		.name_claim = "name",
		.role_claim = "roles",
		.operator_role = "gorevli",
	};
	struct identity who;

	if (id_token_check(body, &rules, &who, NULL) == ERR_OK &&
		(!text_is_tckn(who.tckn) || !text_is_safe(span_text(who.name), NULL)))
		abort();
}

static void check_people(struct span text)
{
	static struct people p;

	if (people_read(text, &p, NULL) == ERR_OK && p.count &&
		!text_is_tckn(p.at[p.count - 1].tckn))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const checks[])(struct span) = {check_document, check_keys, check_response,
		check_token, check_claims, check_people};
	size_t which = size ? (size_t)(data[0] - '0') : 0;

	if (size && which < sizeof(checks) / sizeof(*checks))
		checks[which](span_of(data + 1, size - 1));
	return 0;
}

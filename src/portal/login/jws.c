#include "portal/login/jws.h"

#include "base/base64.h"
#include "base/json.h"
#include "sign/crypto.h"

#include <openssl/ecdsa.h>
#include <string.h>
#include <strings.h>

#define ES256_SIZE 64 /* bytes: R and S, RFC 7518 3.4 */

/* The three parts of a token, as they came. */
struct parts {
	struct span header, payload, signature;
	struct span input; /* what is signed: header, ".", payload (RFC 7515 5.1) */
};

static enum err refuse(struct error *e, const char *what)
{
	return error_set(e, ERR_LOGIN_TOKEN, "token: %s", what);
}

/* What stands before the next full stop; false when there is none. */
static bool take_part(struct span *rest, struct span *part)
{
	const uint8_t *stop = rest->n ? memchr(rest->at, '.', rest->n) : NULL;

	if (!stop)
		return false;
	*part = span_first(*rest, (size_t)(stop - rest->at));
	*rest = span_from(*rest, part->n + 1);
	return true;
}

static bool split(struct span compact, struct parts *out)
{
	struct span rest = compact;

	if (compact.n > JWS_MAX || !take_part(&rest, &out->header) ||
		!take_part(&rest, &out->payload))
		return false;
	out->signature = rest; /* a further full stop is no base64url */
	out->input = span_first(compact, out->header.n + 1 + out->payload.n);
	return out->header.n && out->payload.n && out->signature.n;
}

/* RFC 8725 3.11: a token of another type must not pass for this one. */
static bool type_is_right(json_t *header)
{
	const char *type = json_string_value(json_object_get(header, "typ"));

	return !json_object_get(header, "typ") || (type && strcasecmp(type, "JWT") == 0);
}

/* Finds the key that the header (RFC 7515 4.1) names. Keys and addresses of keys that it brings along are not looked
 * at. */
static enum err judge_header(json_t *header, const struct jwk_set *keys,
	const struct jws_algorithm **algorithm, const struct jwk **key, struct error *e)
{
	char name[16], kid[JWK_KID_MAX] = "";

	if (json_object_get(header, "crit") || json_object_get(header, "cty") ||
		json_object_get(header, "enc"))
		return refuse(e, "crit, cty or enc");
	if (!type_is_right(header))
		return refuse(e, "typ");
	if (json_take_text(header, "alg", name, sizeof(name), ERR_LOGIN_TOKEN, e) ||
		!(*algorithm = jws_algorithm_named(name)))
		return refuse(e, "alg");
	if (json_object_get(header, "kid") &&
		json_take_text(header, "kid", kid, sizeof(kid), ERR_LOGIN_TOKEN, e))
		return refuse(e, "kid");
	*key = jwk_find(keys, kid, *algorithm);
	return *key ? ERR_OK : error_set(e, ERR_LOGIN_KEY, "token: kid");
}

static enum err read_header(struct span coded, const struct jwk_set *keys,
	const struct jws_algorithm **algorithm, const struct jwk **key, struct error *e)
{
	struct bytes text = {0};
	json_t *header = NULL;
	enum err code = ERR_LOGIN_TOKEN;

	if (base64url_read(coded, &text))
		header = json_read_object(bytes_span(&text), ERR_LOGIN_TOKEN, e);
	else
		refuse(e, "header");
	if (header)
		code = judge_header(header, keys, algorithm, key, e);
	json_decref(header);
	bytes_free(&text);
	return code;
}

/* R and S as the DER that crypto_signature_holds() wants. */
static bool ecdsa_to_der(struct bytes *signature)
{
	ECDSA_SIG *pair = signature->n == ES256_SIZE ? ECDSA_SIG_new() : NULL;
	BIGNUM *r = pair ? BN_bin2bn(signature->at, ES256_SIZE / 2, NULL) : NULL;
	BIGNUM *s = pair ? BN_bin2bn(signature->at + ES256_SIZE / 2, ES256_SIZE / 2, NULL) : NULL;
	unsigned char *der = NULL;
	int n = 0;

	if (r && s && ECDSA_SIG_set0(pair, r, s) == 1) {
		n = i2d_ECDSA_SIG(pair, &der);
	} else {
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(pair);
	bytes_clear(signature);
	if (n > 0)
		bytes_append(signature, span_of(der, (size_t)n));
	OPENSSL_free(der);
	return n > 0;
}

static enum err check_signature(const struct parts *parts, const struct jws_algorithm *algorithm,
	const struct jwk *key, struct error *e)
{
	uint8_t value[DIGEST_MAX];
	struct bytes signature = {0};
	enum err code = digest_of(algorithm->digest, parts->input, value, e);

	if (!code && (!base64url_read(parts->signature, &signature) ||
			     (algorithm->scheme == SCHEME_ECDSA && !ecdsa_to_der(&signature)) ||
			     !crypto_signature_holds(key->key, algorithm->scheme, algorithm->digest,
				     value, bytes_span(&signature))))
		code = refuse(e, "signature");
	bytes_free(&signature);
	return code;
}

enum err jws_verify(
	struct span compact, const struct jwk_set *keys, struct bytes *payload, struct error *e)
{
	const struct jws_algorithm *algorithm = NULL;
	const struct jwk *key = NULL;
	struct parts parts;
	enum err code;

	if (!split(compact, &parts))
		return refuse(e, "not three parts");
	if ((code = read_header(parts.header, keys, &algorithm, &key, e)) ||
		(code = check_signature(&parts, algorithm, key, e)))
		return code;
	return base64url_read(parts.payload, payload) ? ERR_OK : refuse(e, "payload");
}

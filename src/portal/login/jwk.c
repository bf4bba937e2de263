#include "portal/login/jwk.h"

#include "base/base64.h"
#include "base/json.h"
#include "sign/crypto.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <string.h>

#define P256_SIZE 32      /* bytes of a coordinate */
#define RSA_SIZE_MAX 1024 /* bytes of a modulus: 8192 bits, as the certificates' */

static const struct jws_algorithm algorithms[] = {
	{"RS256", SCHEME_RSA_PKCS1, DIGEST_SHA256},
	{"PS256", SCHEME_RSA_PSS, DIGEST_SHA256},
	{"ES256", SCHEME_ECDSA, DIGEST_SHA256},
};

const struct jws_algorithm *jws_algorithm_named(const char *name)
{
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(*algorithms); i++) {
		if (strcmp(algorithms[i].name, name) == 0)
			return &algorithms[i];
	}
	return NULL;
}

/* A member in base64url of min to max bytes. */
static bool take_bytes(json_t *key, const char *member, size_t min, size_t max, struct bytes *out)
{
	json_t *value = json_object_get(key, member);
	struct span text = span_of(json_string_value(value), json_string_length(value));

	return json_is_string(value) && text.n <= 2 * max && base64url_read(text, out) &&
	       out->n >= min && out->n <= max;
}

/* The key of a kind that these parameters tell. */
static EVP_PKEY *make_key(const char *kind, OSSL_PARAM_BLD *told)
{
	OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(told);
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(crypto_context(), kind, NULL);
	EVP_PKEY *key = NULL;

	ERR_set_mark();
	if (!parameters || !c || EVP_PKEY_fromdata_init(c) != 1 ||
		EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
		key = NULL;
	ERR_pop_to_mark();
	EVP_PKEY_CTX_free(c);
	OSSL_PARAM_free(parameters);
	return key;
}

/* RFC 7518 6.3.1. */
static EVP_PKEY *read_rsa(json_t *from)
{
	struct bytes n = {0}, exponent = {0};
	BIGNUM *modulus = NULL, *power = NULL;
	OSSL_PARAM_BLD *told = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;

	if (take_bytes(from, "n", 1, RSA_SIZE_MAX, &n) && take_bytes(from, "e", 1, 4, &exponent)) {
		modulus = BN_bin2bn(n.at, (int)n.n, NULL);
		power = BN_bin2bn(exponent.at, (int)exponent.n, NULL);
	}
	/* With the exponent 1 everything is its own signature; a right one is odd. */
	if (told && modulus && power && BN_is_odd(modulus) && BN_is_odd(power) &&
		!BN_is_one(power) &&
		OSSL_PARAM_BLD_push_BN(told, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
		OSSL_PARAM_BLD_push_BN(told, OSSL_PKEY_PARAM_RSA_E, power) == 1)
		key = make_key("RSA", told);
	OSSL_PARAM_BLD_free(told);
	BN_free(modulus);
	BN_free(power);
	bytes_free(&n);
	bytes_free(&exponent);
	return key;
}

/* RFC 7518 6.2.1. That the point lies on the curve is checked when it is read. */
static EVP_PKEY *read_ec(json_t *from)
{
	struct bytes point = {0}, y = {0}, x = {0};
	OSSL_PARAM_BLD *told = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;

	if (told && json_is_text(json_object_get(from, "crv"), "P-256") &&
		take_bytes(from, "x", P256_SIZE, P256_SIZE, &x) &&
		take_bytes(from, "y", P256_SIZE, P256_SIZE, &y)) {
		bytes_append_byte(&point, POINT_CONVERSION_UNCOMPRESSED);
		bytes_append(&point, bytes_span(&x));
		bytes_append(&point, bytes_span(&y));
		if (OSSL_PARAM_BLD_push_utf8_string(
			    told, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
			OSSL_PARAM_BLD_push_octet_string(
				told, OSSL_PKEY_PARAM_PUB_KEY, point.at, point.n) == 1)
			key = make_key("EC", told);
	}
	OSSL_PARAM_BLD_free(told);
	bytes_free(&point);
	bytes_free(&x);
	bytes_free(&y);
	return key;
}

/* Is the key meant for the checking of signatures (RFC 7517 4.2 and 4.3), and is its private part unknown? */
static bool is_for_us(json_t *from)
{
	json_t *use = json_object_get(from, "use"), *operations = json_object_get(from, "key_ops");

	return (!use || json_is_text(use, "sig")) &&
	       (!operations || json_is_or_has(operations, "verify")) && !json_object_get(from, "d");
}

static EVP_PKEY *read_key(json_t *from)
{
	json_t *kind = json_object_get(from, "kty");
	enum certificate_key known;
	unsigned bits;
	EVP_PKEY *key = NULL;

	if (json_is_text(kind, "RSA"))
		key = read_rsa(from);
	else if (json_is_text(kind, "EC"))
		key = read_ec(from);
	known = crypto_key_kind(key, &bits);
	if (key && !crypto_key_is_strong(known, bits)) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

/* A member that may be missing: then it is "". */
static bool take_optional(json_t *from, const char *member, char *out, size_t size)
{
	*out = '\0';
	return !json_object_get(from, member) ||
	       json_take_text(from, member, out, size, ERR_LOGIN_ANSWER, NULL) == 0;
}

static void take_key(json_t *from, struct jwk_set *out)
{
	struct jwk fresh;

	if (!json_is_object(from) || !is_for_us(from) ||
		!take_optional(from, "kid", fresh.kid, sizeof(fresh.kid)) ||
		!take_optional(from, "alg", fresh.alg, sizeof(fresh.alg)))
		return;
	fresh.key = read_key(from);
	if (fresh.key)
		out->keys[out->count++] = fresh;
}

enum err jwk_set_read(struct span body, struct jwk_set *out, struct error *e)
{
	json_t *root = json_read_object(body, ERR_LOGIN_ANSWER, e), *key;
	size_t i;

	*out = (struct jwk_set){0};
	if (!root)
		return ERR_LOGIN_ANSWER;
	json_array_foreach(json_object_get(root, "keys"), i, key)
	{
		if (out->count < JWK_KEYS_MAX)
			take_key(key, out);
	}
	json_decref(root);
	return out->count ? ERR_OK : error_set(e, ERR_LOGIN_ANSWER, "JWK: no key that we can use");
}

void jwk_set_free(struct jwk_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		EVP_PKEY_free(set->keys[i].key);
	*set = (struct jwk_set){0};
}

static bool fits(const struct jwk *key, const char *kid, const struct jws_algorithm *algorithm)
{
	return (*kid == '\0' || strcmp(key->kid, kid) == 0) &&
	       (*key->alg == '\0' || strcmp(key->alg, algorithm->name) == 0) &&
	       crypto_scheme_fits(key->key, algorithm->scheme);
}

const struct jwk *jwk_find(
	const struct jwk_set *set, const char *kid, const struct jws_algorithm *algorithm)
{
	const struct jwk *found = NULL;

	for (size_t i = 0; i < set->count; i++) {
		if (!fits(&set->keys[i], kid, algorithm))
			continue;
		if (found)
			return NULL;
		found = &set->keys[i];
	}
	return found;
}

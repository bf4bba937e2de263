#include "sign/crypto.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <limits.h>
#include <string.h>

#include "sign/algorithm.h"
#include "sign/der.h"

#define RSA_BITS_MIN 2048 /* communiqué on electronic signature, see also ETSI TS 119 312 */
#define EC_BITS_MIN 256
#define RSA_BITS_MAX 16384 /* OpenSSL itself refuses to compute with more */

static EVP_MD *fetch_digest(enum digest d)
{
	OSSL_LIB_CTX *c = crypto_context();

	return c && d != DIGEST_NONE ? EVP_MD_fetch(c, digest_name(d), NULL) : NULL;
}

EVP_MD_CTX *crypto_digest_begin(enum digest d)
{
	EVP_MD *md = fetch_digest(d);
	EVP_MD_CTX *c = md ? EVP_MD_CTX_new() : NULL;

	if (c && EVP_DigestInit_ex2(c, md, NULL) != 1) {
		EVP_MD_CTX_free(c);
		c = NULL;
	}
	EVP_MD_free(md);
	return c;
}

/* A curve spelled out in parameters may have another generator than the one it seems to be
 * (CVE-2020-0601). */
static bool is_named_curve(EVP_PKEY *key)
{
	static const char *const names[] = {"prime256v1", "secp384r1", "secp521r1"};
	char name[32];
	int spelled_out = 0;

	if (EVP_PKEY_get_int_param(
		    key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &spelled_out) == 1 &&
		spelled_out)
		return false;
	if (EVP_PKEY_get_group_name(key, name, sizeof(name), NULL) != 1)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

enum certificate_key crypto_key_kind(EVP_PKEY *key, unsigned *bits)
{
	int n = key ? EVP_PKEY_get_bits(key) : 0;

	*bits = n > 0 ? (unsigned)n : 0;
	if (!key)
		return CERTIFICATE_KEY_OTHER;
	if ((EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS")) && n <= RSA_BITS_MAX)
		return CERTIFICATE_KEY_RSA;
	if (EVP_PKEY_is_a(key, "EC") && is_named_curve(key))
		return CERTIFICATE_KEY_EC;
	return CERTIFICATE_KEY_OTHER;
}

bool crypto_key_is_strong(enum certificate_key kind, unsigned bits)
{
	if (kind == CERTIFICATE_KEY_RSA)
		return bits >= RSA_BITS_MIN;
	return kind == CERTIFICATE_KEY_EC && bits >= EC_BITS_MIN;
}

/* Padding, digest and, for PSS, the digest's length of salt: what SCHEME_* in digest.h say. */
static bool set_scheme(EVP_PKEY_CTX *c, enum signature_scheme scheme, EVP_MD *md)
{
	int padding = scheme == SCHEME_RSA_PSS ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING;

	if (scheme != SCHEME_ECDSA && EVP_PKEY_CTX_set_rsa_padding(c, padding) != 1)
		return false;
	if (EVP_PKEY_CTX_set_signature_md(c, md) != 1)
		return false;
	if (scheme != SCHEME_RSA_PSS)
		return true;
	return EVP_PKEY_CTX_set_rsa_mgf1_md(c, md) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(c, RSA_PSS_SALTLEN_DIGEST) == 1;
}

bool crypto_scheme_fits(EVP_PKEY *key, enum signature_scheme scheme)
{
	if (scheme == SCHEME_ECDSA)
		return EVP_PKEY_is_a(key, "EC");
	if (scheme == SCHEME_RSA_PSS && EVP_PKEY_is_a(key, "RSA-PSS"))
		return true;
	return EVP_PKEY_is_a(key, "RSA");
}

bool crypto_signature_holds(EVP_PKEY *key, enum signature_scheme scheme, enum digest d,
	const uint8_t *value, struct span signature)
{
	EVP_MD *md = fetch_digest(d);
	EVP_PKEY_CTX *c = NULL;
	bool holds = false;

	ERR_set_mark();
	if (md && crypto_scheme_fits(key, scheme))
		c = EVP_PKEY_CTX_new_from_pkey(crypto_context(), key, NULL);
	if (c && EVP_PKEY_verify_init(c) == 1 && set_scheme(c, scheme, md))
		holds = EVP_PKEY_verify(c, signature.at, signature.n, value, digest_size(d)) == 1;
	EVP_PKEY_CTX_free(c);
	EVP_MD_free(md);
	ERR_pop_to_mark();
	return holds;
}

bool crypto_algorithm_is_known(const X509_ALGOR *algorithm)
{
	uint8_t *der = NULL;
	int n = i2d_X509_ALGOR(algorithm, &der);
	enum signature_scheme scheme;
	bool known = false;

	for (enum digest d = DIGEST_SHA256; n > 0 && d <= DIGEST_SHA512; d++)
		known = known || algorithm_read_signature(span_of(der, (size_t)n), d, &scheme);
	OPENSSL_free(der);
	return known;
}

X509 *crypto_read_certificate(struct span der)
{
	OSSL_LIB_CTX *c = crypto_context();
	const unsigned char *at = der.at;
	X509 *x;

	/* OpenSSL's reader takes BER as well; only DER has one encoding, and so one hash. */
	if (!c || !der_is_whole(der) || der.n > LONG_MAX)
		return NULL;
	x = X509_new_ex(c, NULL);
	ERR_set_mark();
	if (x && (!d2i_X509(&x, &at, (long)der.n) || at != der.at + der.n)) {
		X509_free(x);
		x = NULL;
	}
	ERR_pop_to_mark();
	return x;
}

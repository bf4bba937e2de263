#include "vcard/crypto.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

enum {
	SIGNATURE_MAX = 512, /* bytes; RSA of 4096 bits */
	ECDSA_HALF_MAX = 66, /* P-521 */
};

const EVP_MD *crypto_hash_of_size(size_t n)
{
	const EVP_MD *const hashes[] = {
		EVP_sha1(), EVP_sha224(), EVP_sha256(), EVP_sha384(), EVP_sha512()};

	for (size_t i = 0; i < sizeof(hashes) / sizeof(*hashes); i++) {
		if ((size_t)EVP_MD_get_size(hashes[i]) == n)
			return hashes[i];
	}
	return NULL;
}

bool crypto_is_digest_info(struct span data, const EVP_MD *hash)
{
	const uint8_t *at = data.at;
	X509_SIG *info = d2i_X509_SIG(NULL, &at, (long)data.n);
	const X509_ALGOR *algorithm;
	const ASN1_OCTET_STRING *value;
	const ASN1_OBJECT *object;
	bool is = false;

	if (info && at == data.at + data.n) {
		X509_SIG_get0(info, &algorithm, &value);
		X509_ALGOR_get0(&object, NULL, NULL, algorithm);
		is = OBJ_obj2nid(object) == EVP_MD_get_type(hash) &&
		     ASN1_STRING_length(value) == EVP_MD_get_size(hash);
	}
	X509_SIG_free(info);
	ERR_clear_error();
	return is;
}

/* Signs with a context that is set up; NULL counts as failed. */
static bool finish(EVP_PKEY_CTX *ctx, bool ready, struct span value, struct bytes *out)
{
	uint8_t signature[SIGNATURE_MAX];
	size_t n = sizeof(signature);
	bool done = ready && EVP_PKEY_sign(ctx, signature, &n, value.at, value.n) == 1;

	if (done)
		bytes_append(out, span_of(signature, n));
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return done;
}

static EVP_PKEY_CTX *begin(EVP_PKEY *key, int type, int padding)
{
	EVP_PKEY_CTX *ctx;

	if (EVP_PKEY_get_base_id(key) != type || EVP_PKEY_get_size(key) > SIGNATURE_MAX)
		return NULL;
	ctx = EVP_PKEY_CTX_new(key, NULL);
	if (ctx && EVP_PKEY_sign_init(ctx) == 1 &&
		(!padding || EVP_PKEY_CTX_set_rsa_padding(ctx, padding) == 1))
		return ctx;
	EVP_PKEY_CTX_free(ctx);
	return NULL;
}

bool crypto_sign_pkcs1(EVP_PKEY *key, struct span data, struct bytes *out)
{
	EVP_PKEY_CTX *ctx = begin(key, EVP_PKEY_RSA, RSA_PKCS1_PADDING);

	return finish(ctx, ctx != NULL, data, out);
}

bool crypto_sign_hash_pkcs1(EVP_PKEY *key, const EVP_MD *hash, struct span value, struct bytes *out)
{
	EVP_PKEY_CTX *ctx = begin(key, EVP_PKEY_RSA, RSA_PKCS1_PADDING);
	bool ready = ctx && EVP_PKEY_CTX_set_signature_md(ctx, hash) == 1;

	return finish(ctx, ready, value, out);
}

bool crypto_sign_hash_pss(EVP_PKEY *key, const EVP_MD *hash, struct span value, struct bytes *out)
{
	EVP_PKEY_CTX *ctx = begin(key, EVP_PKEY_RSA, RSA_PKCS1_PSS_PADDING);
	bool ready = ctx && EVP_PKEY_CTX_set_signature_md(ctx, hash) == 1 &&
		     EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;

	return finish(ctx, ready, value, out);
}

bool crypto_sign_ecdsa(EVP_PKEY *key, struct span value, struct bytes *out)
{
	EVP_PKEY_CTX *ctx = begin(key, EVP_PKEY_EC, 0);

	return finish(ctx, ctx != NULL, value, out);
}

bool crypto_sign_ecdsa_raw(EVP_PKEY *key, struct span value, struct bytes *out)
{
	size_t half = ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;
	uint8_t raw[2 * ECDSA_HALF_MAX];
	struct bytes der = {0};
	ECDSA_SIG *signature = NULL;
	bool done = false;

	if (half <= ECDSA_HALF_MAX && crypto_sign_ecdsa(key, value, &der)) {
		const uint8_t *at = der.at;

		signature = d2i_ECDSA_SIG(NULL, &at, (long)der.n);
	}
	if (signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw, (int)half) == (int)half &&
		BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw + half, (int)half) == (int)half) {
		bytes_append(out, span_of(raw, 2 * half));
		done = true;
	}
	ECDSA_SIG_free(signature);
	bytes_free(&der);
	return done;
}

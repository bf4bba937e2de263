#include "portal/demo/issuer.h"

#include "base/base64.h"
#include "base/load.h"
#include "base/save.h"
#include "sign/crypto.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <unistd.h>

#define KEY_BITS 2048
#define KEY_FILE_MAX 16384
#define KID "demo-1"

struct issuer {
	EVP_PKEY *key;
};

static enum err make_key(const char *path, struct error *e)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(crypto_context(), NULL, "RSA", (size_t)KEY_BITS);
	BIO *memory = BIO_new(BIO_s_mem());
	struct span part = {0};
	char *at = NULL;
	enum err code = ERR_OK;

	if (!key || !memory ||
		PEM_write_bio_PrivateKey(memory, key, NULL, NULL, 0, NULL, NULL) != 1)
		code = error_set(e, ERR_CRYPTO, "%s", path);
	if (!code) {
		part.n = (size_t)BIO_get_mem_data(memory, &at);
		part.at = (const uint8_t *)at;
		code = save_new_file(path, &part, 1, e);
	}
	BIO_free(memory);
	EVP_PKEY_free(key);
	return code;
}

static enum err read_key(const char *path, EVP_PKEY **out, struct error *e)
{
	struct bytes text = {0};
	BIO *memory = NULL;
	enum err code = load_file(path, KEY_FILE_MAX, &text, e);

	if (!code)
		memory = BIO_new_mem_buf(text.at, (int)text.n);
	if (memory)
		*out = PEM_read_bio_PrivateKey_ex(memory, NULL, NULL, NULL, crypto_context(), NULL);
	if (!code && (!*out || !EVP_PKEY_is_a(*out, "RSA")))
		code = error_set(e, ERR_CRYPTO, "%s: no RSA key", path);
	BIO_free(memory);
	bytes_wipe(&text);
	return code;
}

enum err issuer_open(const char *path, struct issuer **out, struct error *e)
{
	struct issuer *i = must_zalloc(sizeof(*i));
	enum err code = access(path, F_OK) == 0 ? ERR_OK : make_key(path, e);

	if (!code)
		code = read_key(path, &i->key, e);
	*out = code ? NULL : i;
	if (code)
		issuer_close(i);
	return code;
}

void issuer_close(struct issuer *i)
{
	if (!i)
		return;
	EVP_PKEY_free(i->key);
	free(i);
}

/* A parameter of the key in base64url (RFC 7518 2, Base64urlUInt). */
static json_t *number_json(const struct issuer *i, const char *parameter)
{
	BIGNUM *number = NULL;
	struct bytes raw = {0}, text = {0};
	json_t *out = NULL;

	if (EVP_PKEY_get_bn_param(i->key, parameter, &number) == 1) {
		raw.room = raw.n = (size_t)BN_num_bytes(number);
		raw.at = must_alloc(raw.n);
		BN_bn2bin(number, raw.at);
		base64url_append(&text, bytes_span(&raw));
		out = json_string(bytes_text(&text));
	}
	BN_free(number);
	bytes_free(&raw);
	bytes_free(&text);
	return out;
}

json_t *issuer_keys(const struct issuer *i)
{
	return json_pack("{s:[{s:s, s:s, s:s, s:s, s:o, s:o}]}", "keys", "kty", "RSA", "use", "sig",
		"alg", "RS256", "kid", KID, "n", number_json(i, OSSL_PKEY_PARAM_RSA_N), "e",
		number_json(i, OSSL_PKEY_PARAM_RSA_E));
}

static void append_part(struct bytes *out, const json_t *part)
{
	char *text = json_dumps(part, JSON_COMPACT);

	base64url_append(out, span_text(text ? text : ""));
	free(text);
}

/* The signature over what out has from there on. */
static enum err append_signature(
	const struct issuer *i, size_t from, struct bytes *out, struct error *e)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	uint8_t value[KEY_BITS]; /* room for a key eight times as large */
	size_t n = sizeof(value);
	bool signed_ = c &&
		       EVP_DigestSignInit_ex(
			       c, NULL, "SHA256", crypto_context(), NULL, i->key, NULL) == 1 &&
		       EVP_DigestSign(c, value, &n, out->at + from, out->n - from) == 1;

	EVP_MD_CTX_free(c);
	if (!signed_)
		return error_set(e, ERR_CRYPTO, "RS256");
	bytes_append_text(out, ".");
	base64url_append(out, span_of(value, n));
	return ERR_OK;
}

enum err issuer_sign(
	const struct issuer *i, const json_t *claims, struct bytes *out, struct error *e)
{
	json_t *header = json_pack("{s:s, s:s, s:s}", "alg", "RS256", "typ", "JWT", "kid", KID);
	size_t from = out->n;

	append_part(out, header);
	bytes_append_text(out, ".");
	append_part(out, claims);
	json_decref(header);
	return append_signature(i, from, out, e);
}

#include "sign/chain_x509.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "sign/crypto.h"

#define TRUST_CERTIFICATES_MAX 1024 /* a country's list of CAs has some dozens */
#define CHAIN_DEPTH_MAX 8           /* certificates between signer and root */
#define SECURITY_LEVEL                                                                             \
	2 /* OpenSSL's: RSA 2048, EC 224, no SHA-1 or MD5 in a signature of the chain */

struct trust {
	X509_STORE *roots;
	STACK_OF(X509) * intermediates;
};

/* A file of certificates is never to ask for a pass phrase on the terminal. */
static int no_pass_phrase(char *buffer, int size, int writing, void *data)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)data;
	return -1;
}

/* Self-signed with a signature that holds: a root. Any other one waits to be part of a chain. */
static bool trust_add(struct trust *t, X509 *x)
{
	if (X509_self_signed(x, 1) == 1)
		return X509_STORE_add_cert(t->roots, x) == 1;
	return X509_add_cert(t->intermediates, x, X509_ADD_FLAG_UP_REF) == 1;
}

/* Reads the next certificate of the file and adds it. ERR_END at the end of the file. */
static enum err trust_read_next(struct trust *t, BIO *file)
{
	X509 *x = X509_new_ex(crypto_context(), NULL);
	enum err result = ERR_OK;

	if (!x)
		return ERR_CRYPTO;
	if (!PEM_read_bio_X509(file, &x, no_pass_phrase, NULL))
		result = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
				 ? ERR_END
				 : ERR_TRUST_FILE;
	else if (!trust_add(t, x))
		result = ERR_TRUST_FILE;
	X509_free(x);
	return result;
}

static enum err trust_read_all(struct trust *t, BIO *file, size_t *count)
{
	enum err result = ERR_OK;

	for (*count = 0; *count < TRUST_CERTIFICATES_MAX; ++*count) {
		result = trust_read_next(t, file);
		if (result != ERR_OK)
			break;
	}
	if (result == ERR_END && *count)
		return ERR_OK;
	return result == ERR_CRYPTO ? ERR_CRYPTO : ERR_TRUST_FILE;
}

enum err trust_read_file(const char *path, struct trust **out, struct error *e)
{
	struct trust *t = must_zalloc(sizeof(*t));
	enum err result = ERR_CRYPTO;
	BIO *file = NULL;
	size_t count = 0;

	*out = NULL;
	ERR_set_mark();
	t->roots = X509_STORE_new();
	t->intermediates = sk_X509_new_null();
	if (crypto_context() && t->roots && t->intermediates) {
		errno = 0;
		file = BIO_new_file(path, "r");
		result = file ? trust_read_all(t, file, &count) : ERR_FILE_READ;
	}
	if (result == ERR_FILE_READ)
		error_set_errno(e, result, "%s", path);
	else if (result != ERR_OK)
		error_set(e, result, "%s: certificate %zu", path, count + 1);
	BIO_free(file);
	ERR_pop_to_mark();
	if (result == ERR_OK)
		*out = t;
	else
		trust_free(t);
	return result;
}

void trust_free(struct trust *t)
{
	if (!t)
		return;
	X509_STORE_free(t->roots);
	sk_X509_pop_free(t->intermediates, X509_free);
	free(t);
}

/* RFC 5280 6.1.4 (k) and (n): an issuer is a CA and may sign certificates. OpenSSL lets old forms
 * without basicConstraints pass; and a keyUsage must be there in every CA certificate (RFC
 * 5280 4.2.1.3), roots excepted. */
static bool issuers_are_cas(STACK_OF(X509) * chain)
{
	int n = sk_X509_num(chain);

	for (int i = 1; i < n; i++) {
		X509 *x = sk_X509_value(chain, i);
		uint32_t flags = X509_get_extension_flags(x);

		if (!(flags & EXFLAG_BCONS) || !(flags & EXFLAG_CA))
			return false;
		if (!(flags & EXFLAG_KUSAGE) && i < n - 1)
			return false;
		if (!(X509_get_key_usage(x) & KU_KEY_CERT_SIGN))
			return false;
	}
	return true;
}

static bool is_in(STACK_OF(X509) * chain, X509 *x)
{
	for (int i = 0; i < sk_X509_num(chain); i++) {
		if (X509_cmp(sk_X509_value(chain, i), x) == 0)
			return true;
	}
	return false;
}

void chain_free(struct chain *c)
{
	while (c->count > 0)
		bytes_free(&c->at[--c->count]);
}

static void tell_chain(STACK_OF(X509) * chain, struct chain *found)
{
	for (int i = 0; found && i < sk_X509_num(chain) && found->count < CHAIN_MAX; i++) {
		uint8_t *der = NULL;
		int n = i2d_X509(sk_X509_value(chain, i), &der);

		if (n > 0)
			bytes_append(&found->at[found->count++], span_of(der, (size_t)n));
		OPENSSL_free(der);
	}
}

static enum err verify_failed(X509_STORE_CTX *c, struct error *e)
{
	int reason = X509_STORE_CTX_get_error(c), depth = X509_STORE_CTX_get_error_depth(c);
	enum err code = ERR_CERTIFICATE_ISSUER;

	if (depth == 0 && reason == X509_V_ERR_CERT_HAS_EXPIRED)
		code = ERR_CERTIFICATE_EXPIRED;
	if (depth == 0 && reason == X509_V_ERR_CERT_NOT_YET_VALID)
		code = ERR_CERTIFICATE_FUTURE;
	if (depth == 0 && reason == X509_V_ERR_EE_KEY_TOO_SMALL)
		code = ERR_CERTIFICATE_KEY;
	return error_set(
		e, code, "chain, certificate %d: %s", depth, X509_verify_cert_error_string(reason));
}

/* What is required of every chain: any extended key usage (Turkish certificates have unusual ones;
 * keyUsage is checked by certificate_usable()), up to a root (no partial chain), at the time asked.
 */
static void set_rules(X509_STORE_CTX *c, int64_t at)
{
	X509_VERIFY_PARAM *rules = X509_STORE_CTX_get0_param(c);

	X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_ANY);
	X509_VERIFY_PARAM_set_time(rules, (time_t)at);
	X509_VERIFY_PARAM_set_depth(rules, CHAIN_DEPTH_MAX);
	X509_VERIFY_PARAM_set_auth_level(rules, SECURITY_LEVEL);
}

static enum err build(const struct trust *t, STACK_OF(X509) * given, STACK_OF(X509) * untrusted,
	const bool *bound, int64_t at, struct chain *found, struct error *e)
{
	X509_STORE_CTX *c = X509_STORE_CTX_new_ex(crypto_context(), NULL);
	enum err result = ERR_OK;

	if (!c || X509_STORE_CTX_init(c, t->roots, sk_X509_value(given, 0), untrusted) != 1) {
		X509_STORE_CTX_free(c);
		return error_set(e, ERR_CRYPTO, "certificate chain");
	}
	set_rules(c, at);
	if (X509_verify_cert(c) != 1)
		result = verify_failed(c, e);
	else if (!issuers_are_cas(X509_STORE_CTX_get0_chain(c)))
		result = error_set(e, ERR_CERTIFICATE_ISSUER, "chain: an issuer is not a CA");
	for (int i = 1; result == ERR_OK && bound && i < sk_X509_num(given); i++) {
		if (!bound[i - 1] && !is_in(X509_STORE_CTX_get0_chain(c), sk_X509_value(given, i)))
			result = error_set(e, ERR_CMS_CERTIFICATE,
				"certificate %d inside belongs to nothing", i);
	}
	if (result == ERR_OK)
		tell_chain(X509_STORE_CTX_get0_chain(c), found);
	X509_STORE_CTX_free(c);
	return result;
}

/* The certificate and the further ones, parsed, in this order. NULL when one can't be read. */
static STACK_OF(X509) * read_given(X509 *certificate, const struct span *further, size_t count)
{
	STACK_OF(X509) *given = sk_X509_new_null();
	bool ok = given && X509_add_cert(given, certificate, X509_ADD_FLAG_UP_REF) == 1;

	for (size_t i = 0; ok && i < count; i++) {
		X509 *x = crypto_read_certificate(further[i]);

		ok = x && sk_X509_push(given, x);
		if (!ok)
			X509_free(x);
	}
	if (ok)
		return given;
	sk_X509_pop_free(given, X509_free);
	return NULL;
}

enum err chain_check(const struct trust *t, X509 *certificate, const struct span *further,
	const bool *further_bound, size_t further_count, int64_t at, struct chain *found,
	struct error *e)
{
	STACK_OF(X509) *given = NULL, *untrusted = NULL;
	enum err result;

	if (further_count <= CHAIN_FURTHER_MAX)
		given = read_given(certificate, further, further_count);
	if (!given)
		return error_set(e, ERR_CERTIFICATE, "chain: a certificate can't be read");
	ERR_set_mark();
	untrusted = sk_X509_dup(t->intermediates);
	if (untrusted && X509_add_certs(untrusted, given, X509_ADD_FLAG_NO_DUP))
		result = build(t, given, untrusted, further_bound, at, found, e);
	else
		result = error_set(e, ERR_CRYPTO, "certificate chain");
	ERR_pop_to_mark();
	sk_X509_free(untrusted);
	sk_X509_pop_free(given, X509_free);
	return result;
}

enum err certificate_chain(const struct trust *t, struct span der, const struct span *untrusted,
	size_t untrusted_count, int64_t at, struct error *e)
{
	X509 *certificate = crypto_read_certificate(der);
	enum err result;

	if (!certificate)
		return error_set(e, ERR_CERTIFICATE, "chain: a certificate can't be read");
	result = chain_check(t, certificate, untrusted, NULL, untrusted_count, at, NULL, e);
	X509_free(certificate);
	return result;
}

#include "card/signature.h"

#include <openssl/ecdsa.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX                                                                                     \
	19 /* bytes of a DigestInfo before the digest (RFC 8017 9.2, note 1), the same for all of  \
	      SHA-2 */

static const EVP_MD *digest_of(enum card_digest digest)
{
	switch (digest) {
	case CARD_SHA256:
		return EVP_sha256();
	case CARD_SHA384:
		return EVP_sha384();
	case CARD_SHA512:
		return EVP_sha512();
	}
	return NULL;
}

size_t signature_digest_size(enum card_digest digest)
{
	const EVP_MD *md = digest_of(digest);

	return md ? (size_t)EVP_MD_get_size(md) : 0;
}

EVP_PKEY *signature_key(struct span certificate)
{
	const unsigned char *p = certificate.at;
	X509 *x = d2i_X509(NULL, &p, (long)certificate.n);
	EVP_PKEY *key = x ? X509_get_pubkey(x) : NULL;

	X509_free(x);
	return key;
}

bool signature_scheme_fits(EVP_PKEY *key, enum card_scheme scheme)
{
	return EVP_PKEY_get_base_id(key) == (scheme == CARD_ECDSA ? EVP_PKEY_EC : EVP_PKEY_RSA);
}

/* RFC 8017 9.2, note 1: SEQUENCE { SEQUENCE { OID 2.16.840.1.101.3.4.2.n, NULL }, OCTET STRING } */
static void append_digest_info(enum card_digest digest, struct span value, struct bytes *out)
{
	uint8_t prefix[PREFIX] = {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
		0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};

	prefix[1] = (uint8_t)(PREFIX - 2 + value.n);
	prefix[14] = (uint8_t)(1 + digest); /* SHA-256, -384, -512 are 1, 2, 3 there and here */
	prefix[18] = (uint8_t)value.n;
	bytes_append(out, span_of(prefix, PREFIX));
	bytes_append(out, value);
}

/* 00 01 FF..FF 00 DigestInfo */
static bool append_pkcs1_block(
	size_t size, enum card_digest digest, struct span value, struct bytes *out)
{
	size_t info = PREFIX + value.n;

	if (size < info + 11)
		return false;
	bytes_append(out, span_of("\x00\x01", 2));
	for (size_t i = 3 + info; i < size; i++)
		bytes_append_byte(out, 0xFF);
	bytes_append_byte(out, 0x00);
	append_digest_info(digest, value, out);
	return true;
}

/* mask ^= MGF1(seed) (RFC 8017 B.2.1) */
static bool xor_mgf1(const EVP_MD *md, struct span seed, uint8_t *mask, size_t n)
{
	uint8_t block[EVP_MAX_MD_SIZE], data[EVP_MAX_MD_SIZE + 4] = {0};
	size_t step = (size_t)EVP_MD_get_size(md);

	memcpy(data, seed.at, seed.n);
	for (size_t at = 0; at < n; at += step) {
		data[seed.n + 2] = (uint8_t)(at / step >> 8);
		data[seed.n + 3] = (uint8_t)(at / step);
		if (EVP_Digest(data, seed.n + 4, block, NULL, md, NULL) != 1)
			return false;
		for (size_t i = 0; i < step && at + i < n; i++)
			mask[at + i] ^= block[i];
	}
	return true;
}

/* H = Hash(00 x 8, mHash, salt) */
static bool pss_hash(const EVP_MD *md, struct span value, struct span salt, uint8_t *out)
{
	static const uint8_t zeros[8];
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool good = c && EVP_DigestInit_ex(c, md, NULL) == 1 &&
		    EVP_DigestUpdate(c, zeros, sizeof(zeros)) == 1 &&
		    EVP_DigestUpdate(c, value.at, value.n) == 1 &&
		    EVP_DigestUpdate(c, salt.at, salt.n) == 1 &&
		    EVP_DigestFinal_ex(c, out, NULL) == 1;

	EVP_MD_CTX_free(c);
	return good;
}

/* RFC 8017 9.1.1 with emBits = modBits - 1; the moduli of cards are whole bytes long, so emLen is
 * the modulus' length. */
static bool append_pss_block(
	EVP_PKEY *key, enum card_digest digest, struct span value, struct bytes *out)
{
	const EVP_MD *md = digest_of(digest);
	size_t size = (size_t)EVP_PKEY_get_size(key), h = value.n;
	uint8_t salt[EVP_MAX_MD_SIZE], *em;
	bool good;

	if (EVP_PKEY_get_bits(key) % 8 || size < 2 * h + 2)
		return false;
	em = must_zalloc(size);
	em[size - 2 * h - 2] = 0x01;
	good = RAND_bytes(salt, (int)h) == 1 &&
	       pss_hash(md, value, span_of(salt, h), em + size - h - 1);
	memcpy(em + size - 2 * h - 1, salt, h);
	good = good && xor_mgf1(md, span_of(em + size - h - 1, h), em, size - h - 1);
	em[0] &= 0x7F;
	em[size - 1] = 0xBC;
	if (good)
		bytes_append(out, span_of(em, size));
	free(em);
	return good;
}

bool signature_make_input(enum sign_input form, EVP_PKEY *key, enum card_digest digest,
	struct span value, struct bytes *out)
{
	switch (form) {
	case INPUT_DIGEST:
		bytes_append(out, value);
		return true;
	case INPUT_DIGEST_INFO:
		append_digest_info(digest, value, out);
		return true;
	case INPUT_PKCS1_BLOCK:
		return append_pkcs1_block((size_t)EVP_PKEY_get_size(key), digest, value, out);
	case INPUT_PSS_BLOCK:
		return append_pss_block(key, digest, value, out);
	}
	return false;
}

static bool take_rsa(EVP_PKEY *key, struct span answer, struct bytes *out)
{
	size_t size = (size_t)EVP_PKEY_get_size(key);

	if (answer.n == 0 || answer.n > size)
		return false;
	for (size_t i = answer.n; i < size; i++)
		bytes_append_byte(out, 0x00);
	bytes_append(out, answer);
	return true;
}

static void append_der(const ECDSA_SIG *sig, struct bytes *out)
{
	unsigned char *der = NULL;
	int n = i2d_ECDSA_SIG(sig, &der);

	if (n > 0)
		bytes_append(out, span_of(der, (size_t)n));
	OPENSSL_free(der);
}

/* Already DER: one SEQUENCE over all of it. It is written anew, so that only DER leaves, whatever
 * BER the card speaks. */
static ECDSA_SIG *read_der(struct span answer)
{
	const unsigned char *p = answer.at;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)answer.n);

	if (sig && p != answer.at + answer.n) {
		ECDSA_SIG_free(sig);
		sig = NULL;
	}
	return sig;
}

static ECDSA_SIG *read_raw(struct span answer)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(answer.at, (int)(answer.n / 2), NULL);
	BIGNUM *s = BN_bin2bn(answer.at + answer.n / 2, (int)(answer.n / 2), NULL);

	if (sig && r && s && ECDSA_SIG_set0(sig, r, s) == 1)
		return sig;
	ECDSA_SIG_free(sig);
	BN_free(r);
	BN_free(s);
	return NULL;
}

static bool take_ecdsa(EVP_PKEY *key, struct span answer, struct bytes *out)
{
	size_t field = ((size_t)EVP_PKEY_get_bits(key) + 7) / 8, before = out->n;
	ECDSA_SIG *sig = read_der(answer);

	if (!sig && answer.n == 2 * field)
		sig = read_raw(answer);
	if (!sig)
		return false;
	append_der(sig, out);
	ECDSA_SIG_free(sig);
	return out->n > before;
}

bool signature_take(EVP_PKEY *key, struct span answer, struct bytes *out)
{
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC)
		return take_ecdsa(key, answer, out);
	return take_rsa(key, answer, out);
}

static bool set_scheme(EVP_PKEY_CTX *c, enum card_scheme scheme, const EVP_MD *md)
{
	if (EVP_PKEY_CTX_set_signature_md(c, md) != 1)
		return false;
	if (scheme == CARD_ECDSA)
		return true;
	if (scheme == CARD_RSA_PKCS1)
		return EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING) == 1;
	return EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(c, md) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(c, RSA_PSS_SALTLEN_DIGEST) == 1;
}

bool signature_is_right(EVP_PKEY *key, enum card_scheme scheme, enum card_digest digest,
	struct span value, struct span signature)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
	bool right = c && EVP_PKEY_verify_init(c) == 1 &&
		     set_scheme(c, scheme, digest_of(digest)) &&
		     EVP_PKEY_verify(c, signature.at, signature.n, value.at, value.n) == 1;

	EVP_PKEY_CTX_free(c);
	return right;
}

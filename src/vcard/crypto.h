/* The private key operations of a card. All return false when the key cannot do it or the data do
 * not fit. */
#ifndef EONAY_VCARD_CRYPTO_H
#define EONAY_VCARD_CRYPTO_H

#include <openssl/evp.h>

#include "base/bytes.h"

/* The hash function with results of n bytes (SHA-1, SHA-2), NULL for none. */
const EVP_MD *crypto_hash_of_size(size_t n);

/* True when data is a DigestInfo (RFC 8017 9.2) of the hash function. */
bool crypto_is_digest_info(struct span data, const EVP_MD *hash);

/* RSASSA-PKCS1-v1_5 with data, a DigestInfo as a rule, taken as it is (RFC 8017 9.2 from step 3
 * on). */
bool crypto_sign_pkcs1(EVP_PKEY *key, struct span data, struct bytes *out);

/* RSASSA-PKCS1-v1_5 of a hash value, and RSASSA-PSS with MGF1 over the same hash and a salt of its
 * length. */
bool crypto_sign_hash_pkcs1(
	EVP_PKEY *key, const EVP_MD *hash, struct span value, struct bytes *out);
bool crypto_sign_hash_pss(EVP_PKEY *key, const EVP_MD *hash, struct span value, struct bytes *out);

/* ECDSA of a hash value: the SEQUENCE of r and s, or r and s side by side, each as long as the
 * group's order. */
bool crypto_sign_ecdsa(EVP_PKEY *key, struct span value, struct bytes *out);
bool crypto_sign_ecdsa_raw(EVP_PKEY *key, struct span value, struct bytes *out);

#endif

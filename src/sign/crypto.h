/* The part of OpenSSL that signatures need, in library contexts of our own: no configuration file
 * is read, no module is loaded, and what other code of the process does to OpenSSL's default
 * context changes nothing here. */
#ifndef EONAY_SIGN_CRYPTO_H
#define EONAY_SIGN_CRYPTO_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "sign/certificate.h"
#include "sign/digest.h"

/* The calling thread's, made on first use; NULL when OpenSSL can't make one. What is made in it may be used by other
 * threads and outlive this one, for contexts are kept until the process ends. */
OSSL_LIB_CTX *crypto_context(void);

/* An ongoing digest; NULL when OpenSSL can't. EVP_MD_CTX_free() ends it. */
EVP_MD_CTX *crypto_digest_begin(enum digest d);

/* What kind of key: its bits go into *bits. RSA (RSASSA-PSS keys too) and EC on P-256, P-384 or
 * P-521 given by name have a kind of their own, everything else is CERTIFICATE_KEY_OTHER. */
enum certificate_key crypto_key_kind(EVP_PKEY *key, unsigned *bits);

/* The communiqué's floor: RSA 2048, EC 256; never CERTIFICATE_KEY_OTHER. */
bool crypto_key_is_strong(enum certificate_key kind, unsigned bits);

/* True when a key of this kind can sign under the scheme. */
bool crypto_scheme_fits(EVP_PKEY *key, enum signature_scheme scheme);

/* True when signature is the key's over this digest value (digest_size(d) bytes) under the scheme.
 */
bool crypto_signature_holds(EVP_PKEY *key, enum signature_scheme scheme, enum digest d,
	const uint8_t *value, struct span signature);

/* Is it a signature algorithm of digest.h, over one of its digests? For certificates, OCSP responses and revocation lists,
 * whose signatures OpenSSL checks with whatever they name. */
bool crypto_algorithm_is_known(const X509_ALGOR *algorithm);

/* Reads a certificate: DER, one, with nothing behind it. NULL when it is not; X509_free() ends it.
 */
X509 *crypto_read_certificate(struct span der);

#endif

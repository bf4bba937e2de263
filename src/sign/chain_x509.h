/* certificate_chain() for a certificate that OpenSSL has already read: reading one costs it several times what checking a
 * signature does. */
#ifndef EONAY_SIGN_CHAIN_X509_H
#define EONAY_SIGN_CHAIN_X509_H

#include <openssl/x509.h>

#include "sign/chain.h"

/* As certificate_chain(), and requires each of the further certificates that is not vouched for
 * otherwise (further_bound[i] false) to be one of the chain itself. further_bound may be NULL:
 * nothing is required. The chain that was found goes into found, unless that is NULL; the caller frees it, also after an
 * error. */
enum err chain_check(const struct trust *t, X509 *certificate, const struct span *further,
	const bool *further_bound, size_t further_count, int64_t at, struct chain *found,
	struct error *e);

#endif

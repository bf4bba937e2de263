/* Chains of certificates as the verifier needs them; certificate_chain() is the same for others. */
#ifndef EONAY_SIGN_CHAIN_H
#define EONAY_SIGN_CHAIN_H

#include "sign/cades.h"
#include "sign/certificate.h"

/* Certificates beside the signer's. */
#define CHAIN_FURTHER_MAX CADES_FURTHER_MAX

#define CHAIN_MAX 10 /* certificates from the signer's to a root */

/* A chain in DER: the certificate, its issuer and so on up to the root. A zeroed struct is empty. */
struct chain {
	struct bytes at[CHAIN_MAX];
	size_t count;
};
void chain_free(struct chain *c);

/* As certificate_chain(), and requires each of the further certificates that is not vouched for
 * otherwise (further_bound[i] false) to be one of the chain itself. further_bound may be NULL:
 * nothing is required. The chain that was found goes into found, unless that is NULL; the caller frees it, also after an
 * error. */
enum err chain_check(const struct trust *t, struct span der, const struct span *further,
	const bool *further_bound, size_t further_count, int64_t at, struct chain *found,
	struct error *e);

#endif

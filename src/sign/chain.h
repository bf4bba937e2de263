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

#endif

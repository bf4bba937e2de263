/* What the files of the demo's certification authority share. */
#ifndef EONAY_PORTAL_DEMO_PKI_PRIVATE_H
#define EONAY_PORTAL_DEMO_PKI_PRIVATE_H

#include "portal/demo/pki.h"
#include "portal/store/store_registry.h"

#include <openssl/x509.h>

enum pki_part { PKI_ROOT, PKI_CA, PKI_OCSP, PKI_TSA, PKI_PARTS };

struct pki {
	struct {
		X509 *x;
		EVP_PKEY *key;
	} part[PKI_PARTS];
	char ca_name[REGISTERED_NAME_MAX]; /* as the registry has it */
	char *trust_path;
};

/* Makes all keys and certificates. ERR_CRYPTO. */
enum err pki_make(struct pki *p, struct error *e);

/* Appends the OCSP response to a request, which may be malformed: then the response says so. ERR_STORE, ERR_CRYPTO. */
enum err pki_answer_ocsp(const struct pki *p, struct store *store, struct span request,
	struct bytes *out, struct error *e);

/* Appends the CA's revocation list; the root's, which is always empty, when store is NULL. ERR_STORE, ERR_CRYPTO. */
enum err pki_write_list(
	const struct pki *p, struct store *store, struct bytes *out, struct error *e);

/* Appends the response to a time stamp request, likewise. ERR_CRYPTO. */
enum err pki_answer_tsa(
	const struct pki *p, struct span request, struct bytes *out, struct error *e);

#endif

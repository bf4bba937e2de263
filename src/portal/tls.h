/* The certificate that new TLS connections get. There is one for the whole program, because the library's callback has no
 * context. */
#ifndef EONAY_PORTAL_TLS_H
#define EONAY_PORTAL_TLS_H

#include "base/error.h"

#include <gnutls/abstract.h>

/* New connections get this certificate from now on; those that there are have theirs. PEM text of a chain and its key.
 * ERR_LISTEN when they do not belong together, and all stays as it was. */
enum err tls_set_certificate(const char *certificate, const char *private_key, struct error *e);

void tls_forget_certificate(void);

/* Callback of the library (MHD_OPTION_HTTPS_CERT_CALLBACK2), on any thread: copies for one connection. */
int tls_copy_certificate(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
	gnutls_pcert_st **chain, unsigned *length, gnutls_ocsp_data_st **ocsp,
	unsigned *ocsp_length, gnutls_privkey_t *key, unsigned *flags);

#endif

/* certificate_read() for a certificate that OpenSSL has already read. */
#ifndef EONAY_SIGN_CERTIFICATE_X509_H
#define EONAY_SIGN_CERTIFICATE_X509_H

#include <openssl/x509.h>

#include "sign/certificate.h"

/* As certificate_read(); der is what x was read from. */
enum err certificate_describe(
	X509 *x, struct span der, struct certificate_info *out, struct error *e);

#endif

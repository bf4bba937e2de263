/* The certification authority of `serve --demo DIR`: a root, a CA that issues qualified certificates (eonay-vcard --issuer),
 * an OCSP responder and a time stamp authority, made on first use. What responder and revocation list say of a certificate
 * is what the store's registry says of it.
 *
 * In DIR: pki.pem (all certificates and keys), issuer.pem (certificate and key of the CA that issues), trust.pem (the
 * certificates of root and CA). */
#ifndef EONAY_PORTAL_DEMO_PKI_H
#define EONAY_PORTAL_DEMO_PKI_H

#include "portal/routes.h"
#include "portal/settings.h"

#define PKI_PATH "/demo/pki"

struct pki;

/* Reads the files in directory; where there are none they are made. ERR_FILE_READ, ERR_FILE_WRITE, ERR_FILE_EXISTS (another
 * authority's), ERR_CERTIFICATE, ERR_CRYPTO. *out is ended by pki_close(). */
enum err pki_open(const char *directory, struct pki **out, struct error *e);
void pki_close(struct pki *p); /* NULL is allowed */

/* Where settings leave it open, they say that this authority is trusted and asked: at origin, "http://127.0.0.1:8080". */
void pki_fill_settings(const struct pki *p, const char *origin, struct portal_settings *settings);

/* GET ca, root, crl, root-crl; POST ocsp, tsa. Ended by an entry without a method. */
extern const struct route pki_routes[];

#endif

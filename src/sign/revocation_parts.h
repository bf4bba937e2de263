/* What OCSP responses and revocation lists have in common. */
#ifndef EONAY_SIGN_REVOCATION_PARTS_H
#define EONAY_SIGN_REVOCATION_PARTS_H

#include <openssl/x509.h>

#include "sign/revocation.h"

/* The question with its certificates read. */
struct revocation_parties {
	X509 *certificate, *issuer;
};

/* ERR_CERTIFICATE when one can't be read, or issuer's name is not what certificate says. parties is released also after an
 * error. */
enum err revocation_parties_read(const struct revocation_question *question,
	struct revocation_parties *out, struct error *e);
void revocation_parties_free(struct revocation_parties *p);

/* Fills verdict's status, reason and time from an entry's reason (-1: not told). */
void revocation_verdict_revoked(struct revocation_verdict *verdict, int reason, int64_t at);

/* Seconds since 1970 of a time in the form of RFC 5280 4.1.2.5: with seconds, without fractions, in UTC. */
bool revocation_time(const ASN1_TIME *time, int64_t *out);

#endif

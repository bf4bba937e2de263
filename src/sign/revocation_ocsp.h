/* What revocation_ocsp.c and revocation_responder.c share. */
#ifndef EONAY_SIGN_REVOCATION_OCSP_H
#define EONAY_SIGN_REVOCATION_OCSP_H

#include <openssl/ocsp.h>

#include "sign/revocation_parts.h"

/* An answer under judgement. */
struct ocsp_judgement {
	const struct revocation_question *question;
	struct revocation_parties parties;
	OCSP_CERTID *id; /* of the certificate, computed by us */
	OCSP_RESPONSE *response;
	OCSP_BASICRESP *basic;
	X509 *responder; /* a delegated one */
	OCSP_SINGLERESP *single;
	struct revocation_verdict *verdict;
	struct error *e;
};

/* ERR_REVOCATION_ANSWER. */
enum err ocsp_refuse(struct ocsp_judgement *j, const char *why);

/* The digest of a name; EVP_MD_free() ends it. NULL when OpenSSL has none. */
EVP_MD *ocsp_hash(enum revocation_hash hash);

/* Who signed: the issuer, or one whom it has authorised (RFC 6960 4.2.2.2), who becomes j->responder. The signature itself is
 * not checked here. */
enum err ocsp_check_responder(struct ocsp_judgement *j);

#endif

/* Is this the signature that a session waits for? */
#ifndef EONAY_PORTAL_ACCEPTANCE_H
#define EONAY_PORTAL_ACCEPTANCE_H

#include "portal/session.h"
#include "sign/verify.h"

struct acceptance_policy {
	const struct trust *trust;
	bool qualified;         /* only NES certificates */
	long clock_tolerance_s; /* between the kiosk's signing time and our clock */
};

/* Verifies the CMS strictly (sign/verify.h): content attached and equal byte by byte to the
 * session's texts, chain to the trusted CAs, usage, validity at now, signing time within the
 * session, and the certificate's T.C. kimlik no equal to the session's. ERR_OK, or the first
 * reason: ERR_CMS_*, ERR_CERTIFICATE_*. */
enum err acceptance_check(const struct acceptance_policy *policy, const struct session *session,
	const struct texts *texts, struct span cms, int64_t now, struct error *e);

#endif

/* Is this the signature that a session waits for? */
#ifndef EONAY_PORTAL_ACCEPTANCE_H
#define EONAY_PORTAL_ACCEPTANCE_H

#include "portal/session.h"
#include "portal/stamp.h"
#include "portal/status.h"
#include "sign/verify.h"

struct acceptance_policy {
	struct trust *trust;
	bool qualified;         /* only NES certificates */
	long clock_tolerance_s; /* between the kiosk's signing time and our clock */
	struct status *status;  /* who is asked whether certificates are in force; NULL: nobody */
	struct fetch *fetch;    /* for stamp */
	struct stamp_settings stamp; /* url "" or NULL: signatures get no time stamp */
};

/* Verifies the CMS strictly (sign/verify.h): content attached and equal byte by byte to the
 * session's texts, chain to the trusted CAs, usage, validity at now, signing time within the
 * session, the certificate's T.C. kimlik no equal to the session's, and the certificates in force
 * (portal/status.h), which may take as long as those asked do. What was learned about the
 * certificate's status, and for a consent the time stamp, goes into evidence, which is released with
 * signature_free(). ERR_OK, or the first reason: ERR_CMS_*, ERR_CERTIFICATE_*,
 * ERR_TIMESTAMP_SERVICE. */
enum err acceptance_take(const struct acceptance_policy *policy, const struct session *session,
	const struct texts *texts, struct span cms, int64_t now, struct signature *evidence,
	struct error *e);

#endif

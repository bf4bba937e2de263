/* A time stamp on a signature, from a configured authority. */
#ifndef EONAY_PORTAL_STAMP_H
#define EONAY_PORTAL_STAMP_H

#include "portal/status.h"
#include "sign/timestamp.h"

struct stamp_settings {
	const char *url;
	struct trust *trust; /* of the authority */
	struct status *
		status; /* who is asked whether the authority's certificate is in force; NULL: nobody */
	long timeout_ms;
	long clock_s; /* by which clocks may differ */
};

/* Asks for a stamp over the SHA-256 of a signature's value (ETSI EN 319 122-1 5.3) and judges it. token is appended to.
 * ERR_TIMESTAMP_SERVICE, with the reason for the operator in e->where. */
enum err stamp_signature(const struct stamp_settings *settings, struct fetch *f,
	struct span signature, int64_t now, struct bytes *token, struct error *e);

/* Appends the file that is given out of a signature: as it was handed in, with the time stamp inside when there is one
 * (CAdES-B-T). ERR_CMS_FORMAT, ERR_CMS_ATTRIBUTES, ERR_TIMESTAMP when what is stored is not what was accepted. */
enum err stamp_put_in(const struct signature *s, struct bytes *out, struct error *e);

#endif

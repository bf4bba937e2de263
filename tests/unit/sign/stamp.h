/* Time stamps by OpenSSL's own time stamp authority. */
#ifndef EONAY_TESTS_STAMP_H
#define EONAY_TESTS_STAMP_H

#include "sign/pki.h"

/* The certificate of an authority; to 0: as long as others. */
void stamp_make_authority(struct pki *out, const struct pki *issuer, int64_t to);

/* Appends the token in which the authority says that it saw the digest of stamped at this time. */
void stamp_make(const struct pki *authority, const struct pki *issuer, enum digest d,
	struct span stamped, int64_t time, struct bytes *token);

#endif

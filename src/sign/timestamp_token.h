/* What timestamp.c and timestamp_token.c share. */
#ifndef EONAY_SIGN_TIMESTAMP_TOKEN_H
#define EONAY_SIGN_TIMESTAMP_TOKEN_H

#include "sign/digest.h"

/* OpenSSL's number of a digest. */
int timestamp_digest_nid(enum digest d);

#endif

/* AlgorithmIdentifiers of CMS (RFC 5652 10.1) for the digests and signature schemes of digest.h,
 * and no others. */
#ifndef EONAY_SIGN_ALGORITHM_H
#define EONAY_SIGN_ALGORITHM_H

#include "sign/digest.h"

/* Appends the digest's AlgorithmIdentifier, without parameters (RFC 5754 2). */
void algorithm_put_digest(struct bytes *out, enum digest d);

/* The digest that a whole AlgorithmIdentifier names, with absent or NULL parameters (RFC 5754 2
 * lets both be); DIGEST_NONE for SHA-1, MD5 and anything else. */
enum digest algorithm_read_digest(struct span whole);

/* Appends the AlgorithmIdentifier of a signature: rsaEncryption (RFC 3370 3.2), id-RSASSA-PSS with
 * the digest for hash and MGF1 and a salt of its length (RFC 4056), or ecdsa-with-SHA2 (RFC
 * 5754 3.3). */
void algorithm_put_signature(struct bytes *out, enum signature_scheme scheme, enum digest d);

/* The scheme of a whole AlgorithmIdentifier of a signature over this digest; besides what
 * algorithm_put_signature() writes, sha2WithRSAEncryption is read. False for anything else. */
bool algorithm_read_signature(struct span whole, enum digest d, enum signature_scheme *scheme);

#endif

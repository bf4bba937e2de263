/* SignedData (RFC 5652 5) with one signer: its parts, as they lie in the message. */
#ifndef EONAY_SIGN_CMS_H
#define EONAY_SIGN_CMS_H

#include "base/bytes.h"
#include "base/error.h"
#include "sign/chain.h"

#define CMS_CERTIFICATES_MAX (1 + CHAIN_FURTHER_MAX)

/* Every span points into the message. whole: with the header. */
struct cms {
	uint8_t version;
	struct span digest_algorithm; /* whole, of SignedData */
	struct span content_type;     /* OID's content */
	bool attached;
	struct span content;
	struct span certificates[CMS_CERTIFICATES_MAX]; /* whole, in DER's order */
	size_t certificate_count;
	struct span front;  /* of SignedData: what stands before signerInfos */
	struct span signer; /* of SignerInfo: what stands before unsignedAttrs */
	uint8_t signer_version;
	struct span signer_issuer, signer_serial; /* whole; version 1 */
	struct span signer_key_id;                /* version 3 */
	struct span signer_digest_algorithm;      /* whole */
	bool has_attributes;
	struct span attributes;          /* contents of the SET OF, as signed but for the tag */
	struct span signature_algorithm; /* whole */
	struct span signature;
	bool has_unsigned_attributes;
	struct span unsigned_attributes; /* contents of the SET OF */
};

/* Takes the message apart; every byte of it is one of the parts or a header that can only be so.
 * ERR_CMS_FORMAT. */
enum err cms_read(struct span message, struct cms *out, struct error *e);

#endif

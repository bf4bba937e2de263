/* The signed attributes (RFC 5652 5.3 and 11, RFC 5035, ETSI EN 319 122-1 6.3) and the one unsigned
 * attribute, signature-time-stamp (ETSI EN 319 122-1 5.3): writing them, and reading them strictly. */
#ifndef EONAY_SIGN_ATTRIBUTES_H
#define EONAY_SIGN_ATTRIBUTES_H

#include "sign/digest.h"

#define ATTRIBUTES_CERTIFICATES_MAX 17 /* the signer's and CHAIN_FURTHER_MAX further ones */

/* One ESSCertIDv2 of signing-certificate-v2. */
struct certificate_id {
	enum digest digest;
	struct span hash;
	struct span issuer_serial; /* the whole IssuerSerial; empty when it is not given */
};

struct attributes {
	struct span message_digest;
	int64_t signing_time;
	struct certificate_id
		certificates[ATTRIBUTES_CERTIFICATES_MAX]; /* the first is the signer's */
	size_t certificate_count;
	struct span protection; /* the value of CMSAlgorithmProtection (RFC 6211); empty when not
				   given */
};

/* Appends the DER SET OF the four attributes for a content of type id-data. certificates[0] is the
 * signer's. */
enum err attributes_put(struct bytes *out, enum digest d, struct span message_digest,
	int64_t signing_time, const struct span *certificates, size_t count, struct error *e);

/* Reads the contents of a SET OF Attribute. Refused with ERR_CMS_ATTRIBUTES: an order that is not
 * DER's, an attribute twice, or with several values, a required one missing, one that is not in the
 * list of attributes.c (what is not understood may change what a signature means: a signature
 * policy, a counter signature, v1's SHA-1 signing-certificate). A content-type other than id-data
 * is ERR_CMS_CONTENT. */
enum err attributes_read(struct span set, struct attributes *out, struct error *e);

/* Appends signature-time-stamp, whose value is the token (whole). */
void attributes_put_time_stamp(struct bytes *out, struct span token);

/* Reads the contents of unsignedAttrs: signature-time-stamp once, with one value, the token (whole).
 * Anything else is ERR_CMS_ATTRIBUTES, several stamps are ERR_TIMESTAMP. */
enum err attributes_read_time_stamp(struct span set, struct span *token, struct error *e);

/* True when id names this certificate: hash and, where given, issuer and serial number. */
bool attributes_names(const struct certificate_id *id, struct span certificate);

/* Issuer (the whole Name) and serial number (the whole INTEGER) out of a certificate. */
bool attributes_issuer_serial(struct span certificate, struct span *issuer, struct span *serial);

#endif

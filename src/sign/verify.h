/* A strict verifier for the signatures that eonay makes and accepts. OpenSSL's CMS_verify() with
 * CMS_CADES accepts messages without signed attributes, SHA-1, MD5, trailing bytes and injected
 * content; this one refuses each.
 *
 * In this order, and with the code of the first that fails:
 *
 * - ERR_CMS_FORMAT: not one whole DER SignedData (RFC 5652 5): BER, indefinite lengths, bytes
 * behind it, another content type, another version than RFC 5652 5.1's, not exactly one SignerInfo,
 *   revocation lists, certificates that are no plain X.509 or not in DER's order, more than
 *   CMS_STRUCTURE_MAX bytes beside the content.
 * - ERR_CMS_CONTENT: eContentType (or the content-type attribute) other than id-data; content
 * inside a detached signature or none inside an attached one; not the content asked for.
 * - ERR_CMS_ALGORITHM: digest other than SHA-256/384/512, or not the same in all places; signature
 *   algorithm other than RSA PKCS#1 v1.5, RSASSA-PSS with the digest's own length of salt, or
 * ECDSA, or not one of the key's.
 * - ERR_CMS_ATTRIBUTES: signed attributes absent, not in DER's order, one twice, with several
 * values, a required one missing (content-type, message-digest, signing-time,
 * signing-certificate-v2), an unknown one (signature policies, signing-certificate v1); any
 * unsigned attribute, since nothing would vouch for it, but signature-time-stamp when one may be
 * there.
 * - ERR_CMS_DIGEST: message-digest is not the content's.
 * - ERR_CMS_CERTIFICATE: the signer's certificate is not inside; it is not what
 * signing-certificate-v2 or the SignerInfo names; a further certificate inside that neither
 * signing-certificate-v2 names nor the chain uses.
 * - ERR_CERTIFICATE, ERR_CERTIFICATE_KEY: the certificate can't be read; its key is weak or of
 * another kind (RSA < 2048, EC other than P-256, P-384, P-521 by name).
 * - ERR_CMS_SIGNATURE: the signature value does not hold.
 * - ERR_TIMESTAMP: the time stamp is not one that counts (timestamp.h): of another signature, altered,
 *   of another time than signing-time to now, not of the authorities trusted; or there are several.
 * - ERR_CMS_TIME: signing-time outside the range asked.
 * - ERR_CERTIFICATE_*: expired, not yet valid, usage, not qualified, issuer unknown.
 *
 * So every bit of an accepted message is bound: content and attributes by the signature,
 * certificates by the hashes in signing-certificate-v2 (or by the chain), all else by having one
 * form only; a time stamp by its own signature. */
#ifndef EONAY_SIGN_VERIFY_H
#define EONAY_SIGN_VERIFY_H

#include "sign/certificate.h"
#include "sign/chain.h"
#include "sign/digest.h"
#include "sign/timestamp.h"

/* Bytes beside the content: certificates of 2 to 4 KiB, and room. */
#define CMS_STRUCTURE_MAX (256u << 10)

/* Seconds by which the clocks of signer and authority may differ: when the stamp was taken each was
 * within an hour of the service's (portal.conf(5)). */
#define VERIFY_STAMP_CLOCK_S 7200

/* What is asked of a time stamp inside the signature (CAdES-B-T). */
struct verify_stamps {
	const struct trust
		*trust;  /* whose authorities count; NULL: report.stamp_trusted stays false */
	int64_t now;     /* seconds since 1970: genTime lies between signing-time and this */
	int64_t clock_s; /* by which clocks may differ */
};

struct verify_request {
	struct span cms; /* DER */
	bool detached;   /* true: content below is the content, none may be inside */
	/* The content: detached what the signature is of, attached what must be inside, byte by byte
	 * (an empty one too, so that a content forgotten by the caller is never "any"). */
	struct span content;
	bool any_content; /* attached: whatever is inside will do; report.content tells it */
	/* Detached, n not 0: the content's digest, taken while it passed, in place of content. */
	struct span content_digest;
	const struct trust *trust; /* NULL: the chain is not checked (report.chain tells) */
	/* Seconds since 1970: when validity and chain are judged, unless a time stamp proves an earlier
	 * time: one of a trusted authority whose certificate is still valid. */
	int64_t at;
	int64_t signing_time_from; /* signing-time must lie in from..to when to is not 0 */
	int64_t signing_time_to;
	bool any_certificate; /* true: usage and qualification are reported, not required */
	struct chain *chain; /* takes the chain to trust when it holds, for chain_free(); or NULL */
	const struct verify_stamps *stamps; /* NULL: unsigned attributes are refused */
};

enum verify_chain { VERIFY_CHAIN_NOT_CHECKED, VERIFY_CHAIN_TRUSTED, VERIFY_CHAIN_UNTRUSTED };

/* What was found; filled as far as the check came, also on an error. */
struct verify_report {
	struct certificate_info signer;
	bool have_signer;
	enum digest digest;
	enum signature_scheme scheme;
	int64_t signing_time;
	enum verify_chain chain;
	/* Mathematics and attributes hold; what the certificate is worth is another question. */
	bool signature_valid;
	struct span content;     /* attached: the content, inside request.cms */
	struct span certificate; /* the signer's certificate, inside request.cms */
	struct span
		signature; /* the signature value, inside request.cms: what a time stamp is of */
	struct span time_stamp; /* the token inside request.cms; empty: none */
	struct timestamp stamp; /* what it says */
	bool stamp_valid;       /* it is a stamp on this signature */
	bool stamp_trusted;     /* and its authority is trusted */
};

/* ERR_OK only when everything asked holds; else the first reason (see above), with its place in
 * e->where. ERR_CRYPTO when OpenSSL fails. The content is not copied: it may be a mapped file of
 * any size. */
enum err verify_cms(
	const struct verify_request *request, struct verify_report *report, struct error *e);

#endif

/* A strict verifier for the signatures that eonay makes and accepts. OpenSSL's CMS_verify() with CMS_CADES accepts
 * messages without signed attributes, SHA-1, MD5, trailing bytes and injected content; this one refuses each.
 *
 * In this order: one whole DER object, no byte behind it, size cap; SignedData, version, exactly one SignerInfo;
 * eContentType id-data; content attached or detached as asked; digest SHA-256/384/512, the same in digestAlgorithms;
 * signature algorithm that fits the key; signed attributes present, DER, each once, content-type, message-digest,
 * signing-certificate-v2 required, signing-time required; message-digest over the content; ESSCertIDv2 matches the
 * certificate; the signature over the attributes; no unsigned attributes but a signature time stamp; the certificate's
 * usage, and its chain where trust is given. */
#ifndef EONAY_SIGN_VERIFY_H
#define EONAY_SIGN_VERIFY_H

#include "sign/certificate.h"
#include "sign/digest.h"

#define CMS_MAX (16u << 20) /* bytes; a contract is at most 1 MiB, files signed by command may be larger */

struct verify_request {
	struct span cms;                 /* DER */
	bool detached;                   /* true: content below is the content, none may be inside */
	struct span content;             /* detached: the content. Attached: at non-NULL means "must equal this" */
	const struct trust *trust;       /* NULL: the chain is not checked (report.chain tells) */
	int64_t at;                      /* seconds since 1970: the time at which validity is judged */
	int64_t signing_time_from;       /* signing-time must lie in from..to when to is not 0 */
	int64_t signing_time_to;
	bool any_certificate;            /* true: usage and qualification are reported, not required */
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
	bool signature_valid;            /* mathematics and attributes hold; the certificate is another question */
	struct span content;             /* attached: the content, inside request.cms */
	struct span certificate;         /* the signer's certificate, inside request.cms */
};

/* ERR_OK only when everything asked holds; else the first reason (ERR_CMS_*, ERR_CERTIFICATE_*). */
enum err verify_cms(const struct verify_request *request, struct verify_report *report, struct error *e);

#endif

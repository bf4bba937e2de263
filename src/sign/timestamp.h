/* Time stamps (RFC 3161, RFC 5816): asking for one and judging what came. DER in, verdict out: nothing here goes over a
 * network or looks at a clock. A token is kept with what it stamps, and judged again with timestamp_check() by whoever wants
 * to know.
 *
 * OpenSSL's own verifier of tokens is built on PKCS7_verify(), which is not used here (CVE-2026-45447, CVE-2026-22796): a
 * token is CMS. It counts when
 *
 * - it is one DER SignedData over a TSTInfo of version 1, by one signer, with signed attributes, the digest and signature
 *   algorithms of digest.h, and a signature that holds;
 * - imprint, and the nonce if one was sent, are those asked for; no critical extension;
 * - genTime lies in the window given;
 * - the authority's certificate is inside, named by signing-certificate or signing-certificate-v2, with a strong key, the
 *   extended key usage timeStamping alone and critical (RFC 3161 2.3), and a chain to trust, all of it valid at genTime.
 *
 * Whether that certificate has been revoked is for the caller to ask, who gets its chain. */
#ifndef EONAY_SIGN_TIMESTAMP_H
#define EONAY_SIGN_TIMESTAMP_H

#include "sign/certificate.h"
#include "sign/digest.h"

#define TIMESTAMP_MAX                                                                              \
	65536 /* bytes of a response; with certificates they have some 3 to 8 thousand */
#define TIMESTAMP_NONCE_MAX 20 /* bytes */

struct chain; /* sign/chain.h */

struct timestamp_question {
	enum digest digest;  /* of what is stamped */
	struct span imprint; /* its value, digest_size(digest) bytes */
	/* For timestamp_check(), in place of both: what is stamped, by whichever digest the token has. */
	struct span stamped;
	struct span nonce;         /* as sent, its first byte 01 to 7F; empty: none was sent */
	const struct trust *trust; /* whose authorities count */
	bool any_authority;        /* true: trust is not asked */
	struct chain *chain; /* takes the authority's chain to trust, for chain_free(); or NULL */
	int64_t from, to;    /* genTime lies within, seconds since 1970 */
};

/* Plain data. */
struct timestamp {
	int64_t time; /* genTime, cut to a second */
	struct certificate_info authority;
};

/* Appends the request: version 1, certReq. ERR_CRYPTO, ERR_INTERNAL (a nonce or imprint of another size). */
enum err timestamp_request(
	const struct timestamp_question *question, struct bytes *out, struct error *e);

/* Judges an authority's response; its token (inside response) into token. ERR_TIMESTAMP with the reason in e->where,
 * ERR_CRYPTO. */
enum err timestamp_check_response(const struct timestamp_question *question, struct span response,
	struct span *token, struct timestamp *out, struct error *e);

/* As timestamp_check_response(), for a token alone. */
enum err timestamp_check(const struct timestamp_question *question, struct span token,
	struct timestamp *out, struct error *e);

#endif

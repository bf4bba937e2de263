/* Is a certificate suspended or revoked? Asked of an OCSP responder (RFC 6960, 5019, 8954) or looked up in a revocation
 * list (RFC 5280 5). DER in, verdict out: nothing here goes over a network or looks at a clock.
 *
 * OpenSSL's OCSP_basic_verify() takes responders that another CA of the store has authorised, and once took any
 * (CVE-2022-1343); it asks neither for a nonce nor for a fresh answer. So only its reading, signatures and chains are used
 * here, and an answer must be right in every respect to be one:
 *
 * - one DER object, nothing behind it, the same again when written again; successful; of type id-pkix-ocsp-basic;
 * - signed with the algorithms of digest.h by the CA that issued the certificate, or by a responder whose certificate that
 *   same CA has issued (the same name and key; not one further up), valid, with the extended key usage OCSPSigning, a strong
 *   key, and id-pkix-ocsp-nocheck or in no revocation list of the CA;
 * - exactly one answer for the certificate asked for: hashes of issuer's name and key recomputed, the hash the one asked
 *   with;
 * - the nonce that was sent, unless the question says that the responder knows none;
 * - thisUpdate not in the future and not older than the question allows; nextUpdate, if given, not over;
 * - no critical extension that is not understood.
 */
#ifndef EONAY_SIGN_REVOCATION_H
#define EONAY_SIGN_REVOCATION_H

#include "base/bytes.h"
#include "base/error.h"

#define REVOCATION_NONCE_SIZE 32 /* bytes; RFC 8954 2.1 has up to 32, RFC 9654 asks for 32 */
#define REVOCATION_ANSWER_MAX                                                                      \
	65536 /* bytes of an OCSP response; with certificates they have some 2 to 5 thousand */
#define REVOCATION_LIST_MAX (16u << 20) /* bytes of a CRL; those of big CAs have a few million */

enum revocation_status {
	REVOCATION_GOOD,
	REVOCATION_SUSPENDED, /* certificateHold: it may be lifted again */
	REVOCATION_REVOKED,
	REVOCATION_UNKNOWN /* the responder does not know this certificate */
};

/* The hash that names the issuer in an OCSP request. RFC 5019 2.1.1 wants SHA-1, and many responders know no other; nothing
 * rests on its strength, since name and key are known. */
enum revocation_hash { REVOCATION_SHA1, REVOCATION_SHA256 };

struct revocation_question {
	struct span certificate; /* DER */
	struct span issuer; /* DER; that it is the issuer, and trusted, is the caller's to know */
	enum revocation_hash hash;
	struct span nonce; /* as sent; empty: none was sent */
	int64_t at;        /* seconds since 1970 */
	int64_t age_max_s; /* of thisUpdate; OCSP only */
	int64_t clock_s;   /* thisUpdate may be so far in the future: clocks differ */
	struct span
		list; /* OCSP only: a CRL of the issuer, for a responder's certificate without ocsp-nocheck; empty: none,
	                       and such a responder is refused with responder_unchecked set */
};

/* Plain data; times in seconds since 1970, 0: not told. */
struct revocation_verdict {
	enum revocation_status status;
	int reason; /* CRLReason of RFC 5280 5.3.1, -1: not told */
	int64_t revoked_at;
	int64_t produced_at; /* a CRL's thisUpdate */
	int64_t this_update, next_update;
	bool responder_unchecked; /* refused for want of question.list and nothing else so far */
};

/* Appends the OCSP request about one certificate, not signed. ERR_CERTIFICATE when one can't be read or was not issued by
 * issuer, ERR_CRYPTO. */
enum err revocation_request(
	const struct revocation_question *question, struct bytes *out, struct error *e);

/* Judges an OCSP response. ERR_OK: verdict has the status, whichever it is. ERR_REVOCATION_ANSWER with the reason in e->where,
 * ERR_CERTIFICATE, ERR_CRYPTO. */
enum err revocation_check_ocsp(const struct revocation_question *question, struct span response,
	struct revocation_verdict *verdict, struct error *e);

/* Looks the certificate up in a complete CRL of its issuer: signed by it (cRLSign), version 2, at within thisUpdate and
 * nextUpdate, which must be there; no delta and no indirect list, none of some reasons only, none of another distribution
 * point, no critical extension that is not understood. What is not listed is good. Errors as revocation_check_ocsp(). */
enum err revocation_check_list(const struct revocation_question *question, struct span list,
	struct revocation_verdict *verdict, struct error *e);

enum revocation_place { REVOCATION_RESPONDER, REVOCATION_LIST };

/* The first http(s) URL that the certificate itself names for its responder (authority information access) or its issuer's
 * list (CRL distribution points). False when there is none. */
bool revocation_url(struct span certificate, enum revocation_place place, struct bytes *out);

/* ERR_OK for a good certificate, else what its holder is told: ERR_CERTIFICATE_SUSPENDED, _REVOKED, _UNKNOWN. */
enum err revocation_error(const struct revocation_verdict *verdict);

#endif

/* Making a CAdES signature (ETSI EN 319 122-1 baseline B-B; Turkish profile P1) in three steps, so
 * that the private key operation can be a card's: begin, give the content, take the digest to be
 * signed; the card signs; finish.
 *
 * Signed attributes: content-type, message-digest, signing-time, signing-certificate-v2 (RFC 5652
 * 11, RFC 5035), each once. signing-certificate-v2 names the further certificates as well, so that
 * the signature binds every certificate inside. DER throughout. The content passes in pieces and is
 * not kept. */
#ifndef EONAY_SIGN_CADES_H
#define EONAY_SIGN_CADES_H

#include "sign/digest.h"

struct cades; /* a signature being made */

#define CADES_FURTHER_MAX 16 /* further certificates; chains in the field have two or three */

struct cades_request {
	struct span certificate; /* DER of the signer's certificate; copied */
	const struct span
		*further;     /* further certificates to embed (issuer ...), or NULL; copied */
	size_t further_count; /* at most CADES_FURTHER_MAX; the same one twice is no error */
	bool detached;        /* the content stays outside */
	bool pss;             /* RSA only: PSS in place of PKCS#1 v1.5 */
	/* DIGEST_NONE: chosen to fit the key: P-384 with SHA-384, P-521 with SHA-512, all else with
	 * SHA-256, but for an RSASSA-PSS key that allows one digest only. */
	enum digest digest;
	int64_t signing_time; /* seconds since 1970, up to the year 9999 */
};

/* What the card is asked to sign. */
struct cades_to_sign {
	enum signature_scheme scheme;
	enum digest digest;
	uint8_t value[DIGEST_MAX]; /* of the DER signed attributes, digest_size(digest) bytes */
};

/* Starts. *out is freed by cades_free(), also after errors. ERR_CERTIFICATE when a certificate
 * can't be read, ERR_CERTIFICATE_KEY (RSA < 2048, EC other than P-256, P-384, P-521), ERR_ALGORITHM
 * (PSS asked of an EC key), ERR_INTERNAL (signing_time), ERR_CRYPTO. Usage and validity of the
 * certificate are certificate_usable()'s question. */
enum err cades_begin(const struct cades_request *request, struct cades **out, struct error *e);
/* The next piece of the content. ERR_CRYPTO. */
enum err cades_update(struct cades *c, struct span piece, struct error *e);
/* Ends the content and gives what is to be signed. ERR_CRYPTO. */
enum err cades_prepare(struct cades *c, struct cades_to_sign *out, struct error *e);
/* Takes the signature value (RSA: as long as the modulus; ECDSA: DER). The CMS is head, then the
 * content itself unless detached, then tail: so that a large content is never held in memory. For a
 * detached signature head is all of it and tail is empty. head and tail are appended to.
 *
 * Before anything is given out, what was made goes through verify_cms(): ERR_SIGNATURE_WRONG when
 * the value is not the certificate's key's, and another signature may be tried then. */
enum err cades_finish(struct cades *c, struct span signature, struct bytes *head,
	struct bytes *tail, struct error *e);
void cades_free(struct cades *c); /* NULL is allowed */

/* Appends the signature with a time stamp over its value inside (ETSI EN 319 122-1 baseline B-T): the
 * token (RFC 3161) becomes its one unsigned attribute. Nothing else changes but the lengths of what
 * it is in, so that what was signed stays as it is. ERR_CMS_FORMAT, ERR_CMS_ATTRIBUTES (it has
 * unsigned attributes), ERR_TIMESTAMP (the token is not one whole element; whether it counts is
 * timestamp_check()'s question). */
enum err cades_add_time_stamp(
	struct span cms, struct span token, struct bytes *out, struct error *e);

#endif

/* What a person is told of a certificate, and what it may be used for (RFC 5280, ETSI EN 319
 * 412-2/-5, and the Turkish national statements of Law 5070). */
#ifndef EONAY_SIGN_CERTIFICATE_H
#define EONAY_SIGN_CERTIFICATE_H

#include "base/bytes.h"
#include "base/error.h"

enum certificate_key { CERTIFICATE_KEY_OTHER, CERTIFICATE_KEY_RSA, CERTIFICATE_KEY_EC };

/* Plain data: it crosses process boundaries as it is. Texts are valid UTF-8, 0-ended, cut at a
 * character when too long, and not yet judged for display: a NUL or a byte that is no UTF-8 stands
 * as U+FFFD, which base/text shows as unsafe. Several commonNames are all there, with ", " between
 * two. */
struct certificate_info {
	char holder[192]; /* subject commonName */
	char tckn[12]; /* subject serialNumber when there is one and it is eleven digits, else "" */
	char issuer[192];   /* issuer commonName, or its organisation when it has none */
	char serial[48];    /* serial number, hexadecimal */
	int64_t not_before; /* seconds since 1970 */
	int64_t not_after;
	enum certificate_key key;
	unsigned key_bits;
	bool non_repudiation; /* keyUsage nonRepudiation (contentCommitment) */
	bool statement_etsi;  /* QcStatement 0.4.0.1862.1.1 */
	bool statement_btk;   /* QcStatement 2.16.792.1.61.0.1.5070.1.1 or ...5070.2.1 */
	bool has_policy;      /* a certificatePolicies entry */
	bool qualified;       /* NES: both statements, a policy and nonRepudiation */
	bool test;            /* test policy 2.16.792.1.2.1.1.5.7.1.4.1 */
	uint8_t sha256[32];   /* of the DER */
};

/* Reads a DER certificate. ERR_CERTIFICATE when it is not one X.509 certificate in DER without a
 * byte behind it, when its serial number is longer than RFC 5280's 20 bytes, or an extension is
 * broken or there twice. A key of an unknown kind is no error. */
enum err certificate_read(struct span der, struct certificate_info *out, struct error *e);

/* May it sign an e-Onay at the time now (seconds since 1970)? ERR_OK, or the first reason that it
 * may not: ERR_CERTIFICATE_EXPIRED, _FUTURE, _USAGE, _NOT_QUALIFIED, _KEY (RSA < 2048, EC < 256,
 * other). */
enum err certificate_usable(const struct certificate_info *info, int64_t now);

/* As certificate_usable(), without usage and qualification: ERR_CERTIFICATE_EXPIRED, _FUTURE, _KEY.
 */
enum err certificate_valid(const struct certificate_info *info, int64_t now);

/* CAs that a verifier trusts. */
struct trust;

/* Reads PEM certificates (roots and intermediates together: self-signed ones are roots) from a
 * file. ERR_FILE_READ, ERR_TRUST_FILE. The caller frees *out with trust_free(). */
enum err trust_read_file(const char *path, struct trust **out, struct error *e);
void trust_free(struct trust *t); /* NULL is allowed */

/* Builds the chain of the certificate to a root of t at the time at (RFC 5280 6). untrusted:
 * further certificates found beside it (may be NULL/0). ERR_CERTIFICATE_ISSUER (e->where says
 * OpenSSL's reason), ERR_CERTIFICATE_EXPIRED ... */
enum err certificate_chain(const struct trust *t, struct span der, const struct span *untrusted,
	size_t untrusted_count, int64_t at, struct error *e);

#endif

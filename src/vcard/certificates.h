/* The certificates of the card: the test CA and what it issues to the holder, in the shape that
 * Turkish qualified certificates (NES) have. They say of themselves that they are for tests. */
#ifndef EONAY_VCARD_CERTIFICATES_H
#define EONAY_VCARD_CERTIFICATES_H

#include "vcard/state.h"

/* A kind of certificate that a card may carry. */
struct certificate_kind {
	uint8_t key_id;                 /* certificate i has key 2i - 1, as on Kamu SM's cards */
	const char *label;              /* in the PKCS#15 directory */
	const char *curve;              /* NULL: RSA of 2048 bits */
	const char *policy;             /* certificatePolicies */
	const char *key_usage;          /* as OpenSSL's configuration has it */
	const char *extended_key_usage; /* NULL for none */
	bool qualified;                 /* both QcStatements */
	bool company;                   /* the subject is a company, not the holder */
	bool more;                      /* only with --more-certificates */
	long from_days, to_days;        /* validity, from the day of issue */
};

/* The kinds in the order in which they lie on the card; NULL past the end. */
const struct certificate_kind *certificate_kind_at(size_t index);

/* The kind that belongs to a key id, which must be one of the table. */
const struct certificate_kind *certificate_kind(uint8_t key_id);

/* A CA that issues in place of the card's own test CA. */
struct issuer {
	const char *file;     /* PEM: its certificate and its private key */
	const char *ocsp_url; /* where the status of its certificates is told; NULL: nowhere */
	const char *crl_url;
};

/* Makes s the issuer's: its certificate and key are the CA's. ERR_FILE_READ, ERR_CERTIFICATE (not a certificate, or not the
 * key's). */
enum err certificate_load_ca(struct state *s, const struct issuer *issuer, struct error *e);

/* Makes the test CA's key (EC P-384) and its self-signed certificate. ERR_CRYPTO. */
enum err certificate_create_ca(struct state *s, struct error *e);

/* Makes a key of this kind and the CA's certificate for it, and adds both to s. issuer may be NULL: then the certificate tells
 * nowhere to ask about it. ERR_CRYPTO. */
enum err certificate_issue(struct state *s, const struct certificate_kind *kind,
	const struct issuer *issuer, struct error *e);

#endif

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

/* Makes the test CA's key (EC P-384) and its self-signed certificate. ERR_CRYPTO. */
enum err certificate_create_ca(struct state *s, struct error *e);

/* Makes a key of this kind and the CA's certificate for it, and adds both to s. ERR_CRYPTO. */
enum err certificate_issue(struct state *s, const struct certificate_kind *kind, struct error *e);

#endif

/* Builds signatures from parts, so that each part can be made wrong while all else, the signature
 * value included, is right. */
#ifndef EONAY_TESTS_FORGE_H
#define EONAY_TESTS_FORGE_H

#include "sign/pki.h"

/* The parts, in the order in which they stand; each is whole DER, an empty one is left out. */
enum part {
	PART_TYPE, /* of ContentInfo */
	PART_VERSION,
	PART_DIGESTS, /* SET */
	PART_CONTENT_TYPE,
	PART_CONTENT,      /* [0] */
	PART_CERTIFICATES, /* [0] */
	PART_LISTS,        /* [1] */
	PART_SIGNER_VERSION,
	PART_IDENTIFIER,
	PART_DIGEST,
	PART_A_TYPE, /* attributes: four that are wanted, and one or two more */
	PART_A_DIGEST,
	PART_A_TIME,
	PART_A_CERTIFICATE,
	PART_A_MORE,
	PART_A_MORE_STILL,
	PART_ALGORITHM,
	PART_SIGNATURE, /* made by forge_build() when empty */
	PART_UNSIGNED,  /* [1] */
	PART_BEHIND_SIGNER,
	PART_SIGNERS, /* more of them */
	PART_BEHIND,
	PART_COUNT,
	PART_NONE = PART_COUNT
};

enum forge_flag {
	FORGE_DETACHED = 1,
	FORGE_PSS = 2,
	FORGE_NO_ATTRIBUTES = 4, /* the signature is over the content */
	FORGE_UNSORTED = 8,
	FORGE_SIGN_AS_TAGGED = 16, /* the signature is over [0] in place of SET OF */
	FORGE_NO_SIGNERS = 32,
	FORGE_SALT_MAX = 64,
};

struct forge {
	const struct pki *signer;
	EVP_PKEY *key;      /* that signs: the signer's */
	const char *digest; /* "SHA256" */
	struct span content;
	unsigned flags;
	struct bytes part[PART_COUNT];
};

/* Fills all parts as a good signature has them. */
void forge_start(struct forge *f, const struct pki *signer, const char *digest, struct span content,
	unsigned flags);
/* Puts the DER given as hexadecimal digits in place of a part. */
void forge_set(struct forge *f, enum part part, const char *hex);
void forge_set_span(struct forge *f, enum part part, struct span der);
/* Appends the message to out. */
void forge_build(struct forge *f, struct bytes *out);
void forge_free(struct forge *f);

/* Appends Attribute { 1.2.840.113549.1.9.arc, SET { value } } (value: whole DER, or several). */
void forge_put_attribute(struct bytes *out, uint8_t arc, struct span value);
/* Appends signing-certificate-v2 whose one ESSCertIDv2 holds the SHA-256 of certificate, and more
 * behind the hash. */
void forge_put_signing_certificate(struct bytes *out, struct span certificate, struct span more);
/* The digest of s. */
size_t forge_digest(const char *digest, struct span s, uint8_t out[EVP_MAX_MD_SIZE]);

#endif

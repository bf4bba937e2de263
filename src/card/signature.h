/* The public half of a signature: what a card is given to sign, what it answers, and whether that
 * is the signature of the certificate's key. */
#ifndef EONAY_CARD_SIGNATURE_H
#define EONAY_CARD_SIGNATURE_H

#include <openssl/evp.h>

#include "card/card.h"

/* The form in which a card wants what it signs. */
enum sign_input {
	INPUT_DIGEST,      /* the digest value */
	INPUT_DIGEST_INFO, /* RFC 8017 9.2: DigestInfo; the card pads */
	INPUT_PKCS1_BLOCK, /* RFC 8017 9.2: the whole EMSA-PKCS1-v1_5 block; the card does the bare
			      RSA operation */
	INPUT_PSS_BLOCK,   /* RFC 8017 9.1: EMSA-PSS with MGF1 and a salt as long as the digest */
};

/* The public key of a DER certificate; NULL when it can't be read. Owned by the caller
 * (EVP_PKEY_free). */
EVP_PKEY *signature_key(struct span certificate);

/* Bytes of a digest value. */
size_t signature_digest_size(enum card_digest digest);

/* True when a key of this type can make a signature of this scheme. */
bool signature_scheme_fits(EVP_PKEY *key, enum card_scheme scheme);

/* Appends what the card is to be given. False when it can't be made (key too short for the block).
 */
bool signature_make_input(enum sign_input form, EVP_PKEY *key, enum card_digest digest,
	struct span value, struct bytes *out);

/* Appends the signature in the form that CMS wants: RSA as long as the modulus (leading zeros that
 * the card left out are put back), ECDSA as DER whether the card answered DER or r and s one behind
 * the other (the AKiS and ISO 7816-8 form). False when answer is neither. */
bool signature_take(EVP_PKEY *key, struct span answer, struct bytes *out);

/* The signature is that of key over the digest value. */
bool signature_is_right(EVP_PKEY *key, enum card_scheme scheme, enum card_digest digest,
	struct span value, struct span signature);

#endif

/* What is on a card, whatever told us: a PKCS#15 directory (pkcs15.h) or a driver that knows its
 * card. */
#ifndef EONAY_CARD_CONTENTS_H
#define EONAY_CARD_CONTENTS_H

#include "card/card.h"
#include "card/file.h"

#define CONTENTS_KEYS_MAX 16
#define CONTENTS_PINS_MAX 8
#define CONTENTS_ALGORITHMS_MAX 16
#define CONTENTS_SERIAL_MAX 32 /* hexadecimal digits and NUL do fit in CARD_LABEL_MAX */
#define NO_REFERENCE (-1)
#define PIN_ISO9564_MAX 12 /* digits; ISO 9564-1 knows no longer PIN */

struct identifier {
	uint8_t at[CARD_ID_MAX];
	size_t n;
};

/* ISO 7816-15 PasswordType, and what AKiS v1 wants. */
enum pin_coding {
	PIN_BCD = 0,
	PIN_ASCII = 1, /* ascii-numeric: digits only */
	PIN_UTF8 = 2,
	PIN_HALF_NIBBLE_BCD = 3,
	PIN_ISO9564 = 4,
	PIN_VALUES = 5, /* each digit as a byte of value 0 to 9 */
};

/* A PIN object. */
struct pin_object {
	char label[CARD_LABEL_MAX];
	struct identifier auth_id;
	struct identifier guard; /* auth_id of the PIN that may unblock this one */
	enum pin_coding coding;
	unsigned min, max, stored; /* characters, characters, bytes; stored 0: not padded */
	bool needs_padding, initialized, unblocking, so;
	uint8_t pad;
	uint8_t reference;     /* P2 of VERIFY */
	struct file_path path; /* DF to select before VERIFY; n 0: none */
};

enum key_kind { KEY_RSA, KEY_EC };

struct key_object {
	char label[CARD_LABEL_MAX];
	struct identifier id, auth_id;
	enum key_kind kind;
	bool signs;    /* usage sign, signRecover or nonRepudiation */
	int reference; /* in MSE; NO_REFERENCE when not told */
	struct file_path path;
	unsigned algorithms[CONTENTS_ALGORITHMS_MAX]; /* references into contents.algorithms */
	size_t algorithm_count;
};

struct certificate_object {
	char label[CARD_LABEL_MAX];
	struct identifier id;
	struct file_path path; /* n 0 when der holds it */
	struct bytes der;
};

/* ISO 7816-15 AlgorithmInfo. */
struct algorithm {
	unsigned reference;
	unsigned mechanism; /* PKCS#11 CKM_ */
	int card_reference; /* algRef: value of tag 80 in MSE; NO_REFERENCE when not told */
};

struct contents {
	char label[CARD_LABEL_MAX];
	char serial[2 * CONTENTS_SERIAL_MAX + 1];
	struct pin_object pins[CONTENTS_PINS_MAX];
	size_t pin_count;
	struct key_object keys[CONTENTS_KEYS_MAX];
	size_t key_count;
	struct certificate_object certificates[CARD_CERTIFICATES_MAX];
	size_t certificate_count;
	struct algorithm algorithms[CONTENTS_ALGORITHMS_MAX];
	size_t algorithm_count;
};

/* Releases what contents own; they are then empty. */
void contents_release(struct contents *c);

/* The PIN object that guards key: by authId, else the first one that is a user's. NULL when there
 * is none. */
const struct pin_object *contents_pin_of(const struct contents *c, const struct key_object *key);

/* The PIN object that unblocks pin, its PUK: by the authId in pin's own attributes (ISO 7816-15 8.9),
 * else the first unblocking one that is not the security officer's. NULL when there is none. */
const struct pin_object *contents_puk_of(const struct contents *c, const struct pin_object *pin);

#endif

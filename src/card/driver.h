/* What differs from card to card. A driver is one file with a static const struct card_driver, and
 * a line in the table of card.c. It has no state but card->variant and card->features, which are
 * its own. */
#ifndef EONAY_CARD_DRIVER_H
#define EONAY_CARD_DRIVER_H

#include "card/contents.h"
#include "card/signature.h"

#define SIGN_WAYS_MAX 8

/* One way of asking a card for a signature: what goes into MSE and what into PSO. */
struct sign_way {
	int algorithm; /* value of tag 80 in MSE; NO_REFERENCE: no such tag */
	enum sign_input input;
};

/* What card.c and card_sign.c know of a certificate beyond struct card_certificate. */
struct signer {
	EVP_PKEY *key;                      /* the certificate's */
	const struct key_object *object;    /* NULL: no key on the card */
	const struct pin_object *pin, *puk; /* puk NULL: none is known that unblocks the PIN */
	uint8_t way[3][3]; /* by scheme and digest: 1 + index of the way that has worked, 0: not
			      known */
};

struct card_driver;

struct card {
	const struct card_driver *driver;
	struct channel channel;
	struct file_system files;
	struct contents contents;
	struct card_certificate certificates[CARD_CERTIFICATES_MAX];
	struct signer signers[CARD_CERTIFICATES_MAX];
	size_t certificate_count;
	bool selected;  /* the application was selected by us, and no reset is known of since */
	bool pin_first; /* learned: the security environment is to be set after VERIFY, not before
			 */
	unsigned unsettled;               /* VERIFYs that got no answer */
	unsigned puk_unsettled;           /* commands with the PUK that got none */
	const struct pin_object *blocked; /* VERIFY said so: not every card tells it afterwards */
	const struct pin_object *puk_blocked; /* likewise */
	unsigned variant, features;           /* the driver's own */
	struct card_pin pin_seen; /* what the driver saw of the PIN while selecting, where selecting
				     tells that */
};

struct card_driver {
	const char *name;
	bool pin_first;       /* MSE wants the PIN */
	bool blocked_6984;    /* 6984 to VERIFY: the PIN is blocked */
	bool tells_puk;       /* pin_state knows of PUKs too */
	bool state_by_select; /* pin_state tells what select saw, so select comes before each
				 signature */

	/* The ATR is one that only cards of this driver have: it is asked first. */
	bool (*knows_atr)(struct span atr);

	/* Selects the signature application and sets files to it. Any error but the reader's: not a
	 * card of this driver. */
	enum err (*select)(struct card *c, struct error *e);

	/* Fills contents; certificates with a path are read by card.c afterwards. The application
	 * is selected. */
	enum err (*read)(struct card *c, struct error *e);

	/* The state of a PIN or, where tells_puk is set, a PUK without risk, the application being
	 * selected. NULL, or ERR_NOT_FOUND: can't be known. */
	enum err (*pin_state)(struct card *c, const struct pin_object *pin, struct card_pin *out,
		struct error *e);

	/* For cards that want the PUK by VERIFY: gives pin its new value behind that. NULL: PUK and
	 * new PIN go in one RESET RETRY COUNTER (ISO 7816-4 11.5.10, P1 00). */
	enum err (*set_pin)(struct card *c, const struct pin_object *pin, struct span block,
		unsigned *sw, struct error *e);

	/* Writes the ways to ask for such a signature, the likeliest first; returns how many (0:
	 * not supported). */
	size_t (*ways)(const struct card *c, const struct signer *s, enum card_scheme scheme,
		enum card_digest digest, struct sign_way out[SIGN_WAYS_MAX]);

	/* Sets the security environment for a way. NULL: MSE SET DST with the way's algorithm and the
	 * key's reference, or its file when it has none. */
	enum err (*set_key)(struct card *c, const struct key_object *key,
		const struct sign_way *way, unsigned *sw, struct error *e);
};

/* Learns from EF.ATR (2F01 in the MF, tag 7F66: ISO 7816-4 12.7.1) how long commands and answers
 * may be. */
enum err card_learn_lengths(struct card *c, struct error *e);

/* SELECT by DF name. *sw is its status word. */
enum err card_select_name(struct card *c, struct span name, unsigned *sw, struct error *e);

/* Adds the certificate file id of the application's DF with a key of this reference; der is its
 * content, taken over. */
void card_add_fixed(struct card *c, uint16_t file, struct bytes *der, uint8_t reference);

/* Adds the PUK of the PIN with this reference where the card names none: the one with the next
 * reference, when that is not another PIN's. For cards that are known to have it there. */
void card_add_puk(struct card *c, uint8_t reference);

/* Adds the PIN that all fixed keys want, and its PUK. */
void card_add_fixed_pins(
	struct card *c, uint8_t reference, enum pin_coding coding, unsigned min, unsigned max);

/* The state of a PIN or PUK as far as this card tells it without risk, the application being selected.
 * On an error it is what is known without the card. */
enum err card_look_at_pin(
	struct card *c, const struct pin_object *pin, struct card_pin *out, struct error *e);

/* True for what the reader or the way to it is to blame for; all other errors are the card's
 * answer. */
bool card_is_unreachable(enum err code);

/* Selects the application (again) and notes that. */
enum err card_select(struct card *c, struct error *e);

/* A digest's value in the high half of an IAS-ECC algorithm identifier: 4, 5, 6 for SHA-256, -384,
 * -512. */
static inline int driver_ias_hash(enum card_digest digest)
{
	return 0x40 + 0x10 * (int)digest;
}

extern const struct card_driver driver_akis, driver_akis1, driver_isoapplet, driver_pkcs15;

#endif

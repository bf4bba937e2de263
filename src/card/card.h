/* A card with signature keys, whatever its make: its certificates, its PIN, and "sign this digest with that key".
 * What differs from card to card is in the drivers (driver.h); what all share is in iso7816.h and pkcs15.h. */
#ifndef EONAY_CARD_CARD_H
#define EONAY_CARD_CARD_H

#include "base/secret.h"
#include "card/pin.h"
#include "card/reader.h"

#define CARD_CERTIFICATES_MAX 16
#define CARD_LABEL_MAX 64
#define CARD_ID_MAX 32 /* bytes of a PKCS#15 CommonObjectAttributes id that we keep */

struct card; /* a recognised card */

struct card_certificate {
	struct bytes der; /* as read; never past the length in its DER header */
	char label
		[CARD_LABEL_MAX]; /* PKCS#15 label or "" ; UTF-8 as found, not judged for display */
	uint8_t id
		[CARD_ID_MAX]; /* PKCS#15 iD of certificate and key, or the driver's own (file id) */
	size_t id_n;
	bool has_key; /* a private key that can sign is known for it */
};

enum card_digest { CARD_SHA256, CARD_SHA384, CARD_SHA512 };
enum card_scheme { CARD_RSA_PKCS1, CARD_RSA_PSS, CARD_ECDSA };

struct card_sign_request {
	size_t certificate; /* index into the card's certificates */
	enum card_scheme scheme;
	enum card_digest digest;
	struct span value; /* the digest value */
	bool last_try_confirmed; /* the person has confirmed that the last try (or an unknown number) be used */
};

/* Recognises the card behind reader (by ATR, then by application) and reads its directory and certificates inside one
 * transaction, without a PIN; once more when the card is reset meanwhile. The card keeps reader, which the caller closes
 * after card_close().
 * ERR_CARD_UNKNOWN, ERR_NO_CERTIFICATE, ERR_CARD_* . */
enum err card_open(struct reader *reader, struct card **out, struct error *e);
void card_close(struct card *c); /* NULL is allowed */

const char *card_driver(const struct card *c); /* "akis", "pkcs15" ... */
const char *card_label(
	const struct card *c); /* from EF(TokenInfo) or the driver; not judged for display */
const char *card_serial(const struct card *c); /* hexadecimal, "" when the card does not tell */
size_t card_certificates(const struct card *c, const struct card_certificate **out);

/* Tries left and format of the PIN for a certificate's key, in a transaction of its own. Sends no VERIFY but to
 * card types known to bear it. ERR_NO_KEY, and the errors of reader_begin() and reader_transmit(). */
enum err card_pin_status(struct card *c, size_t certificate, struct card_pin *out, struct error *e);

/* Are the keys of two certificates guarded by the same PIN? Then the state of one is that of both. */
bool card_same_pin(const struct card *c, size_t certificate, size_t other);

/* The same of the PUK that unblocks this PIN. ERR_PUK_NONE when the card names none. */
enum err card_puk_status(struct card *c, size_t certificate, struct card_pin *out, struct error *e);

/* One press of İMZALA: in one transaction, looks at the PIN's state, sends VERIFY at most once, sets the security
 * environment, signs, and resets the card. Signature in out: RSA as long as the modulus, ECDSA as DER; it has
 * been verified with the certificate's key.
 * Before anything is sent: ERR_PIN_LENGTH, ERR_PIN_DIGITS, ERR_NO_KEY, ERR_ALGORITHM. Before the PIN is sent:
 * ERR_PIN_LAST_TRY (unless confirmed), ERR_PIN_BLOCKED, ERR_PIN_NOT_SET (e->tries tells), ERR_ALGORITHM,
 * ERR_CARD_CHANGED and the reader's errors. Of the VERIFY: ERR_PIN_WRONG with e->tries, ERR_PIN_BLOCKED,
 * ERR_PIN_REFUSED (no try used), ERR_PIN_UNSETTLED (sent, no answer that tells). After it: ERR_SIGNATURE_WRONG,
 * ERR_CARD_REFUSED, the reader's errors. e->pin_sent tells whether a VERIFY had left.
 * After CARD_UNSETTLED_MAX times ERR_PIN_UNSETTLED nothing is sent any more; whoever opens the card anew after
 * such a failure has to count for himself. */
#define CARD_UNSETTLED_MAX 2
enum err card_sign(struct card *c, const struct card_sign_request *request, struct span pin,
	struct bytes *out, struct error *e);

struct card_unblock_request {
	size_t certificate;      /* the one whose key's PIN is to be set */
	bool last_try_confirmed; /* as in struct card_sign_request, of the PUK */
};

/* One press of PIN'İ AYARLA: in one transaction, looks at the PUK's state, sends the PUK once at most, gives the PIN
 * its new value and all its tries, and resets the card. The same law as for card_sign(), said of the PUK.
 * Before anything is sent: ERR_PUK_NONE, ERR_PUK_LENGTH, ERR_PUK_DIGITS, ERR_PIN_LENGTH, ERR_PIN_DIGITS, and
 * pin_choice()'s ERR_PIN_EQUAL, ERR_PIN_ROW, ERR_PIN_LIKE_PUK. Before the PUK is sent: ERR_PUK_LAST_TRY (unless
 * confirmed), ERR_PUK_BLOCKED, the reader's errors. Of the PUK: ERR_PUK_WRONG with e->tries, ERR_PUK_BLOCKED,
 * ERR_PUK_REFUSED (no try used). Behind a right one: ERR_PIN_NOT_TAKEN (no try used). ERR_PUK_UNSETTLED: no answer that
 * tells, neither of the PUK nor of the PIN; after CARD_UNSETTLED_MAX of these nothing is sent any more. e->pin_sent
 * tells whether the PUK had left. */
enum err card_unblock(struct card *c, const struct card_unblock_request *request, struct span puk,
	struct span new_pin, struct error *e);

#endif

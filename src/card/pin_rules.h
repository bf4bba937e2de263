/* A PIN before it is sent and the card's word on it. PIN safety is law here: see HACKING. */
#ifndef EONAY_CARD_PIN_RULES_H
#define EONAY_CARD_PIN_RULES_H

#include "card/contents.h"

#define PIN_BLOCK_MAX 64 /* bytes of VERIFY data; SECRET_MAX */

/* The format, before anything is sent: ERR_PIN_LENGTH, ERR_PIN_DIGITS. An empty PIN never passes.
 */
enum err pin_check(const struct pin_object *object, struct span pin, struct error *e);

/* Writes the data of VERIFY for a PIN that passed pin_check(); returns its length. The caller wipes
 * out. */
size_t pin_encode(const struct pin_object *object, struct span pin, uint8_t out[PIN_BLOCK_MAX]);

/* What a VERIFY's status word says. Only 63Cx, 6983 and, where the card means that by it, 6984 are
 * the PIN's fault; 6300 is a failure that does not tell whether a try was used (ERR_PIN_UNSETTLED);
 * all others used none (ERR_PIN_REFUSED). */
enum err pin_judge(unsigned sw, bool blocked_6984, struct error *e);

/* Whether the state allows a VERIFY: ERR_PIN_BLOCKED, ERR_PIN_NOT_SET, or ERR_PIN_LAST_TRY when the
 * last try, or an unknown number of them, is at stake and the person has not confirmed that. */
enum err pin_permit(const struct card_pin *state, bool confirmed, struct error *e);

/* What the functions above say of a PIN, said of a PUK: ERR_PUK_WRONG for ERR_PIN_WRONG and so on, in e
 * too. Other codes are returned as they are. */
enum err pin_of_puk(enum err code, struct error *e);

#endif

/* Whether a new PIN is one that somebody else would try first. Pure. */
#ifndef EONAY_BASE_PIN_CHOICE_H
#define EONAY_BASE_PIN_CHOICE_H

#include "base/bytes.h"
#include "base/error.h"

/* Judges the digits of a new PIN beside the PUK that allows it: ERR_PIN_EQUAL (one digit all over), ERR_PIN_ROW (each
 * digit one up or one down, 9 and 0 being neighbours: 123456, 4321, 7890), ERR_PIN_LIKE_PUK (one of the two begins with
 * the other). Length and digits are the card's matter. */
enum err pin_choice(struct span pin, struct span puk);

#endif

/* What a card says of itself when it wakes: ISO 7816-3 8.2, and the historical bytes of ISO
 * 7816-4 12.1.1. */
#ifndef EONAY_CARD_ATR_H
#define EONAY_CARD_ATR_H

#include "base/bytes.h"

/* The historical bytes of an ATR; false when the ATR is not whole or its check byte is wrong. */
bool atr_historical(struct span atr, struct span *out);

/* The card capabilities (compact-TLV 73, third byte, ISO 7816-4 12.1.1.9) say that extended length
 * fields are taken. */
bool atr_extended_length(struct span atr);

#endif

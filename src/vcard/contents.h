/* The files of a card: its certificates, and the PKCS#15 directory (ISO 7816-15) that describes
 * them, keys and PINs. */
#ifndef EONAY_VCARD_CONTENTS_H
#define EONAY_VCARD_CONTENTS_H

#include "vcard/card.h"

/* Fills the card's empty file system from its state. */
void contents_build(struct card *c, struct card_contents contents);

#endif

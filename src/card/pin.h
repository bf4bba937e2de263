/* What is known of a PIN without having asked for it. Plain data: it crosses process boundaries. */
#ifndef EONAY_CARD_PIN_H
#define EONAY_CARD_PIN_H

#include "base/error.h"

struct card_pin {
	int tries;            /* left; TRIES_UNKNOWN when the card does not let it be known without risk */
	int tries_max;        /* TRIES_UNKNOWN when not told */
	bool last_try;        /* the card says so, or tries is 1 */
	bool blocked;
	bool not_set;         /* never given a value (transport state) */
	unsigned min, max;    /* length in characters */
	bool digits_only;
};

#endif

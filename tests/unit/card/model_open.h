/* The virtual card of model.h, opened by the card module: apart from it because the two have functions of the same names. */
#ifndef EONAY_TESTS_CARD_MODEL_OPEN_H
#define EONAY_TESTS_CARD_MODEL_OPEN_H

#include "model.h"

#include "card/card.h"

/* Connects to it and opens it, which nothing hinders. Ended by model_close(). */
static inline struct card *model_open(struct model *m, struct reader **r)
{
	struct error e;
	struct card *c;

	*r = model_connect(m);
	assert_int_equal(card_open(*r, &c, &e), ERR_OK);
	return c;
}

static inline void model_close(struct card *c, struct reader *r)
{
	card_close(c);
	reader_disconnect(r, false);
}

#endif

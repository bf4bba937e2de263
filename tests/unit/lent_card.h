/* The virtual card that unit tests work on. */
#ifndef EONAY_TESTS_LENT_CARD_H
#define EONAY_TESTS_LENT_CARD_H

#include <stdlib.h>

#include "vcard/personalise.h"

/* A card ready for the default holder, in memory only. Where making its keys takes minutes, valgrind.sh names a file
 * that has them (EONAY_TEST_CARD); it is read but not written to. */
static inline enum err lent_card(struct state *s, bool more, struct error *e)
{
	const struct holder holder = {0};
	enum err code = personalise(s, getenv("EONAY_TEST_CARD"), &holder, more, NULL, e);

	free(s->path);
	s->path = NULL;
	return code;
}

#endif

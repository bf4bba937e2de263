/* Words for people: Turkish in the source, translated by the catalogue. */
#ifndef EONAY_CLI_WORDS_H
#define EONAY_CLI_WORDS_H

#include <libintl.h>

/* _() translates, N_() marks a text that is translated where it is used. */
#define _(text) gettext(text)
#define N_(text) text

#endif

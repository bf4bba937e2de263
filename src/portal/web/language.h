/* The languages of the pages. The source is Turkish; English comes from tui/po/en.po, which is embedded. */
#ifndef EONAY_PORTAL_WEB_LANGUAGE_H
#define EONAY_PORTAL_WEB_LANGUAGE_H

#include <stddef.h>

enum language { LANGUAGE_TURKISH, LANGUAGE_ENGLISH, LANGUAGE_COUNT };

/* "tr", "en" (BCP 47). */
const char *language_tag(enum language language);

/* The language with this tag; fallback for NULL and any other. */
enum language language_of(const char *tag, enum language fallback);

/* text, which is Turkish and stands in the sources as translate(language, "…") or N_("…"), in the language; itself where
 * the catalogue does not have it. Depends on no locale, so that each request has its own language. */
const char *translate(enum language language, const char *text);

/* Marks a text for the catalogue, to be translated where it is used. */
#define N_(text) text

#endif

/* The one way from a value into a page. */
#ifndef EONAY_PORTAL_WEB_ESCAPE_H
#define EONAY_PORTAL_WEB_ESCAPE_H

#include "base/bytes.h"

/* Appends s so that it is nothing but text, in an element and in a quoted attribute: & < > " ' become entities, and what
 * is not safe to show (base/text.h: controls, invalid UTF-8, bidi controls …) its visible form; line feeds stay. */
void escape_html(struct span s, struct bytes *out);

#endif

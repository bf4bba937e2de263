/* The text of the e-Onay. */
#ifndef EONAY_PORTAL_CONSENT_H
#define EONAY_PORTAL_CONSENT_H

#include "portal/session.h"

/* The text in the file at path, or the official one (seed, step 11) when path is ""; out was empty. A line feed that ends
 * the file is not part of it. Each session keeps the text that it began with, so a new file is for new sessions.
 * ERR_FILE_READ, ERR_TOO_LARGE, ERR_TEXT_UNSAFE, ERR_TEXT_SIZE. */
enum err consent_load(const char *path, struct texts *out, struct error *e);

/* Is it the official one? */
bool consent_is_official(const struct texts *t);

#endif

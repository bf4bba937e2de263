/* The language of the words. */
#ifndef EONAY_CLI_LANGUAGE_H
#define EONAY_CLI_LANGUAGE_H

#include "job/settings.h"

/* The C.UTF-8 locale always, with gettext's language on top: no result depends on the caller's
 * locale. Once, before the first word. False when the system has no C.UTF-8. */
bool language_choose(enum settings_language language);

/* "tr" or "en" into *out; false for anything else. */
bool language_read(const char *name, int *out);

/* Is the catalogue of the language chosen there? Always for Turkish, which is in the source. */
bool language_is_there(void);

#endif

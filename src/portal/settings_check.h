/* What the table of settings cannot tell: whether a text says what it is there for. */
#ifndef EONAY_PORTAL_SETTINGS_CHECK_H
#define EONAY_PORTAL_SETTINGS_CHECK_H

#include "portal/settings.h"

/* May the service serve with these texts? A list of what is no address, or a URL that is never asked, would show only when
 * somebody waits for it. ERR_CONFIG_VALUE: where names the setting. */
enum err settings_check(const struct portal_settings *s, struct error *e);

#endif

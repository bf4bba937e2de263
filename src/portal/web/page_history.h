/* Onaylarım: the consents that a person has given. */
#ifndef EONAY_PORTAL_WEB_PAGE_HISTORY_H
#define EONAY_PORTAL_WEB_PAGE_HISTORY_H

#include "portal/routes.h"

extern const struct route history_routes[];

#endif

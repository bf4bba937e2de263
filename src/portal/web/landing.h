/* The page that people see first. */
#ifndef EONAY_PORTAL_WEB_LANDING_H
#define EONAY_PORTAL_WEB_LANDING_H

#include "portal/routes.h"

extern const struct route landing_routes[];

#endif

/* The operator's page at the registration desk. */
#ifndef EONAY_PORTAL_WEB_PAGE_OPERATOR_H
#define EONAY_PORTAL_WEB_PAGE_OPERATOR_H

#include "portal/routes.h"

extern const struct route operator_routes[];

#endif

/* GET /static/NAME: the embedded files that a page asks for. */
#ifndef EONAY_PORTAL_WEB_STATIC_H
#define EONAY_PORTAL_WEB_STATIC_H

#include "portal/routes.h"

extern const struct route static_routes[];

#endif

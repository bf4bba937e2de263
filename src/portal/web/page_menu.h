/* Pages without data of their own: the method of login, the menus. */
#ifndef EONAY_PORTAL_WEB_PAGE_MENU_H
#define EONAY_PORTAL_WEB_PAGE_MENU_H

#include "portal/routes.h"

extern const struct route menu_routes[];

#endif

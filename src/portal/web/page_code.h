/* E-Onay İşlemleri and PIN Oluşturma/Kilit Çözme: a code for the kiosk, and a page that follows what becomes of it. */
#ifndef EONAY_PORTAL_WEB_PAGE_CODE_H
#define EONAY_PORTAL_WEB_PAGE_CODE_H

#include "portal/routes.h"

extern const struct route code_routes[];

#endif

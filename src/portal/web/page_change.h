/* Askıya Alma, Askıdan İndirme, Sertifikamı İptal Et: a certificate's status changes in two steps. */
#ifndef EONAY_PORTAL_WEB_PAGE_CHANGE_H
#define EONAY_PORTAL_WEB_PAGE_CHANGE_H

#include "portal/routes.h"

extern const struct route change_routes[];

#endif

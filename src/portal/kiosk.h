/* The kiosk's side of the protocol (openapi.yaml). */
#ifndef EONAY_PORTAL_KIOSK_H
#define EONAY_PORTAL_KIOSK_H

#include "portal/routes.h"

/* Ended by an entry without a method. */
extern const struct route kiosk_routes[];

#endif

/* For whoever runs the service: /healthz (this process is there), /readyz (it can do its work), /metrics. */
#ifndef EONAY_PORTAL_OPERATIONS_H
#define EONAY_PORTAL_OPERATIONS_H

#include "portal/routes.h"

extern const struct route operations_routes[];

#endif

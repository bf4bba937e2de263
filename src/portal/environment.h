/* What the service takes over of its environment: what systemd gives, the languages of messages and the time zone. */
#ifndef EONAY_PORTAL_ENVIRONMENT_H
#define EONAY_PORTAL_ENVIRONMENT_H

#include "base/environment.h"

extern const struct environment_variable environment_kept[];

#endif

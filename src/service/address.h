/* Which addresses the kiosk may talk to. */
#ifndef EONAY_SERVICE_ADDRESS_H
#define EONAY_SERVICE_ADDRESS_H

#include "base/bytes.h"
#include "base/error.h"

#include <stdbool.h>

/* Judges the base URL of a service: https://host[:port][/prefix], or http:// when the host is a
 * loopback address written in digits (a name could resolve to anything). No user, no query, no
 * fragment. Appends the URL in normal form without a slash at its end to base; *plain: it is http.
 * ERR_SERVICE_ADDRESS. */
enum err address_read(const char *url, struct bytes *base, bool *plain, struct error *e);

#endif

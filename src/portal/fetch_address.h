/* Which addresses the service may ask. */
#ifndef EONAY_PORTAL_FETCH_ADDRESS_H
#define EONAY_PORTAL_FETCH_ADDRESS_H

#include "base/error.h"

#include <stdbool.h>

/* https, or http when the answer is signed or the host is a loopback address written in numbers; with a host, without user,
 * password and fragment. ERR_SERVICE_ADDRESS. */
enum err fetch_address_check(const char *url, bool answer_is_signed, struct error *e);

#endif

/* What the registry has of a person: applications and certificates. */
#ifndef EONAY_PORTAL_WEB_PAGE_REGISTRY_H
#define EONAY_PORTAL_WEB_PAGE_REGISTRY_H

#include "portal/routes.h"
#include "portal/store/store_registry.h"

extern const struct route registry_routes[];

/* The certificate that the parameter seri of the query (or, when form is true, the field of the form) names, if it is
 * that of the person who asks: what belongs to others is as unknown as what is not there. The caller frees it.
 * ERR_RECORD_UNKNOWN, ERR_STORE. */
enum err registry_find_own(
	const struct http_request *request, bool form, struct registered *out, struct error *e);

#endif

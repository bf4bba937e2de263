/* The verification report of a consent. */
#ifndef EONAY_PORTAL_WEB_PAGE_REPORT_H
#define EONAY_PORTAL_WEB_PAGE_REPORT_H

#include "portal/routes.h"

/* The page of the consent in the path (ROUTE_PERSON): its stored signature is verified anew, as of the time when it was
 * accepted. */
enum err report_answer(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e);

#endif

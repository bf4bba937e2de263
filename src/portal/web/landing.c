#include "portal/web/landing.h"

#include "portal/web/page.h"

static enum err answer_landing(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	(void)p;
	return page_answer(request, answer, 200, "landing", NULL, e);
}

const struct route landing_routes[] = {
	{"GET", "/", NULL, 0, answer_landing, ROUTE_PAGE},
	{0},
};

#include "portal/web/page_menu.h"

#include "portal/web/page.h"

#include <string.h>

/* Seed, step 2. */
static enum err answer_landing(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	const char *session = request_query(request, "oturum");

	(void)p;
	return page_answer(request, answer, 200, "landing",
		json_pack("{s:b}", "ended", session && strcmp(session, "bitti") == 0), e);
}

/* Seed, step 3. */
static enum err answer_method(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	const char *method = request_query(request, "yontem");

	(void)p;
	return page_answer(request, answer, 200, "method",
		json_pack("{s:b}", "signature", method && strcmp(method, "e-imza") == 0), e);
}

/* Seed, steps 5 and 6. */
static enum err answer_menu(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	(void)p;
	return page_answer(request, answer, 200, "menu", NULL, e);
}

/* Seed, step 7. */
static enum err answer_individual(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	(void)p;
	return page_answer(request, answer, 200, "individual", NULL, e);
}

const struct route menu_routes[] = {
	{"GET", "/", NULL, 0, answer_landing, ROUTE_PAGE},
	{"GET", "/giris", NULL, 0, answer_method, ROUTE_PAGE},
	{"GET", "/islemler", NULL, 0, answer_menu, ROUTE_PAGE | ROUTE_PERSON},
	{"GET", "/islemler/bireysel", NULL, 0, answer_individual, ROUTE_PAGE | ROUTE_PERSON},
	{0},
};

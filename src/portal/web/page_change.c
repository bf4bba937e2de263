#include "portal/web/page_change.h"

#include "base/clock.h"
#include "portal/web/page.h"
#include "portal/web/page_registry.h"
#include "portal/web/values.h"

#include <string.h>

#define PATH "/islemler/bireysel/"

/* A change and what it may be made to. */
struct change {
	const char *path;
	const char *name; /* for the templates */
	enum registered_status to;
	bool from[3]; /* of enum registered_status */
};

static const struct change changes[] = {
	{PATH "askiya-alma", "suspend", REGISTERED_SUSPENDED, {[REGISTERED_VALID] = true}},
	{PATH "askidan-indirme", "release", REGISTERED_VALID, {[REGISTERED_SUSPENDED] = true}},
	{PATH "iptal", "revoke", REGISTERED_REVOKED,
		{[REGISTERED_VALID] = true, [REGISTERED_SUSPENDED] = true}},
};

static const struct change *change_of(const struct http_request *request)
{
	const struct change *at = changes;

	while (strcmp(at->path, request->route->path) != 0)
		at++;
	return at;
}

/* Nothing is changed of a certificate that has run out: nobody accepts it any more. */
static bool may_change(const struct change *change, const struct registered *r)
{
	return change->from[r->status] && clock_wall_s() <= r->not_after;
}

static json_t *change_values(const struct change *change)
{
	return json_pack("{s:b, s:s}", change->name, 1, "address", change->path);
}

struct choice {
	const struct change *change;
	json_t *list;
};

static bool add_choice(const struct registered *r, void *context)
{
	struct choice *choice = context;

	if (may_change(choice->change, r))
		json_array_append_new(choice->list, value_certificate(r, clock_wall_s()));
	return true;
}

static enum err answer_choice(
	const struct http_request *request, struct http_answer *answer, struct error *e)
{
	struct choice choice = {change_of(request), json_array()};
	json_t *values = change_values(choice.change);
	enum err code = store_list_certificates(
		request->portal->store, request->person->tckn, add_choice, &choice, e);

	value_set_list(values, "certificates", choice.list);
	if (!code)
		return page_answer(request, answer, 200, "change_choose", values, e);
	json_decref(values);
	return code;
}

/* The page of one certificate: name is that of a template. */
static enum err answer_one(const struct http_request *request, struct http_answer *answer,
	const struct registered *r, unsigned status, const char *name, struct error *e)
{
	json_t *values = change_values(change_of(request));

	json_object_set_new(values, "certificate", value_certificate(r, clock_wall_s()));
	json_object_set_new(values, "unanswered", json_boolean(status != 200));
	if (status != 200)
		json_object_set_new(values, "page",
			json_sprintf("%s?seri=%s", change_of(request)->path, r->serial));
	return page_answer(request, answer, status, name, values, e);
}

/* Without a certificate: the choice. With one: the question, or what has come of it. */
static enum err answer_page(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	const struct change *change = change_of(request);
	struct registered r;
	enum err code;

	(void)p;
	if (!request_query(request, "seri"))
		return answer_choice(request, answer, e);
	code = registry_find_own(request, false, &r, e);
	if (code)
		return code;
	if (r.status == change->to && request_query(request, "oldu"))
		code = answer_one(request, answer, &r, 200, "change_done", e);
	else if (may_change(change, &r))
		code = answer_one(request, answer, &r, 200, "change_confirm", e);
	else
		answer_redirect(answer, change->path);
	registered_free(&r);
	return code;
}

/* The word for the records; what a form may say is one of a few. */
static const char *reason_of(const struct http_request *request, const struct change *change)
{
	static const char *const reasons[] = {"kayip", "bilgi", "birakma"};
	const char *given = request_form(request, "neden");

	for (size_t i = 0; given && i < sizeof(reasons) / sizeof(*reasons); i++) {
		if (strcmp(given, reasons[i]) == 0)
			return reasons[i];
	}
	return change->name;
}

static enum err carry_out(const struct http_request *request, struct http_answer *answer,
	const struct registered *r, struct error *e)
{
	const struct change *change = change_of(request);
	struct bytes location = {0};
	enum err code;

	if (!may_change(change, r))
		return error_set(e, ERR_RECORD_CHANGED, "certificate");
	code = store_change_certificate(request->portal->store, r->serial, request->person->tckn,
		r->status, change->to, reason_of(request, change), clock_wall_s(), e);
	if (code)
		return code;
	bytes_append_format(&location, "%s?seri=%s&oldu=1", change->path, r->serial);
	answer_redirect(answer, bytes_text(&location));
	bytes_free(&location);
	return ERR_OK;
}

static enum err answer_form(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	bool sure = change_of(request)->to != REGISTERED_REVOKED || request_form(request, "eminim");
	struct registered r;
	enum err code = registry_find_own(request, true, &r, e);

	(void)p;
	if (code)
		return code;
	code = sure ? carry_out(request, answer, &r, e)
		    : answer_one(request, answer, &r, 422, "change_confirm", e);
	registered_free(&r);
	return code;
}

#define FLAGS (ROUTE_PAGE | ROUTE_PERSON)
#define CHANGE(path)                                                                               \
	{"GET", path, NULL, 0, answer_page, FLAGS},                                                \
	{                                                                                          \
		"POST", path, FORM_TYPE, FORM_MAX, answer_form, FLAGS | ROUTE_FORM                 \
	}

const struct route change_routes[] = {
	CHANGE(PATH "askiya-alma"),
	CHANGE(PATH "askidan-indirme"),
	CHANGE(PATH "iptal"),
	{0},
};

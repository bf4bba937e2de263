#include "portal/web/page_code.h"

#include "base/clock.h"
#include "portal/consent.h"
#include "portal/issue.h"
#include "portal/web/page.h"
#include "portal/web/stream.h"
#include "portal/web/values.h"

#include <stdio.h>
#include <string.h>

#define CONSENT_PATH "/e-onay"
#define UNBLOCK_PATH "/islemler/bireysel/pin"

/* What both operations have in common is told by this table. */
struct operation {
	enum session_purpose purpose;
	const char *path;
	const char *name; /* for the templates, and that of the first page's */
};

static const struct operation operations[] = {
	{SESSION_CONSENT, CONSENT_PATH, "consent"},
	{SESSION_UNBLOCK, UNBLOCK_PATH, "unblock"},
};

static const struct operation *operation_of(const struct http_request *request)
{
	bool consent = strncmp(request->route->path, CONSENT_PATH, strlen(CONSENT_PATH)) == 0;

	return &operations[consent ? 0 : 1];
}

/* ----- (1/2) */

static enum err answer_first(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	json_t *values = json_pack("{s:o, s:o, s:b}", "texts", value_texts(&p->consent), "version",
		value_version(&p->consent), "official", consent_is_official(&p->consent));

	return page_answer(request, answer, 200, operation_of(request)->name, values, e);
}

static enum err redirect_to_new(
	const struct http_request *request, struct http_answer *answer, struct error *e)
{
	const struct operation *operation = operation_of(request);
	char id[PORTAL_ID_DIGITS + 1];
	struct bytes location = {0};
	const struct texts none = {0};
	bool consent = operation->purpose == SESSION_CONSENT;
	enum err code = issue_session(
		request, operation->purpose, consent ? &request->portal->consent : &none, id, e);

	if (code)
		return code;
	bytes_append_format(&location, "%s/%s", operation->path, id);
	answer_redirect(answer, bytes_text(&location));
	bytes_free(&location);
	return ERR_OK;
}

static enum err answer_begin(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	(void)p;
	return redirect_to_new(request, answer, e);
}

/* ----- (2/2) */

/* The session of the path: what belongs to others is as unknown as what is not there. */
static enum err find_own(const struct http_request *request, struct session *s, struct error *e)
{
	enum err code = store_find_by_id(request->portal->store, request->id, s, e);

	if (code == ERR_SESSION_UNKNOWN ||
		(!code && (strcmp(s->tckn, request->person->tckn) != 0 ||
				  s->purpose != operation_of(request)->purpose)))
		return error_set(e, ERR_PAGE_UNKNOWN, "session");
	return code;
}

static json_t *state_values(const struct http_request *request, const struct session *s)
{
	const struct operation *operation = operation_of(request);
	int64_t now = clock_wall_s(), grace = request->portal->grace_s;
	const char *state = session_state_shown(s, now, grace);
	json_t *values = json_pack("{s:b, s:b, s:s, s:s, s:s, s:I}", operation->name, 1, state, 1,
		"state", state, "kiosk", s->kiosk, "back", operation->path, "seconds",
		(json_int_t)(s->expires > now ? s->expires - now : 0));

	json_object_set_new(values, "address", json_sprintf("%s/%s", operation->path, s->id));
	json_object_set_new(values, "waiting", json_boolean(session_waits(s, now, grace)));
	if (s->state == SESSION_ABANDONED)
		json_object_set_new(values, "failure", value_failure(s->reason, request->language));
	return values;
}

static enum err redirect_to_result(const struct http_request *request, struct http_answer *answer)
{
	struct bytes location = {0};

	bytes_append_format(&location, "%s/%s/sonuc", operation_of(request)->path, request->id);
	answer_redirect(answer, bytes_text(&location));
	bytes_free(&location);
	return ERR_OK;
}

static enum err answer_code(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct session s;
	json_t *values;
	enum err code = find_own(request, &s, e);

	(void)p;
	if (code)
		return code;
	if (s.state == SESSION_SIGNED || s.state == SESSION_DONE)
		return redirect_to_result(request, answer);
	values = state_values(request, &s);
	if (s.state == SESSION_ISSUED)
		code = value_code(request, &s, values, e);
	if (!code)
		return page_answer(request, answer, 200, "code", values, e);
	json_decref(values);
	return code;
}

/* Tekrar Kod Al: the old code is dead before there is a new one. Who asks for one in a tab that was left behind sees what has
 * come of it. */
static enum err answer_again(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct session s;
	enum err code = find_own(request, &s, e);

	if (!code && s.state == SESSION_DONE)
		return redirect_to_result(request, answer);
	if (!code)
		code = store_cancel_session(p->store, s.id, e);
	if (code == ERR_SESSION_SIGNED)
		return redirect_to_result(request, answer);
	return code ? code : redirect_to_new(request, answer, e);
}

/* The page asks for itself anew when what it is told is not the state that it shows. */
static enum err answer_events(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct session s;
	enum err code = find_own(request, &s, e);

	return code ? code : stream_answer(p, request, answer, &s, e);
}

/* Seed, step 13. */
static enum err answer_result(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct signature signature = {0};
	struct session s;
	json_t *values;
	enum err code = find_own(request, &s, e);

	if (!code && s.state != SESSION_SIGNED && s.state != SESSION_DONE)
		code = error_set(e, ERR_PAGE_UNKNOWN, "session");
	if (!code && s.state == SESSION_SIGNED)
		code = store_read_signature(p->store, s.id, &signature, e);
	if (code)
		return code;
	values = json_pack("{s:b, s:s, s:s}", operation_of(request)->name, 1, "id", s.id, "receipt",
		signature.receipt);
	json_object_set_new(values, "at", value_time(signature.accepted_at));
	signature_free(&signature);
	return page_answer(request, answer, 200, "success", values, e);
}

#define FLAGS (ROUTE_PAGE | ROUTE_PERSON)
#define OPERATION(path)                                                                            \
	{"GET", path, NULL, 0, answer_first, FLAGS},                                               \
		{"POST", path, FORM_TYPE, FORM_MAX, answer_begin, FLAGS | ROUTE_FORM},             \
		{"GET", path "/*", NULL, 0, answer_code, FLAGS},                                   \
		{"POST", path "/*/tekrar", FORM_TYPE, FORM_MAX, answer_again, FLAGS | ROUTE_FORM}, \
		{"GET", path "/*/olaylar", NULL, 0, answer_events, ROUTE_PERSON | ROUTE_QUIET},    \
	{                                                                                          \
		"GET", path "/*/sonuc", NULL, 0, answer_result, FLAGS                              \
	}

const struct route code_routes[] = {
	OPERATION(CONSENT_PATH),
	OPERATION(UNBLOCK_PATH),
	{0},
};

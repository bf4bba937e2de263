#include "portal/routes.h"

#include "base/log.h"
#include "base/secret.h"
#include "portal/answer.h"
#include "portal/demo/idp.h"
#include "portal/demo/pki.h"
#include "portal/kiosk.h"
#include "portal/operations.h"
#include "portal/login/login.h"
#include "portal/problem.h"
#include "portal/request.h"
#include "portal/web/browser.h"
#include "portal/web/browser_session.h"
#include "portal/web/page.h"
#include "portal/web/page_change.h"
#include "portal/web/page_code.h"
#include "portal/web/page_history.h"
#include "portal/web/page_menu.h"
#include "portal/web/page_operator.h"
#include "portal/web/page_registry.h"
#include "portal/web/static.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MINUTE_S 60

/* The first route that fits answers. */
static const struct route *const tables[] = {
	kiosk_routes,
	operations_routes,
	static_routes,
	menu_routes,
	code_routes,
	registry_routes,
	change_routes,
	history_routes,
	operator_routes,
	login_routes,
	idp_protocol_routes,
	idp_login_routes,
	idp_signature_routes,
	pki_routes,
};

static bool method_fits(const char *given, const char *wanted)
{
	return strcmp(given, wanted) == 0 ||
	       (strcmp(given, "HEAD") == 0 && strcmp(wanted, "GET") == 0);
}

static bool path_fits(struct http_request *request, const char *pattern)
{
	if (strchr(pattern, '@'))
		return request_path_name(
			request->path, pattern, request->name, sizeof(request->name));
	return request_path_fits(request->path, pattern, request->id);
}

static bool is_there(const struct portal *p, const struct route *route)
{
	return p->demo || !(route->flags & ROUTE_DEMO);
}

static const struct route *find_route(struct http_request *request, const char *method)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		for (const struct route *at = tables[i]; at->method; at++) {
			if (is_there(request->portal, at) && method_fits(method, at->method) &&
				path_fits(request, at->path))
				return at;
		}
	}
	return NULL;
}

/* Bits of request->methods, as Allow names them. */
static const char *const methods[] = {"GET", "HEAD", "POST", "PUT"};

#define METHODS (sizeof(methods) / sizeof(*methods))

/* A route of the request's address for another method; NULL: there is none. */
static const struct route *find_others(struct http_request *request)
{
	const struct route *found, *any = NULL;

	for (unsigned i = 0; i < METHODS; i++) {
		found = find_route(request, methods[i]);
		if (!found)
			continue;
		request->methods |= 1u << i;
		any = found;
	}
	return any;
}

/* RFC 9110 10.2.1. */
static void name_methods(const struct http_request *request, struct http_answer *answer)
{
	struct bytes list = {0};

	for (unsigned i = 0; i < METHODS; i++) {
		if (request->methods & 1u << i)
			bytes_append_format(&list, "%s%s", list.n ? ", " : "", methods[i]);
	}
	answer_header(answer, "Allow", "%s", bytes_text(&list));
	bytes_free(&list);
}

/* The media type without parameters, in any case (RFC 9110 8.3.1). */
static bool type_is(const char *given, const char *wanted)
{
	size_t n = strlen(wanted);

	return given && strncasecmp(given, wanted, n) == 0 &&
	       (given[n] == '\0' || given[n] == ';' || given[n] == ' ');
}

/* Finds the session whose token was given; which of session and token is wrong is not told. */
static enum err check_token(struct portal *p, struct http_request *request, struct error *e)
{
	struct span token = request_bearer(request->authorization);
	uint8_t mac[KEY_MAC_SIZE];
	enum err code = key_mac(&p->key, KEY_TOKEN_STORED, token, (struct span){0}, mac, e);

	if (!code)
		code = store_find_by_id(p->store, request->id, &request->session, e);
	if (!code && (request->session.state == SESSION_ISSUED ||
			     !secret_equal(span_of(mac, sizeof(mac)),
				     span_of(request->session.token_mac, sizeof(mac)))))
		code = error_set(e, ERR_SESSION_UNKNOWN, "token");
	return code;
}

static bool wants_page(const struct http_request *request)
{
	return request->route ? request->route->flags & ROUTE_PAGE
			      : request->accept && strstr(request->accept, "text/html");
}

static enum err answer_nowhere(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	enum err unknown = wants_page(request) ? ERR_PAGE_UNKNOWN : ERR_REQUEST_PATH;

	(void)p, (void)answer;
	return error_set(e, request->methods ? ERR_REQUEST_METHOD : unknown, "%s", request->method);
}

/* No route answers: by a page or a document, as the address has it for other methods. The page is one for a worker, who can ask
 * the store whose menu it has. Log and figures don't name the address. */
static enum err admit_nowhere(struct http_request *request, struct error *e)
{
	static const struct route document = {.run = answer_nowhere},
				  page = {.run = answer_nowhere, .flags = ROUTE_PAGE};
	const struct route *other = find_others(request);
	bool is_page = other ? other->flags & ROUTE_PAGE : wants_page(request);

	request->route = is_page ? &page : &document;
	if (is_page && request->body_size == 0)
		return ERR_OK;
	return answer_nowhere(request->portal, request, NULL, e);
}

static enum err admit(struct http_request *request, struct error *e)
{
	const struct route *route = find_route(request, request->method);

	if (!route)
		return admit_nowhere(request, e);
	request->route = route;
	if (request->body_size > route->body_max)
		return error_set(e, ERR_REQUEST_SIZE, "%s", route->path);
	if (route->content_type && !type_is(request->content_type, route->content_type))
		return error_set(e, ERR_REQUEST, "%s: Content-Type", route->path);
	return ERR_OK;
}

static enum err authorise(struct portal *p, struct http_request *request, struct error *e)
{
	unsigned flags = request->route->flags;
	enum err code;

	request->authorised = true;
	/* An inline route must not ask the store, and a kiosk is no browser. */
	code = flags & (ROUTE_INLINE | ROUTE_TOKEN) ? ERR_OK : browser_session_find(request, e);
	if (code)
		return code;
	if ((flags & ROUTE_OPERATOR) && request->person && !request->person->operator)
		return error_set(e, ERR_FORBIDDEN, "%s", request->route->path);
	return flags & ROUTE_TOKEN ? check_token(p, request, e) : ERR_OK;
}

/* A page for those who are logged in, asked for by somebody who is not. */
static bool is_stranger(const struct http_request *request)
{
	return (request->route->flags & (ROUTE_PERSON | ROUTE_OPERATOR)) && !request->person;
}

static enum err run(
	struct portal *p, struct http_request *request, struct http_answer *answer, struct error *e)
{
	enum err code = request->authorised ? ERR_OK : authorise(p, request, e);

	if (code)
		return code;
	if (is_stranger(request)) {
		answer_redirect(answer, request->expired ? "/?oturum=bitti" : "/");
		return ERR_OK;
	}
	if (request->route->flags & ROUTE_FORM) {
		code = fields_read_urlencoded(request->body, &request->form, e);
		if (!code)
			code = browser_check_form(request, e);
	}
	return code ? code : request->route->run(p, request, answer, e);
}

void routes_refuse(const struct http_request *request, enum err code, const struct error *e,
	struct http_answer *answer)
{
	long retry_after_s = answer->retry_after_s;

	answer_release(answer);
	if (code == ERR_TOO_OFTEN && retry_after_s == 0)
		retry_after_s = MINUTE_S; /* what is counted there */
	*answer = (struct http_answer){.failure = code, .retry_after_s = retry_after_s};
	if (wants_page(request))
		page_failure(request, code, answer);
	else
		problem_answer(code, answer);
	if (request->methods)
		name_methods(request, answer);
	if (answer->status >= 500)
		log_failure("request", e);
}

bool routes_admit(struct portal *p, struct http_request *request, struct http_answer *answer)
{
	struct error e = {0};
	enum err code;

	request->portal = p;
	code = admit(request, &e);
	if (code)
		routes_refuse(request, code, &e, answer);
	return code == ERR_OK;
}

bool routes_authorise(struct portal *p, struct http_request *request, struct http_answer *answer)
{
	struct error e = {0};
	enum err code = authorise(p, request, &e);

	if (code)
		routes_refuse(request, code, &e, answer);
	return code == ERR_OK;
}

void routes_run(struct portal *p, struct http_request *request, struct http_answer *answer)
{
	struct error e = {0};
	enum err code = run(p, request, answer, &e);

	if (code)
		routes_refuse(request, code, &e, answer);
}

const char *request_query(const struct http_request *request, const char *name)
{
	return fields_find(&request->query, name);
}

const char *request_form(const struct http_request *request, const char *name)
{
	return fields_find(&request->form, name);
}

const char *request_cookie(const struct http_request *request, const char *name)
{
	char prefixed[64];

	if (!request->secure)
		return fields_find(&request->cookies, name);
	snprintf(prefixed, sizeof(prefixed), "__Host-%s", name);
	return fields_find(&request->cookies, prefixed);
}

void request_release(struct http_request *request)
{
	fields_wipe(&request->query);
	fields_wipe(&request->form);
	fields_wipe(&request->cookies);
	explicit_bzero(request, sizeof(*request));
}

void answer_release(struct http_answer *answer)
{
	for (size_t i = 0; i < answer->header_count; i++) {
		explicit_bzero(answer->headers[i].value, strlen(answer->headers[i].value));
		free(answer->headers[i].value);
	}
	answer->header_count = 0;
	if (answer->stream)
		events_unsubscribe(answer->stream);
	answer->stream = NULL;
	bytes_wipe(&answer->body);
}

#include "portal/routes.h"

#include "base/log.h"
#include "base/secret.h"
#include "portal/kiosk.h"
#include "portal/problem.h"
#include "portal/request.h"

#include <string.h>
#include <strings.h>

/* The first route that fits answers. */
static const struct route *const tables[] = {kiosk_routes};

static const struct route *find_route(
	const struct http_request *request, char id[PORTAL_ID_DIGITS + 1])
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		for (const struct route *at = tables[i]; at->method; at++) {
			if (strcmp(request->method, at->method) == 0 &&
				request_path_fits(request->path, at->path, id))
				return at;
		}
	}
	return NULL;
}

/* The media type without parameters, in any case (RFC 9110 8.3.1). */
static bool type_is(const char *given, const char *wanted)
{
	size_t n = strlen(wanted);

	return given && strncasecmp(given, wanted, n) == 0 &&
	       (given[n] == '\0' || given[n] == ';' || given[n] == ' ');
}

/* Finds the session whose token was given; which of session and token is wrong is not told. */
static enum err authorise(
	struct portal *p, const char *id, struct http_request *request, struct error *e)
{
	struct span token = request_bearer(request->authorization);
	uint8_t mac[KEY_MAC_SIZE];
	enum err code = key_mac(&p->key, KEY_TOKEN_STORED, token, (struct span){0}, mac, e);

	if (!code)
		code = store_find_by_id(p->store, id, &request->session, e);
	if (!code && (request->session.state == SESSION_ISSUED ||
			     !secret_equal(span_of(mac, sizeof(mac)),
				     span_of(request->session.token_mac, sizeof(mac)))))
		code = error_set(e, ERR_SESSION_UNKNOWN, "token");
	return code;
}

static enum err admit(struct portal *p, struct http_request *request, struct error *e)
{
	char id[PORTAL_ID_DIGITS + 1] = "";
	const struct route *route = find_route(request, id);

	if (!route)
		return error_set(e, ERR_REQUEST_PATH, "%s", request->method);
	if (request->body_size > route->body_max)
		return error_set(e, ERR_REQUEST_SIZE, "%s", route->path);
	if (route->content_type && !type_is(request->content_type, route->content_type))
		return error_set(e, ERR_REQUEST, "%s: Content-Type", route->path);
	request->route = route;
	return *id ? authorise(p, id, request, e) : ERR_OK;
}

void routes_refuse(enum err code, const struct error *e, struct http_answer *answer)
{
	bytes_clear(&answer->body);
	answer->failure = code;
	answer->status = problem_status(code);
	answer->content_type = PROBLEM_TYPE;
	problem_write(code, &answer->body);
	if (answer->status >= 500)
		log_failure("request", e);
}

bool routes_admit(struct portal *p, struct http_request *request, struct http_answer *answer)
{
	struct error e = {0};
	enum err code = admit(p, request, &e);

	if (code)
		routes_refuse(code, &e, answer);
	return code == ERR_OK;
}

void routes_run(struct portal *p, const struct http_request *request, struct http_answer *answer)
{
	struct error e = {0};
	enum err code = request->route->run(p, request, answer, &e);

	if (code)
		routes_refuse(code, &e, answer);
}

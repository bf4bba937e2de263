#include "visit.h"

#include "portal/request.h"

#include <stdio.h>

int visit_begin(void **state)
{
	struct visit *v = must_zalloc(sizeof(*v));

	if (place_begin(&v->place) != 0)
		return -1;
	v->portal.store = store_of(&v->place);
	v->portal.lifetime_s = 300;
	v->portal.consent.count = 1;
	bytes_append_text(&v->portal.consent.at[0], "Onay veriyorum.");
	v->portal.events = events_new(4, 4);
	v->portal.acts = limits_new();
	v->browser = AYSE_BROWSER;
	visit_become(v, AYSE);
	*state = v;
	return 0;
}

int visit_end(void **state)
{
	struct visit *v = *state;
	void *place = v->place;

	answer_release(&v->answer);
	events_free(v->portal.events);
	limits_free(v->portal.acts);
	texts_free(&v->portal.consent);
	free(v);
	return place_end(&place);
}

void visit_become(struct visit *v, const char *tckn)
{
	snprintf(v->person.tckn, sizeof(v->person.tckn), "%s", tckn);
	snprintf(v->person.name, sizeof(v->person.name), "KİŞİ <%s>", tckn);
}

static const struct route *find(
	struct http_request *request, const struct route *at, const char *method)
{
	for (; at->method; at++) {
		bool named = strchr(at->path, '@') != NULL;

		if (strcmp(at->method, method) == 0 &&
			(named ? request_path_name(request->path, at->path, request->name,
					 sizeof(request->name))
			       : request_path_fits(request->path, at->path, request->id)))
			return at;
	}
	fail_msg("no route %s %s", method, request->path);
	return NULL;
}

static enum err ask(struct visit *v, const struct route *routes, const char *method,
	const char *target, const char *form)
{
	struct http_request request = {.portal = &v->portal, .person = &v->person, .client = "::1"};
	char path[512];
	size_t n = strcspn(target, "?");
	enum err code;

	snprintf(path, sizeof(path), "%.*s", (int)n, target);
	request.path = path;
	snprintf(request.browser_id, sizeof(request.browser_id), "%s", v->browser);
	if (target[n])
		assert_int_equal(
			fields_read_urlencoded(span_text(target + n + 1), &request.query, NULL),
			ERR_OK);
	if (form)
		assert_int_equal(
			fields_read_urlencoded(span_text(form), &request.form, NULL), ERR_OK);
	answer_release(&v->answer);
	v->answer = (struct http_answer){0};
	request.route = find(&request, routes, method);
	code = request.route->run(&v->portal, &request, &v->answer, NULL);
	request_release(&request);
	return code;
}

enum err visit_get(struct visit *v, const struct route *routes, const char *target)
{
	return ask(v, routes, "GET", target, NULL);
}

enum err visit_post(
	struct visit *v, const struct route *routes, const char *target, const char *form)
{
	return ask(v, routes, "POST", target, form);
}

const char *visit_body(struct visit *v)
{
	return bytes_text(&v->answer.body);
}

const char *visit_header(struct visit *v, const char *name)
{
	for (size_t i = 0; i < v->answer.header_count; i++) {
		if (strcmp(v->answer.headers[i].name, name) == 0)
			return v->answer.headers[i].value;
	}
	fail_msg("no %s", name);
	return NULL;
}

const char *visit_location(struct visit *v)
{
	assert_int_equal(v->answer.status, 303);
	return visit_header(v, "Location");
}

void assert_has(struct visit *v, const char *text)
{
	if (!strstr(visit_body(v), text))
		fail_msg("no \"%s\" in:\n%s", text, visit_body(v));
}

void assert_lacks(struct visit *v, const char *text)
{
	if (strstr(visit_body(v), text))
		fail_msg("\"%s\" in:\n%s", text, visit_body(v));
}

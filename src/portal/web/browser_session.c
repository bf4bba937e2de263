#include "portal/web/browser_session.h"

#include "base/clock.h"
#include "portal/store/store_browser.h"
#include "portal/web/browser.h"

#include <string.h>

/* Not each request writes: the time of the last use is kept to this part of the idle time. */
#define TOUCH_PART 16

static enum err mac_of(const struct http_request *request, const char *id,
	uint8_t mac[KEY_MAC_SIZE], struct error *e)
{
	return key_mac(&request->portal->key, KEY_BROWSER, span_text(id), (struct span){0}, mac, e);
}

static bool has_run_out(const struct portal *p, const struct browser *b, int64_t now)
{
	return now >= b->seen + p->browser_idle_s || now >= b->created + p->browser_lifetime_s;
}

static enum err touch(
	struct http_request *request, const struct browser *b, int64_t now, struct error *e)
{
	struct portal *p = request->portal;

	if ((request->route->flags & ROUTE_QUIET) || now - b->seen < p->browser_idle_s / TOUCH_PART)
		return ERR_OK;
	return store_touch_browser(p->store, b->mac, now, e);
}

static void take_person(struct http_request *request, const struct browser *b)
{
	struct person *person = &request->known;

	memcpy(person->tckn, b->tckn, sizeof(person->tckn));
	memcpy(person->name, b->person, sizeof(person->name));
	person->operator= b->operator;
	request->person = person;
}

enum err browser_session_find(struct http_request *request, struct error *e)
{
	struct portal *p = request->portal;
	int64_t now = clock_wall_s();
	uint8_t mac[KEY_MAC_SIZE];
	struct browser b;
	enum err code;

	if (!*request->browser_id)
		return ERR_OK;
	code = mac_of(request, request->browser_id, mac, e);
	if (!code)
		code = store_find_browser(p->store, mac, &b, e);
	if (code)
		return code == ERR_SESSION_UNKNOWN ? ERR_OK : code;
	if (has_run_out(p, &b, now)) {
		request->expired = true;
		return store_end_browser(p->store, mac, true, e);
	}
	take_person(request, &b);
	return touch(request, &b, now, e);
}

static enum err end_session(const struct http_request *request, struct error *e)
{
	uint8_t mac[KEY_MAC_SIZE];
	enum err code;

	if (!*request->browser_id)
		return ERR_OK;
	code = mac_of(request, request->browser_id, mac, e);
	return code ? code : store_end_browser(request->portal->store, mac, false, e);
}

enum err browser_login(const struct http_request *request, struct http_answer *answer,
	const struct person *person, struct error *e)
{
	int64_t now = clock_wall_s();
	struct browser b = {.operator= person->operator, .created = now, .seen = now};
	char id[BROWSER_ID_SIZE + 1];
	enum err code = end_session(request, e);

	memcpy(b.tckn, person->tckn, sizeof(b.tckn));
	memcpy(b.person, person->name, sizeof(b.person));
	if (!code)
		code = browser_invent(request, answer, id, e);
	if (!code)
		code = mac_of(request, id, b.mac, e);
	if (!code)
		code = store_add_browser(request->portal->store, &b, e);
	explicit_bzero(id, sizeof(id));
	return code;
}

enum err browser_logout(
	const struct http_request *request, struct http_answer *answer, struct error *e)
{
	enum err code = end_session(request, e);

	if (!code)
		browser_forget(request, answer);
	return code;
}

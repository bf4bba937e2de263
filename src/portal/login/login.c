#include "portal/login/login.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "portal/answer.h"
#include "portal/login/authorization.h"
#include "portal/store/store_browser.h"
#include "portal/web/browser_session.h"
#include "portal/web/page.h"

#include <string.h>

#define RETRY_S 5
#define AFTER_LOGIN "/islemler"

bool login_lists_operator(const char *operators, const char *tckn)
{
	static const char between[] = " ,\t\n";

	while (*(operators += strspn(operators, between))) {
		size_t n = strcspn(operators, between);

		if (span_equal(span_of(operators, n), span_text(tckn)))
			return true;
		operators += n;
	}
	return false;
}

/* The pending login is found by its state and its provider: after a change of the settings no code of the one is sent to
 * the other. It belongs to the browser that has the cookie. */
static enum err fill_macs(
	const struct http_request *request, const char *state, struct login *l, struct error *e)
{
	const struct server_key *key = &request->portal->key;
	const char *issuer = client_issuer(request->portal->login->client);
	enum err code =
		key_mac(key, KEY_LOGIN_STATE, span_text(state), span_text(issuer), l->state_mac, e);

	return code ? code
		    : key_mac(key, KEY_LOGIN_BROWSER, span_text(request->browser_id),
			      (struct span){0}, l->browser_mac, e);
}

static enum err begin(
	struct portal *p, const struct http_request *request, struct bytes *url, struct error *e)
{
	struct login l = {.expires = clock_wall_s() + LOGIN_PENDING_S};
	char state[RANDOM_TEXT_SIZE];
	enum err code;

	if ((code = limits_take(p->acts, LIMIT_LOGIN, request->client, e)) ||
		(code = random_text(state, e)) || (code = random_text(l.nonce, e)) ||
		(code = random_text(l.verifier, e)) || (code = fill_macs(request, state, &l, e)))
		return code;
	code = client_start(p->login->client, state, l.nonce, l.verifier,
		language_tag(request->language), url, e);
	if (!code)
		code = store_add_login(p->store, &l, e);
	explicit_bzero(&l, sizeof(l));
	return code;
}

/* The provider may be told which method the person wants (OpenID Connect Core 3.1.2.1, acr_values). */
static void ask_for_method(const struct http_request *request, struct bytes *url)
{
	const char *method = request_form(request, "yontem");

	if (method && strcmp(method, "e-imza") == 0)
		url_add_query(url, "acr_values", "e-imza");
}

static enum err start_login(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct bytes url = {0};
	enum err code;

	if (!p->login->client)
		return error_set(e, ERR_LOGIN_PROVIDER, "login.issuer is not set");
	code = begin(p, request, &url, e);
	if (!code) {
		ask_for_method(request, &url);
		code = page_answer(request, answer, 200, "onward",
			json_pack("{s:s}", "url", bytes_text(&url)), e);
	}
	answer->retry_after_s = code == ERR_LOGIN_PROVIDER ? RETRY_S : 0;
	bytes_wipe(&url);
	return code;
}

/* Takes the login that the browser comes back from: once, and only its own browser's. */
static enum err take_pending(
	struct portal *p, const struct http_request *request, struct login *out, struct error *e)
{
	const char *state = request_query(request, "state");
	struct login asked = {0};
	enum err code;

	if (!state || !*request->browser_id)
		return error_set(e, ERR_LOGIN_STATE, "callback: state or cookie");
	code = fill_macs(request, state, &asked, e);
	if (!code)
		code = store_take_login(p->store, asked.state_mac, clock_wall_s(), out, e);
	if (code == ERR_SESSION_UNKNOWN ||
		(!code && !secret_equal(span_of(asked.browser_mac, KEY_MAC_SIZE),
				  span_of(out->browser_mac, KEY_MAC_SIZE))))
		code = error_set(e, ERR_LOGIN_STATE, "callback: state");
	return code;
}

static enum err identify(struct portal *p, const struct http_request *request,
	const struct login *pending, struct identity *who, struct error *e)
{
	const struct callback back = {
		.code = request_query(request, "code"),
		.iss = request_query(request, "iss"),
		.error = request_query(request, "error"),
	};
	enum err code = client_judge(p->login->client, &back, e);

	return code ? code
		    : client_redeem(p->login->client, back.code, pending->verifier, pending->nonce,
			      who, e);
}

/* A new session under a new id: what the browser had before the login is no longer good for anything. */
static enum err admit(struct portal *p, const struct http_request *request,
	const struct identity *who, struct http_answer *answer, struct error *e)
{
	struct person person = {0};

	memcpy(person.tckn, who->tckn, sizeof(person.tckn));
	memcpy(person.name, who->name, sizeof(person.name));
	person.operator= who->operator|| login_lists_operator(p->login->operators, who->tckn);
	return browser_login(request, answer, &person, e);
}

/* What a login that this browser had begun came to; a state that is none writes nothing, or everybody could fill the
 * audit log. */
static void note_refusal(struct portal *p, const struct http_request *request, enum err code,
	const struct error *why)
{
	struct error e = {0};

	log_write(LOG_LEVEL_WARNING, "%s: login refused: %s", request->client, why->where);
	if (store_refuse_login(p->store, error_code(code), &e))
		log_failure("auditing a refused login", &e);
}

static enum err go_on(struct portal *p, const struct http_request *request,
	const struct login *pending, struct http_answer *answer, struct error *e)
{
	struct identity who = {0};
	enum err code = identify(p, request, pending, &who, e);

	if (!code)
		code = admit(p, request, &who, answer, e);
	explicit_bzero(&who, sizeof(who));
	return code;
}

static enum err come_back(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct login pending = {0};
	enum err code = take_pending(p, request, &pending, e);

	if (code) {
		log_write(LOG_LEVEL_WARNING, "%s: login refused: %s", request->client, e->where);
		return code;
	}
	code = go_on(p, request, &pending, answer, e);
	if (code)
		note_refusal(p, request, code, e);
	else
		answer_redirect(answer, AFTER_LOGIN);
	explicit_bzero(&pending, sizeof(pending));
	return code;
}

/* Whether a code can be redeemed now is asked before the login is taken: the person may try again. */
static enum err finish_login(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	enum err code;

	if (!p->login->client || !client_enter(p->login->client)) {
		answer->retry_after_s = RETRY_S;
		return error_set(e, ERR_LOGIN_PROVIDER, "%s",
			p->login->client ? "too many at once" : "login.issuer is not set");
	}
	code = come_back(p, request, answer, e);
	client_leave(p->login->client);
	return code;
}

static enum err log_out(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	enum err code = browser_logout(request, answer, e);

	(void)p;
	if (!code)
		answer_redirect(answer, "/");
	return code;
}

const struct route login_routes[] = {
	{"POST", "/giris/basla", FORM_TYPE, FORM_MAX, start_login, ROUTE_PAGE | ROUTE_FORM},
	{"GET", LOGIN_CALLBACK, NULL, 0, finish_login, ROUTE_PAGE},
	{"POST", "/cikis", FORM_TYPE, FORM_MAX, log_out, ROUTE_PAGE | ROUTE_FORM},
	{0},
};

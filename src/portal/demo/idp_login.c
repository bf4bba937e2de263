/* The login page of the demo identity provider, and logging in by password. */
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "portal/demo/demo.h"
#include "portal/demo/idp_private.h"
#include "portal/web/page.h"
#include "portal/web/values.h"
#include "sign/digest.h"

#include <stdio.h>
#include <string.h>

/* The five methods of the official page, in its order. */
static const struct {
	const char *key, *name;
} methods[] = {
	{"sifre", N_("e-Devlet Şifresi")},
	{"mobil", N_("Mobil İmza")},
	{"e-imza", N_("e-İmza")},
	{"kart", N_("T.C. Kimlik Kartı")},
	{"banka", N_("İnternet Bankacılığı")},
};

#define METHODS (sizeof(methods) / sizeof(*methods))

static json_t *methods_json(const struct http_request *request, const char *chosen)
{
	json_t *list = json_array();

	for (size_t i = 0; i < METHODS; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:b}", "key", methods[i].key, "name",
				      translate(request->language, methods[i].name), "chosen",
				      strcmp(methods[i].key, chosen) == 0));
	return list;
}

/* Whom the demo lets in, as a hint on its page. */
static json_t *people_json(const struct people *people)
{
	json_t *list = json_array();

	for (size_t i = 0; i < people->count; i++) {
		const struct somebody *at = &people->at[i];

		if (*at->hint)
			json_array_append_new(list,
				json_pack("{s:s, s:s, s:s, s:b}", "tckn", at->tckn, "name",
					at->name, "password", at->hint, "operator", at->operator));
	}
	return list;
}

/* The words are the catalogue's, whatever the address has. */
static void add_refusal(const struct http_request *request, json_t *values)
{
	const char *given = request_query(request, "hata");
	enum err refusal = given ? error_from_code(given) : ERR_OK;

	json_object_set_new(values, "wrong", json_boolean(refusal == ERR_LOGIN_REFUSED));
	json_object_set_new(values, "limited", json_boolean(refusal == ERR_TOO_OFTEN));
	if (given)
		json_object_set_new(values, "refusal", value_failure(given, request->language));
}

enum err idp_page(const struct http_request *request, struct http_answer *answer,
	const struct attempt *attempt, const char *method, json_t *values, struct error *e)
{
	const struct idp *i = request->portal->demo->idp;
	bool password = strcmp(method, "sifre") == 0, signature = strcmp(method, "e-imza") == 0;

	if (!values)
		values = json_object();
	json_object_set_new(values, "attempt", json_string(attempt->id));
	json_object_set_new(values, "address", json_string(i->callback));
	json_object_set_new(values, "methods", methods_json(request, method));
	json_object_set_new(values, "password", json_boolean(password));
	json_object_set_new(values, "signature", json_boolean(signature));
	json_object_set_new(values, "missing", json_boolean(!password && !signature));
	if (password)
		json_object_set_new(values, "people", people_json(&i->people));
	add_refusal(request, values);
	return page_answer(request, answer, 200, "idp_login", values, e);
}

void idp_refuse(const struct attempt *attempt, const char *page, const char *method,
	enum err refusal, struct http_answer *answer)
{
	char path[160];

	snprintf(path, sizeof(path), IDP_PATH "/%s/%s?yontem=%s&hata=%s", page, attempt->id, method,
		error_code(refusal));
	answer_redirect(answer, path);
}

static const char *chosen_method(const struct http_request *request)
{
	const char *asked = request_query(request, "yontem");

	for (size_t i = 0; i < METHODS && asked; i++) {
		if (strcmp(methods[i].key, asked) == 0)
			return methods[i].key;
	}
	return methods[0].key;
}

static enum err show_login(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct attempt attempt;
	enum err code = idp_attempt(p, request, &attempt, e);

	return code ? code : idp_page(request, answer, &attempt, chosen_method(request), NULL, e);
}

/* The limit of an account holds for numbers that nobody has, too: it tells nothing. */
static struct ratelimit_client account_of(const char *tckn)
{
	struct ratelimit_client account = {0};
	uint8_t value[DIGEST_MAX];

	if (digest_of(DIGEST_SHA256, span_text(tckn), value, NULL) == ERR_OK)
		memcpy(account.at, value, sizeof(account.at));
	return account;
}

static const char *field(const struct http_request *request, const char *name)
{
	const char *value = request_form(request, name);

	return value ? value : "";
}

/* The person with this number and password; NULL, with *wait_ms when too many were wrong. Called with the mutex of the
 * limits held: guesses made at the same time would all pass the same count, and each takes 16 MiB. */
static const struct somebody *judge(struct idp *i, struct ratelimit_client address,
	const char *tckn, const char *password, int64_t *wait_ms)
{
	const struct ratelimit_client account = account_of(tckn);
	int64_t now = clock_monotonic_ms(),
		by_account = ratelimit_wait(i->by_account, account, now);
	const struct somebody *found;

	*wait_ms = ratelimit_wait(i->by_address, address, now);
	if (by_account > *wait_ms)
		*wait_ms = by_account;
	if (*wait_ms)
		return NULL;
	found = people_check(&i->people, tckn, span_text(password));
	if (found) {
		ratelimit_success(i->by_address);
		ratelimit_success(i->by_account);
	} else {
		ratelimit_failure(i->by_address, address, now);
		ratelimit_failure(i->by_account, account, now);
	}
	return found;
}

static enum err log_in(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct identity who = {0};
	struct attempt attempt;
	const struct somebody *found;
	struct idp *i = p->demo->idp;
	int64_t wait_ms;
	enum err code = idp_attempt(p, request, &attempt, e);

	if (code)
		return code;
	pthread_mutex_lock(&i->limits_mutex);
	found = judge(i, ratelimit_client_of(request->client), field(request, "tckn"),
		field(request, "sifre"), &wait_ms);
	pthread_mutex_unlock(&i->limits_mutex);
	if (!found) {
		idp_refuse(&attempt, "giris", "sifre", wait_ms ? ERR_TOO_OFTEN : ERR_LOGIN_REFUSED,
			answer);
		return ERR_OK;
	}
	memcpy(who.tckn, found->tckn, sizeof(who.tckn));
	memcpy(who.name, found->name, sizeof(who.name));
	who.operator= found->operator;
	return idp_succeed(p, &attempt, &who, answer, e);
}

static enum err cancel(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct attempt attempt;
	enum err code = idp_attempt(p, request, &attempt, e);

	if (code)
		return code;
	attempts_end(p->demo->idp->attempts, attempt.id);
	idp_fail(p, attempt.state, "access_denied", answer);
	return ERR_OK;
}

const struct route idp_login_routes[] = {
	{"GET", IDP_PATH "/giris/@", NULL, 0, show_login, ROUTE_DEMO | ROUTE_PAGE},
	{"POST", IDP_PATH "/sifre/@", FORM_TYPE, FORM_MAX, log_in,
		ROUTE_DEMO | ROUTE_PAGE | ROUTE_FORM},
	{"POST", IDP_PATH "/iptal/@", FORM_TYPE, FORM_MAX, cancel,
		ROUTE_DEMO | ROUTE_PAGE | ROUTE_FORM},
	{0},
};

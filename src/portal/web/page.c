#include "portal/web/page.h"

#include "base/text.h"
#include "portal/login/authorization.h"
#include "portal/problem.h"
#include "portal/web/browser.h"
#include "portal/web/template.h"

#include <string.h>

#define HTML_TYPE "text/html; charset=utf-8"
#define LANGUAGE_COOKIE_S (365L * 86400)

static json_t *person_json(const struct person *person)
{
	char masked[12];

	if (!person)
		return json_null();
	text_mask_tckn(person->tckn, masked);
	return json_pack("{s:s, s:s, s:b}", "name", person->name, "masked", masked, "operator",
		person->operator);
}

/* Where the same page is in the other language: what its query says of what is shown is kept. What answers a form has no
 * address of its own: values may name the page that it stands for. */
static json_t *other_language(const struct http_request *request, const json_t *values)
{
	static const char *const kept[] = {"seri", "yontem", "ara", "hata"};
	const char *page = json_string_value(json_object_get(values, "page"));
	bool form = request->method && strcmp(request->method, "POST") == 0;
	struct bytes url = {0};
	json_t *made;

	bytes_append_text(&url, page ? page : form ? "/" : "");
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept) && !page && !form; i++) {
		const char *value = request_query(request, kept[i]);

		if (value)
			url_add_query(&url, kept[i], value);
	}
	url_add_query(&url, "lang", request->language == LANGUAGE_TURKISH ? "en" : "tr");
	made = json_string(bytes_text(&url));
	bytes_free(&url);
	return made;
}

/* What every template has. */
static enum err add_common(const struct http_request *request, struct http_answer *answer,
	json_t *values, struct error *e)
{
	char id[BROWSER_ID_SIZE + 1], csrf[BROWSER_CSRF_SIZE + 1];
	const char *known = request->browser_id;
	enum err code = ERR_OK;

	if (!*known) {
		code = browser_invent(request, answer, id, e);
		known = id;
	}
	if (!code)
		code = browser_csrf(request, known, csrf, e);
	if (code)
		return code;
	json_object_set_new(values, "csrf", json_string(csrf));
	json_object_set_new(values, "language", json_string(language_tag(request->language)));
	json_object_set_new(values, "turkish", json_boolean(request->language == LANGUAGE_TURKISH));
	json_object_set_new(values, "english", json_boolean(request->language == LANGUAGE_ENGLISH));
	json_object_set_new(values, "other_language", other_language(request, values));
	json_object_set_new(values, "demo", json_boolean(request->portal->demo != NULL));
	json_object_set_new(values, "person", person_json(request->person));
	return ERR_OK;
}

static json_t *is_at(const struct http_request *request, const char *path)
{
	return json_boolean(strcmp(request->path, path) == 0);
}

/* The entry of the menu that this page is. */
static json_t *menu_json(const struct http_request *request)
{
	return json_pack("{s:o, s:o, s:o}", "operations", is_at(request, "/islemler"), "consents",
		is_at(request, "/onaylarim"), "desk", is_at(request, "/gorevli"));
}

enum err page_answer(const struct http_request *request, struct http_answer *answer,
	unsigned status, const char *template_name, json_t *values, struct error *e)
{
	const char *chosen = request_query(request, "lang");
	enum err code;

	if (!values)
		values = json_object();
	code = add_common(request, answer, values, e);
	if (status == 200)
		json_object_set_new(values, "menu", menu_json(request));
	if (!code)
		code = template_render(template_name, values, request->language, &answer->body, e);
	if (!code && chosen && language_of(chosen, LANGUAGE_COUNT) != LANGUAGE_COUNT)
		answer_cookie(request, answer, "lang", chosen, LANGUAGE_COOKIE_S);
	answer->status = status;
	answer->content_type = HTML_TYPE;
	json_decref(values);
	return code;
}

/* Is trying again to log in, from the beginning, what helps? */
static bool is_of_login(enum err code)
{
	return code >= ERR_LOGIN_PROVIDER && code <= ERR_LOGIN_PERSON;
}

void page_failure(const struct http_request *request, enum err code, struct http_answer *answer)
{
	const char *message, *remedy;
	json_t *values;

	error_words(code, &message, &remedy);
	values = json_pack("{s:s, s:s, s:s, s:b}", "message", translate(request->language, message),
		"remedy", translate(request->language, remedy), "code", error_code(code), "login",
		is_of_login(code));
	if (is_of_login(code))
		json_object_set_new(values, "page", json_string("/giris"));
	if (page_answer(request, answer, problem_status(code), "failure", values, NULL))
		problem_answer(code, answer);
}

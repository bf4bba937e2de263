#include "portal/web/page_history.h"

#include "base/clock.h"
#include "portal/stamp.h"
#include "portal/store/store_consent.h"
#include "portal/web/page.h"
#include "portal/web/page_report.h"
#include "portal/web/values.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define PATH "/onaylarim"
#define ENDING ".p7s"
#define CMS_TYPE "application/pkcs7-signature" /* RFC 8551 3.2.1 */

static json_t *consent_values(const struct consent *c)
{
	json_t *v = json_pack("{s:s, s:s, s:b}", "id", c->id, "receipt", c->receipt, "withdrawn",
		c->withdrawn_at != 0);

	json_object_set_new(v, "at", value_time(c->accepted_at));
	json_object_set_new(v, "withdrawn_at", value_time(c->withdrawn_at));
	return v;
}

static bool add_consent(const struct consent *c, void *list)
{
	json_array_append_new(list, consent_values(c));
	return true;
}

static enum err answer_history(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	json_t *values = json_object(), *list = json_array();
	enum err code = store_list_consents(p->store, request->person->tckn, add_consent, list, e);

	value_set_list(values, "consents", list);
	if (!code)
		return page_answer(request, answer, 200, "history", values, e);
	json_decref(values);
	return code;
}

#define SHORT 8 /* digits of the receipt */
#define FILE_NAME_SIZE 48

/* Tells several in one folder apart by what the pages show of them. */
static void name_file(const struct consent *c, char out[FILE_NAME_SIZE])
{
	time_t t = (time_t)c->accepted_at;
	char day[16] = "";
	struct tm local;

	if (localtime_r(&t, &local))
		strftime(day, sizeof(day), "%Y-%m-%d", &local);
	snprintf(out, FILE_NAME_SIZE, "e-onay-%s-%.*s" ENDING, day, SHORT, c->receipt);
}

/* /onaylarim/ID.p7s */
static enum err answer_download_consent(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	const char *name = request->name;
	struct signature signature = {0};
	struct bytes file = {0};
	struct consent c;
	char id[PORTAL_ID_DIGITS + 1], saved_as[FILE_NAME_SIZE];
	enum err code;

	if (strlen(name) != PORTAL_ID_DIGITS + strlen(ENDING) ||
		strcmp(name + PORTAL_ID_DIGITS, ENDING) != 0)
		return error_set(e, ERR_PAGE_UNKNOWN, "consent");
	memcpy(id, name, PORTAL_ID_DIGITS);
	id[PORTAL_ID_DIGITS] = '\0';
	if ((code = store_find_consent(p->store, id, request->person->tckn, &c, e)) ||
		(code = store_read_signature(p->store, c.id, &signature, e)))
		return code;
	code = stamp_put_in(&signature, &file, e);
	name_file(&c, saved_as);
	if (!code)
		answer_download(answer, CMS_TYPE, saved_as, bytes_span(&file));
	bytes_free(&file);
	signature_free(&signature);
	return code;
}

static enum err answer_question(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct consent c;
	enum err code = store_find_consent(p->store, request->id, request->person->tckn, &c, e);

	if (code)
		return code;
	if (c.withdrawn_at != 0) {
		answer_redirect(answer, PATH);
		return ERR_OK;
	}
	return page_answer(request, answer, 200, "withdraw", consent_values(&c), e);
}

static enum err answer_withdraw(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	enum err code = store_withdraw_consent(
		p->store, request->id, request->person->tckn, clock_wall_s(), e);

	if (!code)
		answer_redirect(answer, PATH);
	return code;
}

#define FLAGS (ROUTE_PAGE | ROUTE_PERSON)

const struct route history_routes[] = {
	{"GET", PATH, NULL, 0, answer_history, FLAGS},
	{"GET", PATH "/*/rapor", NULL, 0, report_answer, FLAGS},
	{"GET", PATH "/*/geri-al", NULL, 0, answer_question, FLAGS},
	{"POST", PATH "/*/geri-al", FORM_TYPE, FORM_MAX, answer_withdraw, FLAGS | ROUTE_FORM},
	{"GET", PATH "/@", NULL, 0, answer_download_consent, FLAGS},
	{0},
};

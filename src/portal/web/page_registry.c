#include "portal/web/page_registry.h"

#include "base/clock.h"
#include "portal/web/page.h"
#include "portal/web/values.h"

#include <string.h>

#define CERTIFICATE_TYPE "application/pkix-cert" /* RFC 2585 4.1 */

enum err registry_find_own(
	const struct http_request *request, bool form, struct registered *out, struct error *e)
{
	const char *serial = form ? request_form(request, "seri") : request_query(request, "seri");
	enum err code = ERR_RECORD_UNKNOWN;

	*out = (struct registered){0};
	if (serial)
		code = store_find_certificate(request->portal->store, serial, NULL, out, e);
	if (!code && strcmp(out->tckn, request->person->tckn) == 0)
		return ERR_OK;
	registered_free(out);
	return error_set(e, code ? code : ERR_RECORD_UNKNOWN, "certificate");
}

static bool add_application(const struct application *a, void *list)
{
	static const char *const states[] = {
		[APPLICATION_RECEIVED] = "received",
		[APPLICATION_CHECKED] = "checked",
		[APPLICATION_ISSUED] = "issued",
		[APPLICATION_DELIVERED] = "delivered",
		[APPLICATION_REFUSED] = "refused",
	};
	json_t *v =
		json_pack("{s:s, s:s, s:b}", "number", a->id, "note", a->note, states[a->state], 1);

	json_object_set_new(v, "created", value_time(a->created));
	json_object_set_new(v, "changed", value_time(a->changed));
	json_array_append_new(list, v);
	return true;
}

static enum err answer_applications(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	json_t *values = json_object(), *list = json_array();
	enum err code =
		store_list_applications(p->store, request->person->tckn, add_application, list, e);

	value_set_list(values, "applications", list);
	if (!code)
		return page_answer(request, answer, 200, "applications", values, e);
	json_decref(values);
	return code;
}

static bool add_certificate(const struct registered *r, void *list)
{
	json_array_append_new(list, value_certificate(r, clock_wall_s()));
	return true;
}

static enum err answer_list(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	json_t *values = json_object(), *list = json_array();
	enum err code =
		store_list_certificates(p->store, request->person->tckn, add_certificate, list, e);

	value_set_list(values, "certificates", list);
	if (!code)
		return page_answer(request, answer, 200, "certificates", values, e);
	json_decref(values);
	return code;
}

static enum err answer_certificates(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct registered r;
	enum err code;

	if (!request_query(request, "seri"))
		return answer_list(p, request, answer, e);
	code = registry_find_own(request, false, &r, e);
	if (code)
		return code;
	code = page_answer(request, answer, 200, "certificate",
		json_pack("{s:o}", "certificate", value_certificate(&r, clock_wall_s())), e);
	registered_free(&r);
	return code;
}

static enum err answer_download_certificate(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct registered r;
	enum err code = registry_find_own(request, false, &r, e);

	(void)p;
	if (code)
		return code;
	answer_download(answer, CERTIFICATE_TYPE, "sertifika.cer", bytes_span(&r.der));
	registered_free(&r);
	return ERR_OK;
}

#define FLAGS (ROUTE_PAGE | ROUTE_PERSON)

const struct route registry_routes[] = {
	{"GET", "/islemler/bireysel/basvuru", NULL, 0, answer_applications, FLAGS},
	{"GET", "/islemler/bireysel/sertifikalar", NULL, 0, answer_certificates, FLAGS},
	{"GET", "/islemler/bireysel/sertifika.cer", NULL, 0, answer_download_certificate, FLAGS},
	{0},
};

/* Applications and certificates, and the changes of their status. */
#include "visit.h"

#include "base/clock.h"
#include "portal/store/store_registry.h"
#include "portal/web/page_change.h"
#include "portal/web/page_registry.h"

#include <stdio.h>

#define PATH "/islemler/bireysel/"

static void add_certificate(struct visit *v, const char *serial, const char *tckn, int64_t days)
{
	int64_t now = clock_wall_s();
	struct registered r = {.not_before = now - 86400, .not_after = now + days * 86400};
	bool fresh;

	snprintf(r.serial, sizeof(r.serial), "%s", serial);
	snprintf(r.issuer, sizeof(r.issuer), "Deneme & Oğulları");
	snprintf(r.tckn, sizeof(r.tckn), "%s", tckn);
	snprintf(r.holder, sizeof(r.holder), "Işıl <Çağrı>");
	bytes_append(&r.der, span_of("D\0R", 3));
	assert_int_equal(store_add_certificate(v->portal.store, &r, &fresh, NULL), ERR_OK);
	registered_free(&r);
}

static enum registered_status status_of(struct visit *v, const char *serial)
{
	struct registered r;
	enum registered_status status;

	assert_int_equal(store_find_certificate(v->portal.store, serial, NULL, &r, NULL), ERR_OK);
	status = r.status;
	registered_free(&r);
	return status;
}

static void applications_are_listed(void **state)
{
	struct visit *v = *state;
	struct application a = {.tckn = AYSE, .created = 1000, .changed = 2000};

	assert_int_equal(visit_get(v, registry_routes, PATH "basvuru"), ERR_OK);
	assert_has(v, "Adınıza kayıtlı bir başvuru yok.");
	snprintf(a.id, sizeof(a.id), "%032X", 0xABCu);
	snprintf(a.note, sizeof(a.note), "Şube <5>");
	a.state = APPLICATION_CHECKED;
	assert_int_equal(store_add_application(v->portal.store, &a, NULL), ERR_OK);
	assert_int_equal(visit_get(v, registry_routes, PATH "basvuru"), ERR_OK);
	assert_has(v, "00000ABC");
	assert_has(v, "Belgeleriniz uygun bulundu");
	assert_has(v, "Şube &lt;5&gt;");
	assert_has(v, "datetime=\"1970-01-01T00:16:40Z\"");
	visit_become(v, ALI);
	assert_int_equal(visit_get(v, registry_routes, PATH "basvuru"), ERR_OK);
	assert_lacks(v, "00000ABC");
}

static void certificates_are_shown_to_their_holder(void **state)
{
	struct visit *v = *state;

	add_certificate(v, "0A", AYSE, 100);
	add_certificate(v, "0B", AYSE, -1);
	assert_int_equal(visit_get(v, registry_routes, PATH "sertifikalar"), ERR_OK);
	assert_has(v, "Geçerli<");
	assert_has(v, "Süresi dolmuş");
	assert_int_equal(visit_get(v, registry_routes, PATH "sertifikalar?seri=0A"), ERR_OK);
	assert_has(v, "Işıl &lt;Çağrı&gt;");
	assert_has(v, "100******46");
	assert_lacks(v, AYSE "<");
	assert_has(v, "Deneme &amp; Oğulları");
	assert_has(v, PATH "iptal?seri=0A");
	assert_int_equal(visit_get(v, registry_routes, PATH "sertifikalar?seri=0B"), ERR_OK);
	assert_lacks(v, "iptal?seri");
	assert_int_equal(visit_get(v, registry_routes, PATH "sertifika.cer?seri=0A"), ERR_OK);
	assert_int_equal(v->answer.body.n, 3);
	assert_string_equal(v->answer.content_type, "application/pkix-cert");
	visit_become(v, ALI);
	assert_int_equal(
		visit_get(v, registry_routes, PATH "sertifikalar?seri=0A"), ERR_RECORD_UNKNOWN);
	assert_int_equal(
		visit_get(v, registry_routes, PATH "sertifika.cer?seri=0A"), ERR_RECORD_UNKNOWN);
	assert_int_equal(visit_get(v, registry_routes, PATH "sertifika.cer"), ERR_RECORD_UNKNOWN);
}

static void a_change_takes_two_steps(void **state)
{
	struct visit *v = *state;

	add_certificate(v, "0A", AYSE, 100);
	assert_int_equal(visit_get(v, change_routes, PATH "askidan-indirme"), ERR_OK);
	assert_has(v, "Askıya alınmış bir sertifikanız yok.");
	assert_int_equal(visit_get(v, change_routes, PATH "askiya-alma"), ERR_OK);
	assert_has(v, PATH "askiya-alma?seri=0A");
	assert_int_equal(visit_get(v, change_routes, PATH "askiya-alma?seri=0A"), ERR_OK);
	assert_has(v, "Askıya al\n");
	assert_int_equal(status_of(v, "0A"), REGISTERED_VALID);
	assert_int_equal(visit_post(v, change_routes, PATH "askiya-alma", "seri=0A"), ERR_OK);
	assert_int_equal(status_of(v, "0A"), REGISTERED_SUSPENDED);
	assert_int_equal(visit_get(v, change_routes, visit_location(v)), ERR_OK);
	assert_has(v, "Sertifikanız askıya alınmıştır.");
	assert_int_equal(
		visit_post(v, change_routes, PATH "askiya-alma", "seri=0A"), ERR_RECORD_CHANGED);
	assert_int_equal(visit_get(v, change_routes, PATH "askiya-alma?seri=0A"), ERR_OK);
	assert_string_equal(visit_location(v), PATH "askiya-alma");
	assert_int_equal(visit_post(v, change_routes, PATH "askidan-indirme", "seri=0A"), ERR_OK);
	assert_int_equal(status_of(v, "0A"), REGISTERED_VALID);
}

static void revoking_wants_the_box_ticked_and_is_for_good(void **state)
{
	struct visit *v = *state;
	struct registered r;

	add_certificate(v, "0A", AYSE, 100);
	assert_int_equal(visit_get(v, change_routes, PATH "iptal?seri=0A"), ERR_OK);
	assert_has(v, "Bu işlem geri alınamaz.");
	assert_int_equal(visit_post(v, change_routes, PATH "iptal", "seri=0A&neden=kayip"), ERR_OK);
	assert_int_equal(v->answer.status, 422);
	assert_has(v, "Devam etmek için bu kutuyu işaretlemeniz gerekir.");
	assert_int_equal(status_of(v, "0A"), REGISTERED_VALID);
	assert_int_equal(
		visit_post(v, change_routes, PATH "iptal", "seri=0A&neden=kayip&eminim=1"), ERR_OK);
	assert_int_equal(store_find_certificate(v->portal.store, "0A", NULL, &r, NULL), ERR_OK);
	assert_int_equal(r.status, REGISTERED_REVOKED);
	assert_string_equal(r.reason, "kayip");
	registered_free(&r);
	assert_int_equal(visit_get(v, change_routes, visit_location(v)), ERR_OK);
	assert_has(v, "Sertifikanız iptal edilmiştir.");
	assert_int_equal(visit_post(v, change_routes, PATH "askidan-indirme", "seri=0A"),
		ERR_RECORD_CHANGED);
	assert_int_equal(visit_get(v, change_routes, PATH "iptal"), ERR_OK);
	assert_has(v, "İptal edilebilecek bir sertifikanız yok.");
}

static void nobody_changes_what_is_anothers_or_has_run_out(void **state)
{
	struct visit *v = *state;

	add_certificate(v, "0A", ALI, 100);
	add_certificate(v, "0B", AYSE, -1);
	assert_int_equal(
		visit_post(v, change_routes, PATH "askiya-alma", "seri=0A"), ERR_RECORD_UNKNOWN);
	assert_int_equal(
		visit_post(v, change_routes, PATH "iptal", "eminim=1&seri=0A"), ERR_RECORD_UNKNOWN);
	assert_int_equal(
		visit_post(v, change_routes, PATH "iptal", "eminim=1"), ERR_RECORD_UNKNOWN);
	assert_int_equal(
		visit_post(v, change_routes, PATH "askiya-alma", "seri=0B"), ERR_RECORD_CHANGED);
	assert_int_equal(status_of(v, "0A"), REGISTERED_VALID);
	assert_int_equal(status_of(v, "0B"), REGISTERED_VALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		VISIT_TEST(applications_are_listed),
		VISIT_TEST(certificates_are_shown_to_their_holder),
		VISIT_TEST(a_change_takes_two_steps),
		VISIT_TEST(revoking_wants_the_box_ticked_and_is_for_good),
		VISIT_TEST(nobody_changes_what_is_anothers_or_has_run_out),
	};

	return cmocka_run_group_tests_name("portal page_registry", tests, NULL, NULL);
}

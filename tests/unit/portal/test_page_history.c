/* Onaylarım, the verification report, and the operator's desk. */
#include "visit.h"

#include "portal/web/page_history.h"
#include "portal/web/page_operator.h"

#include "base/clock.h"

#include <stdio.h>

/* Ayşe's consent number n, signed; its receipt into receipt. */
static struct session consent(struct visit *v, uint8_t n, char receipt[PORTAL_ID_DIGITS + 1])
{
	struct session s = open_session(v->portal.store, n);
	bool fresh;

	assert_int_equal(add_signature(v->portal.store, s.id, n, receipt, &fresh), ERR_OK);
	return s;
}

static void consents_are_listed_and_downloaded(void **state)
{
	struct visit *v = *state;
	char receipt[PORTAL_ID_DIGITS + 1], page[128];
	struct signature signature = make_signature(1);
	struct session s;

	assert_int_equal(visit_get(v, history_routes, "/onaylarim"), ERR_OK);
	assert_has(v, "Henüz verdiğiniz bir e-Onay yok.");
	s = consent(v, 1, receipt);
	assert_int_equal(visit_get(v, history_routes, "/onaylarim"), ERR_OK);
	assert_has(v, receipt);
	assert_has(v, "Yürürlükte");
	snprintf(page, sizeof(page), "/onaylarim/%s.p7s", s.id);
	assert_has(v, page);
	assert_int_equal(visit_get(v, history_routes, page), ERR_OK);
	assert_string_equal(v->answer.content_type, "application/pkcs7-signature");
	assert_true(span_equal(bytes_span(&v->answer.body), bytes_span(&signature.cms)));
	assert_int_equal(visit_get(v, history_routes, "/onaylarim/x.p7s"), ERR_PAGE_UNKNOWN);
	visit_become(v, ALI);
	assert_int_equal(visit_get(v, history_routes, page), ERR_RECORD_UNKNOWN);
	assert_int_equal(visit_get(v, history_routes, "/onaylarim"), ERR_OK);
	assert_lacks(v, receipt);
	signature_free(&signature);
}

static void a_consent_is_withdrawn_in_two_steps(void **state)
{
	struct visit *v = *state;
	char receipt[PORTAL_ID_DIGITS + 1], page[128];
	struct session s = consent(v, 1, receipt);

	snprintf(page, sizeof(page), "/onaylarim/%s/geri-al", s.id);
	visit_become(v, ALI);
	assert_int_equal(visit_get(v, history_routes, page), ERR_RECORD_UNKNOWN);
	assert_int_equal(visit_post(v, history_routes, page, ""), ERR_RECORD_UNKNOWN);
	visit_become(v, AYSE);
	assert_int_equal(visit_get(v, history_routes, page), ERR_OK);
	assert_has(v, "Onayımı geri al");
	assert_has(v, receipt);
	assert_int_equal(visit_post(v, history_routes, page, ""), ERR_OK);
	assert_int_equal(visit_get(v, history_routes, visit_location(v)), ERR_OK);
	assert_has(v, "Geri alınmış");
	assert_lacks(v, "/geri-al");
	assert_int_equal(visit_post(v, history_routes, page, ""), ERR_RECORD_CHANGED);
	assert_int_equal(visit_get(v, history_routes, page), ERR_OK);
	assert_string_equal(visit_location(v), "/onaylarim");
}

/* What the store has here is no signature at all: the report says so, and shows it all the same. */
static void the_report_does_not_believe_the_store(void **state)
{
	struct visit *v = *state;
	char receipt[PORTAL_ID_DIGITS + 1], page[128];
	struct session s = consent(v, 1, receipt);

	snprintf(page, sizeof(page), "/onaylarim/%s/rapor", s.id);
	assert_int_equal(visit_get(v, history_routes, page), ERR_OK);
	assert_has(v, "İmza doğrulanamadı.");
	assert_has(v, "K-310");
	assert_has(v, "HATALI</span> Biçim");
	assert_has(v, "denetlenmedi</span> İmza");
	assert_has(v, receipt);
	assert_has(v, "<blockquote lang=\"tr\">bir</blockquote>");
	visit_become(v, ALI);
	assert_int_equal(visit_get(v, history_routes, page), ERR_RECORD_UNKNOWN);
}

static void the_desk_sees_the_day_without_persons(void **state)
{
	struct visit *v = *state;
	char receipt[PORTAL_ID_DIGITS + 1], page[128];
	struct session s = consent(v, 1, receipt), today = {.person = "AYŞE", .tckn = AYSE};
	const struct texts none = {0};

	snprintf(today.id, sizeof(today.id), "%032X", 0xFEDu);
	today.created = clock_wall_s();
	today.expires = today.created + 300;
	today.purpose = SESSION_UNBLOCK;
	memset(today.code_mac, 9, sizeof(today.code_mac));
	assert_int_equal(store_add_session(v->portal.store, &today, &none, NULL), ERR_OK);
	assert_int_equal(visit_get(v, operator_routes, "/gorevli"), ERR_OK);
	assert_has(v, "Kilit çözme");
	assert_has(v, "Kod verildi");
	assert_has(v, "100******46");
	assert_lacks(v, "AYŞE<");
	snprintf(page, sizeof(page), "/gorevli?ara=%s", receipt);
	assert_int_equal(visit_get(v, operator_routes, page), ERR_OK);
	assert_has(v, s.id);
	assert_has(v, "İmzalandı");
	for (char *at = page + strlen("/gorevli?ara="); *at; at++)
		*at = (char)(*at >= 'A' && *at <= 'F' ? *at - 'A' + 'a' : *at);
	assert_int_equal(visit_get(v, operator_routes, page), ERR_OK);
	assert_has(v, s.id);
	assert_int_equal(visit_get(v, operator_routes, "/gorevli?ara=%3Cscript%3E"), ERR_OK);
	assert_has(v, "Bu numarayla bir kayıt bulunamadı.");
	assert_has(v, "value=\"&lt;script&gt;\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		VISIT_TEST(consents_are_listed_and_downloaded),
		VISIT_TEST(a_consent_is_withdrawn_in_two_steps),
		VISIT_TEST(the_report_does_not_believe_the_store),
		VISIT_TEST(the_desk_sees_the_day_without_persons),
	};

	return cmocka_run_group_tests_name("portal page_history", tests, NULL, NULL);
}

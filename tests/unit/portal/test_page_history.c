/* Onaylarım, the verification report, and the operator's desk. */
#include "visit.h"

#include "portal/web/page_history.h"
#include "portal/web/page_operator.h"

#include "base/clock.h"
#include "sign/cms.h"
#include "sign/stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

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

/* By what the pages show of it; its day is the one where we are. */
static void a_download_is_told_from_others(void **state)
{
	struct visit *v = *state;
	struct session s = open_session(v->portal.store, 1);
	struct signature signature = make_signature(1);
	char page[128];
	bool fresh;

	setenv("TZ", "<+03>-3", 1);
	tzset();
	signature.accepted_at = INT64_C(1646170000); /* 2022-03-01T21:26:40Z */
	memcpy(signature.receipt, "C114B25B5E05129959C656526A414C11", sizeof(signature.receipt));
	assert_int_equal(
		store_add_signature(v->portal.store, s.id, &signature, &fresh, NULL), ERR_OK);
	snprintf(page, sizeof(page), "/onaylarim/%s.p7s", s.id);
	assert_int_equal(visit_get(v, history_routes, page), ERR_OK);
	assert_string_equal(visit_header(v, "Content-Disposition"),
		"attachment; filename=\"e-onay-2022-03-02-C114B25B.p7s\"");
	assert_int_equal(visit_get(v, history_routes, "/onaylarim"), ERR_OK);
	assert_has(v, "02.03.2022 00:26:40");
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
	snprintf(page, sizeof(page), "/onaylarim/%s/rapor", s.id);
	assert_int_equal(visit_get(v, history_routes, page), ERR_OK);
	assert_has(v, "Bu onay geri alınmıştır:");
	snprintf(page, sizeof(page), "/onaylarim/%s/geri-al", s.id);
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
	assert_lacks(v, "geri alınmıştır");
	assert_has(v, "<blockquote lang=\"tr\">bir</blockquote>");
	visit_become(v, ALI);
	assert_int_equal(visit_get(v, history_routes, page), ERR_RECORD_UNKNOWN);
}

/* A root that is trusted, for signers and authorities. */
static void trust_root(struct visit *v, const struct pki *root)
{
	char path[] = "/tmp/eonay-trust.XXXXXX";

	pki_write_pem(path, &root, 1);
	assert_int_equal(trust_read_file(path, &v->portal.policy.trust, NULL), ERR_OK);
	v->portal.policy.stamp.trust = v->portal.policy.trust;
	unlink(path);
}

/* Ayşe's consent, really signed, and stamped; as it is given out into file. */
static struct session stamped_consent(struct visit *v, const struct pki *root, struct bytes *file)
{
	struct session s = open_session(v->portal.store, 1);
	struct signature signature = make_signature(1);
	struct bytes content = {0};
	struct pki signer, authority;
	struct texts texts;
	struct cms parts;
	bool fresh;

	pki_make_signer(&signer, "p256", root);
	stamp_make_authority(&authority, root, 0);
	assert_int_equal(store_read_texts(v->portal.store, s.id, &texts, NULL), ERR_OK);
	texts_join(&texts, &content);
	bytes_clear(&signature.cms);
	assert_int_equal(pki_make_cms(&signer, (struct cades_request){0}, bytes_span(&content),
				 &signature.cms, NULL),
		ERR_OK);
	assert_int_equal(cms_read(bytes_span(&signature.cms), &parts, NULL), ERR_OK);
	stamp_make(
		&authority, root, DIGEST_SHA256, parts.signature, PKI_NOW, &signature.time_stamp);
	signature.accepted_at = PKI_NOW;
	assert_int_equal(
		store_add_signature(v->portal.store, s.id, &signature, &fresh, NULL), ERR_OK);
	assert_int_equal(cades_add_time_stamp(bytes_span(&signature.cms),
				 bytes_span(&signature.time_stamp), file, NULL),
		ERR_OK);
	pki_free(&authority);
	pki_free(&signer);
	texts_free(&texts);
	bytes_free(&content);
	signature_free(&signature);
	return s;
}

static void a_time_stamp_is_inside(void **state)
{
	struct visit *v = *state;
	struct bytes file = {0};
	struct pki root;
	struct session s;
	char page[128];

	pki_make_root(&root);
	trust_root(v, &root);
	s = stamped_consent(v, &root, &file);
	snprintf(page, sizeof(page), "/onaylarim/%s.p7s", s.id);
	assert_int_equal(visit_get(v, history_routes, page), ERR_OK);
	assert_true(span_equal(bytes_span(&v->answer.body), bytes_span(&file)));
	snprintf(page, sizeof(page), "/onaylarim/%s/rapor", s.id);
	assert_int_equal(visit_get(v, history_routes, page), ERR_OK);
	assert_has(v, "İmza geçerli.");
	assert_has(v, "doğru</span> Zaman damgası");
	assert_has(v, "RFC 3161, ZDS, <time");
	assert_has(v, "SHA-256 (zaman damgalı dosya)");
	v->portal.policy.stamp.trust = NULL;
	assert_int_equal(visit_get(v, history_routes, page), ERR_OK);
	assert_has(v, "İmza geçerli.");
	assert_has(v, "denetlenmedi</span> Zaman damgası");
	trust_free(v->portal.policy.trust);
	pki_free(&root);
	bytes_free(&file);
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
	assert_has(v, "<dt>Bekleyen</dt><dd>1</dd>");
	assert_has(v, "<dt>Geçersiz kılınan</dt><dd>0</dd>");
	assert_int_equal(store_cancel_session(v->portal.store, today.id, NULL), ERR_OK);
	assert_int_equal(visit_get(v, operator_routes, "/gorevli"), ERR_OK);
	assert_has(v, "<dt>Verilen kod</dt><dd>1</dd>");
	assert_has(v, "<dt>Bekleyen</dt><dd>0</dd>");
	assert_has(v, "<dt>Geçersiz kılınan</dt><dd>1</dd>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		VISIT_TEST(consents_are_listed_and_downloaded),
		VISIT_TEST(a_download_is_told_from_others),
		VISIT_TEST(a_consent_is_withdrawn_in_two_steps),
		VISIT_TEST(the_report_does_not_believe_the_store),
		VISIT_TEST(a_time_stamp_is_inside),
		VISIT_TEST(the_desk_sees_the_day_without_persons),
	};

	return cmocka_run_group_tests_name("portal page_history", tests, NULL, NULL);
}

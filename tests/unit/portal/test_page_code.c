/* E-Onay İşlemleri and PIN Oluşturma/Kilit Çözme: codes, who sees them, and what their pages turn to. */
#include "visit.h"

#include "base/clock.h"
#include "portal/consent.h"
#include "portal/web/page_code.h"
#include "portal/web/stream.h"

#include <stdio.h>
#include <unistd.h>

#define OTHER_BROWSER "B000000000000000000000000000000000000000000000000000000000000002"

/* Presses Devam; the address of the code's page. */
static void begin(struct visit *v, const char *path, char address[128])
{
	assert_int_equal(visit_post(v, code_routes, path, ""), ERR_OK);
	snprintf(address, 128, "%s", visit_location(v));
	assert_int_equal(strncmp(address, path, strlen(path)), 0);
}

static const char *id_of(const char *address)
{
	return strrchr(address, '/') + 1;
}

/* The code as the page has it for its copy button; fails when there is none. */
static void read_code(struct visit *v, const char *address, char code[PORTAL_CODE_DIGITS + 1])
{
	static const char before[] = "data-copy=\"";
	const char *at;

	assert_int_equal(visit_get(v, code_routes, address), ERR_OK);
	at = strstr(visit_body(v), before);
	assert_non_null(at);
	snprintf(code, PORTAL_CODE_DIGITS + 1, "%s", at + strlen(before));
	assert_true(code_is_wellformed(span_text(code)));
}

static struct session by_code(struct visit *v, const char *text)
{
	struct session s = {0};
	uint8_t mac[KEY_MAC_SIZE];

	assert_int_equal(
		key_mac(&v->portal.key, KEY_CODE, span_text(text), (struct span){0}, mac, NULL),
		ERR_OK);
	assert_int_equal(store_find_by_code(v->portal.store, mac, &s, NULL), ERR_OK);
	return s;
}

static void open_it(struct visit *v, struct session *s)
{
	bool won;

	snprintf(s->kiosk, sizeof(s->kiosk), "Banko <3>");
	assert_int_equal(store_open_session(v->portal.store, s, NULL, 1000, &won, NULL), ERR_OK);
	assert_true(won);
}

static void a_code_is_shown_to_the_browser_that_got_it(void **state)
{
	struct visit *v = *state;
	char address[128], code[PORTAL_CODE_DIGITS + 1], again[PORTAL_CODE_DIGITS + 1];
	struct session s;

	assert_int_equal(visit_get(v, code_routes, "/e-onay"), ERR_OK);
	assert_has(v, "e-Onay İşlemleri (1/2)");
	assert_has(v, "<blockquote lang=\"tr\">Onay veriyorum.</blockquote>");
	begin(v, "/e-onay", address);
	read_code(v, address, code);
	assert_has(v, "e-Onay İşlemleri (2/2)");
	assert_has(v, "<path class=\"dark\" d=\"M4 4h7v1h-7z");
	s = by_code(v, code);
	assert_string_equal(s.id, id_of(address));
	assert_string_equal(s.tckn, AYSE);
	assert_int_equal(s.purpose, SESSION_CONSENT);
	assert_int_equal(s.expires, s.created + 300);
	read_code(v, address, again);
	assert_string_equal(code, again);
	v->browser = OTHER_BROWSER;
	assert_int_equal(visit_get(v, code_routes, address), ERR_OK);
	assert_lacks(v, code);
	assert_lacks(v, "data-copy");
	assert_has(v, "Kod yalnızca alındığı oturumda gösterilir.");
}

/* A service with a text of its own does not have people agree to another one. */
static void what_will_be_signed_is_what_the_page_says(void **state)
{
	static const char statement[] = "Bundan sonraki e-İmza başvurularımda e-Onaylı başvuruyu "
					"kullanabilmek için onay veriyorum.";
	struct visit *v = *state;

	assert_int_equal(visit_get(v, code_routes, "/e-onay"), ERR_OK);
	assert_lacks(v, statement);
	assert_lacks(v, "<details>");
	texts_free(&v->portal.consent);
	assert_int_equal(consent_load("", &v->portal.consent, NULL), ERR_OK);
	assert_int_equal(visit_get(v, code_routes, "/e-onay"), ERR_OK);
	assert_has(v, statement);
	assert_has(v, "<details>");
}

static void nobody_else_sees_that_there_is_one(void **state)
{
	static const char *const pages[] = {"", "/olaylar", "/sonuc"};
	struct visit *v = *state;
	char address[128], page[160];

	begin(v, "/e-onay", address);
	visit_become(v, ALI);
	for (size_t i = 0; i < 3; i++) {
		snprintf(page, sizeof(page), "%s%s", address, pages[i]);
		assert_int_equal(visit_get(v, code_routes, page), ERR_PAGE_UNKNOWN);
	}
	snprintf(page, sizeof(page), "%s/tekrar", address);
	assert_int_equal(visit_post(v, code_routes, page, ""), ERR_PAGE_UNKNOWN);
	visit_become(v, AYSE);
	snprintf(page, sizeof(page), "/islemler/bireysel/pin/%s", id_of(address));
	assert_int_equal(visit_get(v, code_routes, page), ERR_PAGE_UNKNOWN);
}

static void tekrar_kod_al_kills_the_old_code(void **state)
{
	struct visit *v = *state;
	char old[128], new[128], page[160], code[PORTAL_CODE_DIGITS + 1],
		next[PORTAL_CODE_DIGITS + 1];

	begin(v, "/e-onay", old);
	read_code(v, old, code);
	snprintf(page, sizeof(page), "%s/tekrar", old);
	assert_int_equal(visit_post(v, code_routes, page, ""), ERR_OK);
	snprintf(new, sizeof(new), "%s", visit_location(v));
	assert_string_not_equal(old, new);
	assert_int_equal(by_code(v, code).state, SESSION_CANCELLED);
	read_code(v, new, next);
	assert_string_not_equal(code, next);
	assert_int_equal(by_code(v, next).state, SESSION_ISSUED);
	assert_int_equal(visit_get(v, code_routes, old), ERR_OK);
	assert_has(v, "Bu kod geçersiz kılındı");
	assert_lacks(v, code);
}

static void the_page_tells_what_the_kiosk_did(void **state)
{
	struct visit *v = *state;
	char address[128], page[160], code[PORTAL_CODE_DIGITS + 1];
	struct signature signature = make_signature(1);
	struct session s;
	bool fresh;

	begin(v, "/e-onay", address);
	snprintf(page, sizeof(page), "%s/sonuc", address);
	assert_int_equal(visit_get(v, code_routes, page), ERR_PAGE_UNKNOWN);
	read_code(v, address, code);
	s = by_code(v, code);
	open_it(v, &s);
	assert_int_equal(visit_get(v, code_routes, address), ERR_OK);
	assert_has(v, "Kodunuz terminalde açıldı");
	assert_has(v, "Banko &lt;3&gt;");
	assert_has(v, "data-state=\"open\"");
	assert_lacks(v, code);
	assert_int_equal(
		store_add_signature(v->portal.store, s.id, &signature, &fresh, NULL), ERR_OK);
	assert_int_equal(visit_get(v, code_routes, address), ERR_OK);
	assert_string_equal(visit_location(v), page);
	assert_int_equal(visit_get(v, code_routes, page), ERR_OK);
	assert_has(v, "İŞLEM BAŞARILI");
	assert_has(v, "e-Onay verme işleminiz tamamlanmıştır.");
	assert_has(v, signature.receipt);
	snprintf(page, sizeof(page), "%s/tekrar", address);
	assert_int_equal(visit_post(v, code_routes, page, ""), ERR_OK);
	assert_non_null(strstr(visit_location(v), "/sonuc"));
	signature_free(&signature);
}

static void a_failure_is_told_in_its_words(void **state)
{
	struct visit *v = *state;
	char address[128], code[PORTAL_CODE_DIGITS + 1];
	struct session s;

	begin(v, "/e-onay", address);
	read_code(v, address, code);
	s = by_code(v, code);
	open_it(v, &s);
	assert_int_equal(store_abandon_session(v->portal.store, s.id, "K-202", NULL), ERR_OK);
	assert_int_equal(visit_get(v, code_routes, address), ERR_OK);
	assert_has(v, "İşlem tamamlanamadı");
	assert_has(v, "PIN kilitli.");
	assert_has(v, "K-202");
	assert_lacks(v, "data-events");
}

static void a_code_runs_out(void **state)
{
	struct visit *v = *state;
	char address[128];

	v->portal.lifetime_s = -1;
	begin(v, "/e-onay", address);
	assert_int_equal(visit_get(v, code_routes, address), ERR_OK);
	assert_has(v, "Kodun süresi doldu");
	assert_lacks(v, "data-copy");
	assert_lacks(v, "http-equiv=\"refresh\"");
}

static void what_is_on_its_way_is_waited_for(void **state)
{
	struct visit *v = *state;
	char address[128], code[PORTAL_CODE_DIGITS + 1];
	struct session s;

	v->portal.lifetime_s = 1;
	v->portal.grace_s = 60;
	begin(v, "/e-onay", address);
	read_code(v, address, code);
	s = by_code(v, code);
	open_it(v, &s);
	while (clock_wall_s() < s.expires)
		usleep(50000);
	assert_int_equal(visit_get(v, code_routes, address), ERR_OK);
	assert_has(v, "data-state=\"open\"");
	assert_has(v, "data-events");
	assert_has(v, "http-equiv=\"refresh\"");
	v->portal.grace_s = 0;
	assert_int_equal(visit_get(v, code_routes, address), ERR_OK);
	assert_has(v, "Kodun süresi doldu");
	assert_lacks(v, "data-events");
}

static void unblocking_has_its_own_code(void **state)
{
	struct visit *v = *state;
	char address[128], page[160], code[PORTAL_CODE_DIGITS + 1];
	struct session s;

	begin(v, "/islemler/bireysel/pin", address);
	read_code(v, address, code);
	assert_has(v, "PIN Oluşturma/Kilit Çözme");
	assert_lacks(v, "İmzalama işlemi");
	s = by_code(v, code);
	assert_int_equal(s.purpose, SESSION_UNBLOCK);
	open_it(v, &s);
	assert_int_equal(store_finish_session(v->portal.store, s.id, NULL), ERR_OK);
	assert_int_equal(visit_get(v, code_routes, address), ERR_OK);
	assert_int_equal(visit_get(v, code_routes, visit_location(v)), ERR_OK);
	assert_has(v, "Kartınızın kilidi çözülmüş ve yeni PIN’iniz oluşturulmuştur.");
	snprintf(page, sizeof(page), "%s/tekrar", address);
	assert_int_equal(visit_post(v, code_routes, page, ""), ERR_OK);
	assert_non_null(strstr(visit_location(v), "/sonuc"));
}

#define TOLD_WITHIN_MS 20000

static void rest(void *context)
{
	(void)context;
}

/* Reads the stream of the answer until it tells the state. */
static void wait_for_state(struct visit *v, const char *state)
{
	int64_t until = clock_monotonic_ms() + TOLD_WITHIN_MS;
	char frame[EVENTS_FRAME_MAX], wanted[64];
	ssize_t n = 0;

	snprintf(wanted, sizeof(wanted), "\"state\":\"%s\"", state);
	events_attach(v->answer.stream, (struct event_sink){.sleep = rest, .wake = rest});
	while (n == 0 || !memmem(frame, (size_t)n, wanted, strlen(wanted))) {
		assert_true(clock_monotonic_ms() < until);
		n = events_read(v->answer.stream, frame, 0);
		assert_true(n >= 0);
		if (n == 0)
			usleep(10000);
	}
}

/* Of which session the news is the store cannot always tell: on SQLite never when another program has changed it. */
static void what_another_program_does_is_told(void **state)
{
	struct visit *v = *state;
	struct place *p = v->place;
	char address[128], page[160];
	struct store *other;

	v->portal.workers = workers_start(1);
	assert_int_equal(stream_watch(&v->portal, NULL), ERR_OK);
	begin(v, "/e-onay", address);
	snprintf(page, sizeof(page), "%s/olaylar", address);
	assert_int_equal(visit_get(v, code_routes, page), ERR_OK);
	wait_for_state(v, "issued");
	assert_int_equal(store_open(p->where, false, &other, NULL), ERR_OK);
	assert_int_equal(store_cancel_session(other, id_of(address), NULL), ERR_OK);
	wait_for_state(v, "cancelled");
	store_close(other);
	workers_stop(v->portal.workers);
	store_close(p->store);
	p->store = NULL;
	workers_free(v->portal.workers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		VISIT_TEST(a_code_is_shown_to_the_browser_that_got_it),
		VISIT_TEST(what_will_be_signed_is_what_the_page_says),
		VISIT_TEST(nobody_else_sees_that_there_is_one),
		VISIT_TEST(tekrar_kod_al_kills_the_old_code),
		VISIT_TEST(the_page_tells_what_the_kiosk_did),
		VISIT_TEST(a_failure_is_told_in_its_words),
		VISIT_TEST(a_code_runs_out),
		VISIT_TEST(what_is_on_its_way_is_waited_for),
		VISIT_TEST(unblocking_has_its_own_code),
		VISIT_TEST(what_another_program_does_is_told),
	};

	return cmocka_run_group_tests_name("portal page_code", tests, NULL, NULL);
}

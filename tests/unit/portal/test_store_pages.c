/* What the portal's pages keep: certificates, applications, consents, logins, the desk. */
#include "store_place.h"

#include "portal/store/store_browser.h"
#include "portal/store/store_consent.h"
#include "portal/store/store_desk.h"
#include "portal/store/store_registry.h"

#include <stdio.h>

#define AYSE "10000000146"
#define ALI "20000000046"

static void add_certificate(struct store *store, const char *serial, const char *tckn)
{
	struct registered r = {.not_before = 100, .not_after = 900, .status_at = 100};
	bool fresh = false;

	snprintf(r.serial, sizeof(r.serial), "%s", serial);
	snprintf(r.issuer, sizeof(r.issuer), "CN=Deneme");
	snprintf(r.tckn, sizeof(r.tckn), "%s", tckn);
	snprintf(r.holder, sizeof(r.holder), "KİŞİ %s", serial);
	bytes_append(&r.der, span_of("D\0R", 3));
	assert_int_equal(store_add_certificate(store, &r, &fresh, NULL), ERR_OK);
	assert_true(fresh);
	r.status = REGISTERED_REVOKED;
	assert_int_equal(store_add_certificate(store, &r, &fresh, NULL), ERR_OK);
	assert_false(fresh);
	registered_free(&r);
}

static bool name_certificate(const struct registered *r, void *context)
{
	bytes_append_format(context, "%s:%d:%s ", r->serial, (int)r->status, r->reason);
	assert_int_equal(r->der.n, 3);
	return true;
}

static void assert_certificates(struct store *store, const char *tckn, const char *wanted)
{
	struct bytes names = {0};

	if (tckn)
		assert_int_equal(
			store_list_certificates(store, tckn, name_certificate, &names, NULL),
			ERR_OK);
	else
		assert_int_equal(
			store_list_unusable(store, name_certificate, &names, NULL), ERR_OK);
	assert_string_equal(bytes_text(&names), wanted);
	bytes_free(&names);
}

static void a_certificate_is_suspended_released_and_revoked(void **state)
{
	struct store *store = store_of(state);

	add_certificate(store, "0A", AYSE);
	add_certificate(store, "0B", AYSE);
	add_certificate(store, "0C", ALI);
	assert_certificates(store, AYSE, "0A:0: 0B:0: ");
	assert_int_equal(store_change_certificate(store, "0A", AYSE, REGISTERED_VALID,
				 REGISTERED_SUSPENDED, "kayıp", 200, NULL),
		ERR_OK);
	assert_certificates(store, NULL, "0A:1:kayıp ");
	assert_int_equal(store_change_certificate(store, "0A", AYSE, REGISTERED_SUSPENDED,
				 REGISTERED_VALID, "bulundu", 201, NULL),
		ERR_OK);
	assert_certificates(store, NULL, "");
	assert_int_equal(store_change_certificate(store, "0A", AYSE, REGISTERED_VALID,
				 REGISTERED_REVOKED, "çalıntı", 202, NULL),
		ERR_OK);
	assert_certificates(store, AYSE, "0A:2:çalıntı 0B:0: ");
}

static void what_cannot_be_changed_stays(void **state)
{
	struct store *store = store_of(state);

	add_certificate(store, "0A", AYSE);
	assert_int_equal(store_change_certificate(store, "0A", ALI, REGISTERED_VALID,
				 REGISTERED_REVOKED, "", 200, NULL),
		ERR_RECORD_UNKNOWN);
	assert_int_equal(store_change_certificate(store, "0A", AYSE, REGISTERED_SUSPENDED,
				 REGISTERED_VALID, "", 200, NULL),
		ERR_RECORD_CHANGED);
	assert_int_equal(store_change_certificate(store, "0A", AYSE, REGISTERED_VALID,
				 REGISTERED_REVOKED, "", 200, NULL),
		ERR_OK);
	assert_int_equal(store_change_certificate(store, "0A", AYSE, REGISTERED_REVOKED,
				 REGISTERED_VALID, "", 200, NULL),
		ERR_RECORD_CHANGED);
	assert_certificates(store, AYSE, "0A:2: ");
}

static void a_certificate_is_found(void **state)
{
	struct store *store = store_of(state);
	struct registered r;

	add_certificate(store, "0A", AYSE);
	assert_int_equal(store_find_certificate(store, "0A", NULL, &r, NULL), ERR_OK);
	assert_string_equal(r.holder, "KİŞİ 0A");
	assert_string_equal(r.tckn, AYSE);
	assert_int_equal(r.not_after, 900);
	registered_free(&r);
	assert_int_equal(store_find_certificate(store, "0A", "CN=Deneme", &r, NULL), ERR_OK);
	registered_free(&r);
	assert_int_equal(
		store_find_certificate(store, "0A", "CN=Other", &r, NULL), ERR_RECORD_UNKNOWN);
	assert_int_equal(store_find_certificate(store, "0B", NULL, &r, NULL), ERR_RECORD_UNKNOWN);
}

static bool name_application(const struct application *a, void *context)
{
	bytes_append_format(
		context, "%s:%d:%s:%d ", a->id, (int)a->state, a->note, (int)a->changed);
	return true;
}

static void an_application_goes_its_way(void **state)
{
	struct store *store = store_of(state);
	struct application first = {.id = "1", .tckn = AYSE, .created = 10, .changed = 10},
			   second = {.id = "2", .tckn = AYSE, .created = 20, .changed = 20},
			   other = {.id = "3", .tckn = ALI, .created = 30, .changed = 30};
	struct bytes names = {0};

	assert_int_equal(store_add_application(store, &first, NULL), ERR_OK);
	assert_int_equal(store_add_application(store, &first, NULL), ERR_STORE);
	assert_int_equal(store_add_application(store, &second, NULL), ERR_OK);
	assert_int_equal(store_change_application(store, &other, NULL), ERR_RECORD_UNKNOWN);
	assert_int_equal(store_add_application(store, &other, NULL), ERR_OK);
	first.state = APPLICATION_REFUSED;
	first.changed = 40;
	snprintf(first.note, sizeof(first.note), "eksik");
	assert_int_equal(store_change_application(store, &first, NULL), ERR_OK);
	assert_int_equal(
		store_list_applications(store, AYSE, name_application, &names, NULL), ERR_OK);
	assert_string_equal(bytes_text(&names), "2:0::20 1:4:eksik:40 ");
	bytes_free(&names);
}

static bool name_consent(const struct consent *c, void *context)
{
	bytes_append_format(context, "%s:%d:%d:%s ", c->id + 31, (int)c->accepted_at,
		(int)c->withdrawn_at, c->kiosk);
	return true;
}

static void a_consent_is_taken_back_once(void **state)
{
	struct store *store = store_of(state);
	struct session first = open_session(store, 1), second = open_session(store, 2);
	struct consent c;
	struct bytes names = {0};
	bool fresh;

	open_session(store, 3);
	assert_int_equal(add_signature(store, first.id, 1, NULL, &fresh), ERR_OK);
	assert_int_equal(add_signature(store, second.id, 2, NULL, &fresh), ERR_OK);
	assert_int_equal(
		store_withdraw_consent(store, first.id, ALI, 3000, NULL), ERR_RECORD_UNKNOWN);
	assert_int_equal(store_withdraw_consent(store, first.id, AYSE, 3000, NULL), ERR_OK);
	assert_int_equal(
		store_withdraw_consent(store, first.id, AYSE, 3001, NULL), ERR_RECORD_CHANGED);
	assert_int_equal(store_list_consents(store, AYSE, name_consent, &names, NULL), ERR_OK);
	assert_string_equal(bytes_text(&names), "1:2001:3000:kiosk 1 2:2002:0:kiosk 2 ");
	assert_int_equal(store_find_consent(store, second.id, AYSE, &c, NULL), ERR_OK);
	assert_string_equal(c.receipt, "0000000000000000000000000000F002");
	assert_int_equal(store_find_consent(store, second.id, ALI, &c, NULL), ERR_RECORD_UNKNOWN);
	bytes_free(&names);
}

/* A login that was signed is no consent. */
static void only_consents_are_listed(void **state)
{
	struct store *store = store_of(state);
	struct session s = {.id = "9", .purpose = SESSION_LOGIN, .tckn = AYSE, .expires = 10},
		       found;
	struct texts none = {.count = 0};
	struct bytes names = {0};
	bool done;

	assert_int_equal(store_add_session(store, &s, &none, NULL), ERR_OK);
	assert_int_equal(store_open_session(store, &s, NULL, 1000, &done, NULL), ERR_OK);
	assert_int_equal(add_signature(store, s.id, 1, NULL, &done), ERR_OK);
	assert_int_equal(store_list_consents(store, AYSE, name_consent, &names, NULL), ERR_OK);
	assert_int_equal(names.n, 0);
	assert_int_equal(store_find_by_id(store, s.id, &found, NULL), ERR_OK);
	assert_int_equal(found.purpose, SESSION_LOGIN);
}

static void a_browser_session_lives_and_ends(void **state)
{
	struct store *store = store_of(state);
	struct browser b = {.mac = {1},
			       .tckn = AYSE,
			       .person = "AYŞE",
			       .operator= true,
			       .created = 100,
			       .seen = 100},
		       found;

	assert_int_equal(store_add_browser(store, &b, NULL), ERR_OK);
	assert_int_equal(store_add_browser(store, &b, NULL), ERR_STORE);
	assert_int_equal(store_touch_browser(store, b.mac, 150, NULL), ERR_OK);
	assert_int_equal(store_find_browser(store, b.mac, &found, NULL), ERR_OK);
	b.seen = 150;
	assert_memory_equal(found.mac, b.mac, sizeof(b.mac));
	assert_string_equal(found.tckn, AYSE);
	assert_string_equal(found.person, "AYŞE");
	assert_true(found.operator);
	assert_int_equal(found.created, 100);
	assert_int_equal(found.seen, 150);
	assert_int_equal(store_end_browser(store, b.mac, false, NULL), ERR_OK);
	assert_int_equal(store_end_browser(store, b.mac, false, NULL), ERR_OK);
	assert_int_equal(store_touch_browser(store, b.mac, 160, NULL), ERR_OK);
	assert_int_equal(store_find_browser(store, b.mac, &found, NULL), ERR_SESSION_UNKNOWN);
}

static void old_browser_sessions_are_forgotten(void **state)
{
	static const struct {
		int64_t created, seen;
		enum err wanted;
	} table[] = {{100, 199, ERR_SESSION_UNKNOWN}, {99, 250, ERR_SESSION_UNKNOWN},
		{100, 200, ERR_OK}};
	struct store *store = store_of(state);
	struct browser b = {.person = ""};

	for (uint8_t i = 0; i < 3; i++) {
		b.mac[0] = i;
		b.created = table[i].created;
		b.seen = table[i].seen;
		assert_int_equal(store_add_browser(store, &b, NULL), ERR_OK);
	}
	assert_int_equal(store_forget_browsers(store, 200, 100, 300, NULL), ERR_OK);
	for (uint8_t i = 0; i < 3; i++) {
		b.mac[0] = i;
		assert_int_equal(store_find_browser(store, b.mac, &b, NULL), table[i].wanted);
	}
}

static void a_login_is_taken_once_and_in_time(void **state)
{
	struct store *store = store_of(state);
	struct login l = {.state_mac = {1},
			     .browser_mac = {2},
			     .nonce = "n",
			     .verifier = "v",
			     .target = "/e-onay",
			     .expires = 500},
		     taken = {0};

	assert_int_equal(store_add_login(store, &l, NULL), ERR_OK);
	assert_int_equal(
		store_take_login(store, l.state_mac, 501, &taken, NULL), ERR_SESSION_UNKNOWN);
	assert_int_equal(store_take_login(store, l.state_mac, 500, &taken, NULL), ERR_OK);
	assert_memory_equal(&taken, &l, sizeof(l));
	assert_int_equal(
		store_take_login(store, l.state_mac, 400, &taken, NULL), ERR_SESSION_UNKNOWN);
	assert_int_equal(store_add_login(store, &l, NULL), ERR_OK);
	assert_int_equal(store_forget_browsers(store, 0, 0, 501, NULL), ERR_OK);
	assert_int_equal(
		store_take_login(store, l.state_mac, 400, &taken, NULL), ERR_SESSION_UNKNOWN);
}

static bool name_kiosk(const struct kiosk *k, void *context)
{
	bytes_append_format(context, "%s:%d:%d:%d ", k->name, (int)k->first_seen, (int)k->last_seen,
		(int)k->opened);
	return true;
}

static void open_at(struct store *store, uint8_t n, const char *kiosk, int64_t at, bool wins)
{
	struct session s = wins ? add_session(store, n) : (struct session){0};
	bool won;

	snprintf(s.id, sizeof(s.id), "%032X", (unsigned)n);
	snprintf(s.kiosk, sizeof(s.kiosk), "%s", kiosk);
	assert_int_equal(store_open_session(store, &s, NULL, at, &won, NULL), ERR_OK);
	assert_int_equal(won, wins);
}

static void kiosks_are_seen(void **state)
{
	struct store *store = store_of(state);
	struct bytes names = {0};

	open_at(store, 1, "a", 10, true);
	open_at(store, 2, "b", 20, true);
	open_at(store, 3, "a", 30, true);
	open_at(store, 4, "tarayıcı", 0, true);
	assert_int_equal(store_cancel_session(store, add_session(store, 5).id, NULL), ERR_OK);
	open_at(store, 5, "b", 40, false);
	assert_int_equal(store_list_kiosks(store, name_kiosk, &names, NULL), ERR_OK);
	assert_string_equal(bytes_text(&names), "a:10:30:2 b:20:20:1 ");
	bytes_free(&names);
}

static bool count_sessions(const struct session *s, void *context)
{
	(void)s;
	++*(int *)context;
	return true;
}

static void the_desk_counts_the_day(void **state)
{
	struct store *store = store_of(state);
	struct session open = open_session(store, 2), signed_one = open_session(store, 3), found;
	struct desk_counts counts;
	char receipt[PORTAL_ID_DIGITS + 1];
	int seen = 0;
	bool fresh;

	add_session(store, 1);
	assert_int_equal(add_signature(store, signed_one.id, 3, receipt, &fresh), ERR_OK);
	assert_int_equal(store_withdraw_consent(store, signed_one.id, AYSE, 1, NULL), ERR_OK);
	assert_int_equal(store_counts(store, 1000, 1001, 1299, &counts, NULL), ERR_OK);
	assert_int_equal(counts.by_state[SESSION_ISSUED], 1);
	assert_int_equal(counts.by_state[SESSION_OPEN], 1);
	assert_int_equal(counts.by_state[SESSION_SIGNED], 1);
	assert_int_equal(counts.expired, 0);
	assert_int_equal(counts.withdrawn, 1);
	assert_int_equal(store_counts(store, 1000, 1001, 1300, &counts, NULL), ERR_OK);
	assert_int_equal(counts.by_state[SESSION_ISSUED] + counts.by_state[SESSION_OPEN], 0);
	assert_int_equal(counts.expired, 2);
	assert_int_equal(store_counts(store, 1001, 2000, 0, &counts, NULL), ERR_OK);
	assert_int_equal(counts.by_state[SESSION_SIGNED], 0);
	assert_int_equal(store_list_day(store, 1000, 1001, 2, count_sessions, &seen, NULL), ERR_OK);
	assert_int_equal(seen, 2);
	assert_int_equal(store_list_day(store, 0, 1000, 2, count_sessions, &seen, NULL), ERR_OK);
	assert_int_equal(seen, 2);
	assert_int_equal(store_find_reference(store, receipt, &found, NULL), ERR_OK);
	assert_string_equal(found.id, signed_one.id);
	assert_int_equal(store_find_reference(store, open.id, &found, NULL), ERR_OK);
	assert_string_equal(found.id, open.id);
	assert_int_equal(store_find_reference(store, "X", &found, NULL), ERR_SESSION_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_certificate_is_suspended_released_and_revoked),
		STORE_TEST(what_cannot_be_changed_stays),
		STORE_TEST(a_certificate_is_found),
		STORE_TEST(an_application_goes_its_way),
		STORE_TEST(a_consent_is_taken_back_once),
		STORE_TEST(only_consents_are_listed),
		STORE_TEST(a_browser_session_lives_and_ends),
		STORE_TEST(old_browser_sessions_are_forgotten),
		STORE_TEST(a_login_is_taken_once_and_in_time),
		STORE_TEST(kiosks_are_seen),
		STORE_TEST(the_desk_counts_the_day),
	};

	return cmocka_run_group_tests_name("portal store pages", tests, NULL, NULL);
}

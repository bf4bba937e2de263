/* What the running service does by itself. */
#include "store_place.h"

#include "base/clock.h"
#include "portal/serving.h"

/* An open session that ran out so many seconds ago. */
static struct session ran_out(struct store *store, uint8_t n, int64_t ago)
{
	const struct texts none = {0};
	struct session s = {.created = clock_wall_s() - ago - 60};
	bool won;

	s.expires = s.created + 60;
	memset(s.id, 'A' + n, PORTAL_ID_DIGITS);
	memset(s.code_mac, n, sizeof(s.code_mac));
	memcpy(s.tckn, "10000000146", sizeof(s.tckn));
	assert_int_equal(store_add_session(store, &s, &none, NULL), ERR_OK);
	assert_int_equal(store_open_session(store, &s, NULL, 1000, &won, NULL), ERR_OK);
	assert_true(won);
	return s;
}

static void what_may_still_be_signed_is_not_forgotten(void **state)
{
	struct place *p = *state;
	struct serving s = {.settings = {.remember_s = 0, .grace_s = 60, .browser_idle_s = 900}};
	struct session late = ran_out(p->store, 1, 20), lost = ran_out(p->store, 2, 120);

	s.portal.store = p->store;
	serving_forget(&s);
	assert_int_equal(store_find_by_id(p->store, late.id, &late, NULL), ERR_OK);
	assert_int_equal(store_find_by_id(p->store, lost.id, &lost, NULL), ERR_SESSION_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(what_may_still_be_signed_is_not_forgotten),
	};

	return cmocka_run_group_tests_name("portal serving", tests, NULL, NULL);
}

#include "unit.h"

#include "portal/session.h"
#include "sign/content.h"

#define CREATED 1000
#define EXPIRES 1300

static const uint8_t ours[KEY_MAC_SIZE] = {1}, others[KEY_MAC_SIZE] = {2};

static struct session session_in(enum session_state state)
{
	struct session s = {.id = "0", .state = state, .created = CREATED, .expires = EXPIRES};

	if (state != SESSION_ISSUED)
		memcpy(s.nonce_mac, ours, sizeof(ours));
	return s;
}

static void who_may_open_when(void **state)
{
	static const struct {
		enum session_state state;
		const uint8_t *nonce;
		int64_t now;
		enum err wanted;
	} table[] = {
		{SESSION_ISSUED, ours, CREATED, ERR_OK},
		{SESSION_ISSUED, ours, EXPIRES - 1, ERR_OK},
		{SESSION_ISSUED, ours, EXPIRES, ERR_CODE_EXPIRED},
		{SESSION_OPEN, ours, EXPIRES - 1, ERR_OK},
		{SESSION_OPEN, ours, EXPIRES, ERR_CODE_EXPIRED},
		{SESSION_OPEN, others, CREATED, ERR_CODE_USED},
		{SESSION_OPEN, others, EXPIRES, ERR_CODE_USED},
		{SESSION_SIGNED, ours, CREATED, ERR_SESSION_SIGNED},
		{SESSION_SIGNED, others, CREATED, ERR_CODE_USED},
		{SESSION_ABANDONED, ours, CREATED, ERR_CODE_USED},
		{SESSION_ABANDONED, others, CREATED, ERR_CODE_USED},
		{SESSION_DONE, ours, CREATED, ERR_CODE_USED},
		{SESSION_CANCELLED, ours, CREATED, ERR_CODE_EXPIRED},
		{SESSION_CANCELLED, others, EXPIRES, ERR_CODE_EXPIRED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct session s = session_in(table[i].state);

		assert_int_equal(
			session_may_open(&s, table[i].nonce, table[i].now, NULL), table[i].wanted);
	}
}

/* Nobody's nonce hashes to zeros, but an issued session holds zeros there. */
static void an_issued_session_belongs_to_nobody(void **state)
{
	static const uint8_t zeros[KEY_MAC_SIZE];
	struct session s = session_in(SESSION_ISSUED);

	(void)state;
	assert_int_equal(session_may_open(&s, zeros, EXPIRES, NULL), ERR_CODE_EXPIRED);
}

static void the_deadline_has_a_grace_for_what_is_on_its_way(void **state)
{
	struct session s = session_in(SESSION_OPEN);

	(void)state;
	assert_int_equal(session_may_end(&s, EXPIRES - 1, 0, NULL), ERR_OK);
	assert_int_equal(session_may_end(&s, EXPIRES, 0, NULL), ERR_SESSION_EXPIRED);
	assert_int_equal(session_may_end(&s, EXPIRES + 4, 5, NULL), ERR_OK);
	assert_int_equal(session_may_end(&s, EXPIRES + 5, 5, NULL), ERR_SESSION_EXPIRED);
	s = session_in(SESSION_ISSUED);
	assert_int_equal(session_may_end(&s, CREATED, 5, NULL), ERR_SESSION_UNKNOWN);
	s = session_in(SESSION_ABANDONED);
	assert_int_equal(session_may_end(&s, CREATED, 5, NULL), ERR_SESSION_UNKNOWN);
	s = session_in(SESSION_SIGNED); /* the store tells a repetition from a second signature */
	assert_int_equal(session_may_end(&s, EXPIRES + 1000, 5, NULL), ERR_OK);
}

static void what_may_be_told_to_be_done(void **state)
{
	struct session s = session_in(SESSION_OPEN);
	enum session_purpose purpose;

	(void)state;
	assert_int_equal(session_may_finish(&s, CREATED, 5, NULL), ERR_REQUEST);
	s.purpose = SESSION_LOGIN;
	assert_int_equal(session_may_finish(&s, CREATED, 5, NULL), ERR_REQUEST);
	s.purpose = SESSION_UNBLOCK;
	assert_int_equal(session_may_finish(&s, EXPIRES + 4, 5, NULL), ERR_OK);
	assert_int_equal(session_may_finish(&s, EXPIRES + 5, 5, NULL), ERR_SESSION_EXPIRED);
	s.state = SESSION_ISSUED;
	assert_int_equal(session_may_finish(&s, CREATED, 5, NULL), ERR_SESSION_UNKNOWN);
	s.state = SESSION_ABANDONED;
	assert_int_equal(session_may_finish(&s, CREATED, 5, NULL), ERR_SESSION_UNKNOWN);
	s.state = SESSION_DONE;
	assert_int_equal(session_may_finish(&s, EXPIRES + 1000, 5, NULL), ERR_OK);
	for (unsigned i = SESSION_CONSENT; i <= SESSION_UNBLOCK; i++) {
		assert_true(session_purpose_named(
			session_purpose_name((enum session_purpose)i), &purpose));
		assert_int_equal(purpose, i);
	}
	assert_false(session_purpose_named("", &purpose));
	assert_false(session_purpose_named("Consent", &purpose));
}

static void states_have_names(void **state)
{
	struct session s = session_in(SESSION_ISSUED);

	(void)state;
	assert_string_equal(session_state_name(&s, CREATED), "issued");
	assert_string_equal(session_state_name(&s, EXPIRES), "expired");
	s.state = SESSION_OPEN;
	assert_string_equal(session_state_name(&s, CREATED), "open");
	assert_string_equal(session_state_name(&s, EXPIRES), "expired");
	s.state = SESSION_SIGNED;
	assert_string_equal(session_state_name(&s, EXPIRES), "signed");
	s.state = SESSION_ABANDONED;
	assert_string_equal(session_state_name(&s, EXPIRES), "abandoned");
}

static void what_may_still_come_in_is_waited_for(void **state)
{
	struct session s = session_in(SESSION_ISSUED);

	(void)state;
	assert_true(session_waits(&s, EXPIRES - 1, 5));
	assert_false(session_waits(&s, EXPIRES, 5));
	assert_string_equal(session_state_shown(&s, EXPIRES, 5), "expired");
	s.state = SESSION_OPEN;
	assert_true(session_waits(&s, EXPIRES + 4, 5));
	assert_string_equal(session_state_shown(&s, EXPIRES + 4, 5), "open");
	assert_false(session_waits(&s, EXPIRES + 5, 5));
	assert_string_equal(session_state_shown(&s, EXPIRES + 5, 5), "expired");
	s.state = SESSION_SIGNED;
	assert_false(session_waits(&s, CREATED, 5));
	assert_string_equal(session_state_shown(&s, CREATED, 5), "signed");
}

static enum err judge(const char *text, struct error *e)
{
	struct texts texts = {.count = 1};
	enum err code;

	bytes_append_text(&texts.at[0], text);
	code = texts_judge(&texts, e);
	texts_free(&texts);
	return code;
}

static void texts_must_be_fit_to_be_shown(void **state)
{
	struct error e;

	(void)state;
	assert_int_equal(judge("İmzalanacak\nmetin", &e), ERR_OK);
	assert_int_equal(judge("", &e), ERR_TEXT_SIZE);
	assert_int_equal(judge("gizli \x1b[2J", &e), ERR_TEXT_UNSAFE);
	assert_string_equal(e.where, "text 1, byte 7");
	assert_int_equal(judge("ters \u202e", &e), ERR_TEXT_UNSAFE);
	assert_int_equal(judge("satır\r\n", &e), ERR_TEXT_UNSAFE);
	assert_int_equal(judge("c\u0327a", &e), ERR_TEXT_UNSAFE); /* not NFC: ç is one code point */
	assert_int_equal(judge("bozuk \xff", &e), ERR_TEXT_UNSAFE);
}

static void texts_have_a_limit_together(void **state)
{
	struct texts texts = {.count = 2};
	struct error e;

	(void)state;
	for (size_t i = 0; i < CONTENT_MAX / 2; i++) {
		bytes_append_byte(&texts.at[0], 'a');
		bytes_append_byte(&texts.at[1], 'b');
	}
	assert_int_equal(texts_judge(&texts, &e), ERR_TEXT_SIZE); /* the headings are too much */
	texts.at[1].n -= 100;
	assert_int_equal(texts_judge(&texts, &e), ERR_OK);
	texts_free(&texts);
	assert_int_equal(texts_judge(&texts, &e), ERR_TEXT_SIZE); /* none at all */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_may_open_when),
		cmocka_unit_test(an_issued_session_belongs_to_nobody),
		cmocka_unit_test(the_deadline_has_a_grace_for_what_is_on_its_way),
		cmocka_unit_test(what_may_be_told_to_be_done),
		cmocka_unit_test(states_have_names),
		cmocka_unit_test(what_may_still_come_in_is_waited_for),
		cmocka_unit_test(texts_must_be_fit_to_be_shown),
		cmocka_unit_test(texts_have_a_limit_together),
	};

	return cmocka_run_group_tests_name("portal session", tests, NULL, NULL);
}

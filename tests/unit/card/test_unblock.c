/* The law of the PUK, which is that of the PIN: whatever goes wrong at whichever command, it leaves once at most, no try is
 * lost but to a wrong one, the card is not left open, and a failure is named for what it is. */
#include "model_open.h"

#include <stdio.h>

#define PUK "12345678"
#define NEW_PIN "805137"
#define COMMANDS_MAX 80

/* Does the card let the PUK's tries be known without risk? */
static bool tells(size_t kind)
{
	return strcmp(model_kinds[kind].driver, "akis") == 0;
}

static enum err unblock(
	struct card *c, const char *puk, const char *pin, bool confirmed, struct error *e)
{
	const struct card_unblock_request request = {.last_try_confirmed = confirmed};

	*e = (struct error){0};
	return card_unblock(c, &request, span_text(puk), span_text(pin), e);
}

static enum err sign(struct card *c, const char *pin, struct error *e)
{
	static const uint8_t digest[32];
	const struct card_sign_request r = {.scheme = CARD_RSA_PKCS1,
		.digest = CARD_SHA256,
		.value = span_of(digest, sizeof(digest)),
		.last_try_confirmed = true};
	struct bytes signature = {0};
	enum err code = card_sign(c, &r, span_text(pin), &signature, e);

	bytes_free(&signature);
	return code;
}

static void a_blocked_pin_becomes_another_and_signs(void **state)
{
	(void)state;
	for (size_t i = 0; i < MODEL_KINDS; i++) {
		struct reader *r;
		struct card *c = model_open(models[i], &r);
		struct card_pin pin;
		struct error e;

		model_set_tries(models[i], 0);
		assert_int_equal(sign(c, "123456", &e), ERR_PIN_BLOCKED);
		assert_int_equal(card_puk_status(c, 0, &pin, &e), ERR_OK);
		assert_int_equal(pin.tries, tells(i) ? 3 : TRIES_UNKNOWN);
		assert_int_equal(unblock(c, PUK, NEW_PIN, true, &e), ERR_OK);
		assert_true(model_pin_is(models[i], NEW_PIN));
		assert_int_equal(model_seen(models[i]).puks, 1);
		assert_false(model_seen(models[i]).puk_verified);
		assert_int_equal(card_pin_status(c, 0, &pin, &e), ERR_OK);
		assert_false(pin.blocked);
		assert_int_equal(sign(c, NEW_PIN, &e), ERR_OK);
		model_close(c, r);
	}
}

/* Not blocked, or never given a value: a PIN can be set all the same. */
static void a_pin_that_is_not_blocked_is_set_too(void **state)
{
	(void)state;
	for (size_t i = 0; i < MODEL_KINDS; i++) {
		struct reader *r;
		struct card *c = model_open(models[i], &r);
		struct error e;

		assert_int_equal(unblock(c, PUK, NEW_PIN, true, &e), ERR_OK);
		assert_true(model_pin_is(models[i], NEW_PIN));
		model_close(c, r);
	}
}

static char now[80]; /* what is being done */

/* assert_true() that tells which run it was. */
#define HOLDS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fail_msg("%s: %s (%s)", now, #condition, error_symbol(code));              \
	} while (0)

/* What is said must be what the card has seen. */
static void check_verdict(enum err code, const struct error *e, const struct model_seen *seen)
{
	unsigned sw = seen->puk_sw;
	bool counted = (sw & 0xFFF0) == 0x63C0 || sw == 0x6983 || sw == 0x6984;
	bool none = sw >> 12 != 6 && sw >> 12 != 9; /* no answer, or none that tells */

	HOLDS(e->pin_sent == (code != ERR_OK && seen->puks == 1));
	if (seen->puks == 0) {
		HOLDS(code != ERR_OK && error_pin_use(code) == PIN_KEPT);
		return;
	}
	HOLDS((code == ERR_PUK_WRONG || code == ERR_PUK_BLOCKED) == counted);
	if (none || sw == 0x6300)
		HOLDS(code == ERR_PUK_UNSETTLED);
	else if (sw != 0x9000 && sw >> 8 != 0x61 && !counted)
		HOLDS(code == ERR_PUK_REFUSED);
	else if (!counted)
		HOLDS(code == ERR_OK || code == ERR_PIN_NOT_TAKEN || code == ERR_PUK_UNSETTLED);
}

static void check_law(size_t kind, enum err code, const struct error *e)
{
	struct model_seen seen = model_seen(models[kind]);
	bool whole = model_pin_is(models[kind], NEW_PIN);

	HOLDS(seen.puks <= 1);
	HOLDS(seen.verifies == 0);
	HOLDS(seen.puk_tries == 3);
	HOLDS(!seen.puk_verified && !seen.verified);
	HOLDS(!seen.in_transaction);
	HOLDS(model_kinds[kind].asks_empty || seen.empty_verifies == 0);
	HOLDS(code != ERR_OK || whole);
	HOLDS(!whole || code == ERR_OK || code == ERR_PUK_UNSETTLED);
	check_verdict(code, e, &seen);
}

/* Opens and sets the PIN with one fault on the way; a card that can't be read gets no PUK. */
static void one_run(size_t kind, unsigned at, enum model_fault fault, unsigned value)
{
	struct reader *r = model_connect(models[kind]);
	struct error e = {0};
	struct card *c;
	enum err code;

	snprintf(now, sizeof(now), "card %zu, fault %d %04X at %u", kind, (int)fault, value, at);
	model_set_tries(models[kind], 0);
	model_fault(models[kind], at, fault, value);
	code = card_open(r, &c, &e);
	if (code) {
		HOLDS(model_seen(models[kind]).puks == 0);
	} else {
		code = unblock(c, PUK, NEW_PIN, true, &e);
		check_law(kind, code, &e);
		card_close(c);
	}
	reader_disconnect(r, false);
}

static void each_fault_at_each_command(void **state)
{
	unsigned runs = 0, stride = (unsigned)test_stride();

	(void)state;
	for (size_t kind = 0; kind<MODEL_KINDS; kind += stride> 1 ? 3 : 1) {
		unsigned commands = COMMANDS_MAX;

		for (const struct model_mishap *m = model_mishaps; m->fault; m++) {
			/* 61xx says that all went well (ISO 7816-4 5.1.3): a lie that nobody could tell. */
			if (m->fault == FAULT_MORE_FOREVER)
				continue;
			for (unsigned at = 0; at <= commands; at += at ? stride : 1) {
				one_run(kind, at, m->fault, m->value);
				if (at == 0) /* no fault: how long the way is */
					commands = model_seen(models[kind]).commands;
				runs++;
			}
		}
	}
	print_message("# %u runs\n", runs);
	assert_true(runs > 2400 || stride > 1);
}

static void a_wrong_puk_costs_one_try_and_says_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < MODEL_KINDS; i++) {
		struct reader *r;
		struct card *c = model_open(models[i], &r);
		struct card_pin pin;
		struct error e;

		assert_int_equal(unblock(c, "87654321", NEW_PIN, true, &e), ERR_PUK_WRONG);
		assert_int_equal(e.tries, 2);
		assert_true(e.pin_sent);
		assert_int_equal(model_seen(models[i]).puk_tries, 2);
		assert_int_equal(model_seen(models[i]).tries, 3);
		assert_int_equal(card_puk_status(c, 0, &pin, &e), ERR_OK);
		assert_int_equal(pin.tries, tells(i) ? 2 : TRIES_UNKNOWN);
		assert_int_equal(unblock(c, PUK, NEW_PIN, true, &e), ERR_OK);
		assert_int_equal(model_seen(models[i]).puk_tries, 3);
		assert_int_equal(model_seen(models[i]).puks, 2);
		model_close(c, r);
	}
}

static void the_last_try_wants_its_own_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < MODEL_KINDS; i++) {
		struct reader *r;
		struct card *c = model_open(models[i], &r);
		struct card_pin pin;
		struct error e;

		model_set_puk_tries(models[i], 1);
		assert_int_equal(unblock(c, PUK, NEW_PIN, false, &e), ERR_PUK_LAST_TRY);
		assert_false(e.pin_sent);
		assert_int_equal(model_seen(models[i]).puks, 0);
		assert_int_equal(card_puk_status(c, 0, &pin, &e), ERR_OK);
		assert_int_equal(pin.last_try, tells(i));
		assert_int_equal(unblock(c, "87654321", NEW_PIN, true, &e), ERR_PUK_BLOCKED);
		assert_int_equal(e.tries, 0);
		/* Once said it stays said, and no other is sent. */
		assert_int_equal(card_puk_status(c, 0, &pin, &e), ERR_OK);
		assert_true(pin.blocked);
		assert_int_equal(unblock(c, PUK, NEW_PIN, true, &e), ERR_PUK_BLOCKED);
		assert_false(e.pin_sent);
		assert_int_equal(model_seen(models[i]).puks, 1);
		model_close(c, r);
	}
}

static void what_is_wrong_in_itself_is_not_sent(void **state)
{
	static const struct {
		const char *puk, *pin;
		enum err code;
	} cases[] = {
		{"", NEW_PIN, ERR_PUK_LENGTH},
		{"123", NEW_PIN, ERR_PUK_LENGTH},
		{"12345678901234567", NEW_PIN, ERR_PUK_LENGTH},
		{"1234567x", NEW_PIN, ERR_PUK_DIGITS},
		{PUK, "", ERR_PIN_LENGTH},
		{PUK, "805", ERR_PIN_LENGTH},
		{PUK, "80513712345678901", ERR_PIN_LENGTH},
		{PUK, "80513a", ERR_PIN_DIGITS},
		{PUK, "777777", ERR_PIN_EQUAL},
		{PUK, "654321", ERR_PIN_ROW},
		{PUK, "7890", ERR_PIN_ROW},
		{"51942837", "519428", ERR_PIN_LIKE_PUK},
	};

	(void)state;
	for (size_t i = 0; i < MODEL_KINDS; i++) {
		struct reader *r;
		struct card *c = model_open(models[i], &r);
		unsigned before = model_seen(models[i]).commands;
		struct error e;

		for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
			assert_int_equal(
				unblock(c, cases[k].puk, cases[k].pin, true, &e), cases[k].code);
		assert_int_equal(model_seen(models[i]).commands, before);
		model_close(c, r);
	}
}

static void another_card_gets_no_puk(void **state)
{
	(void)state;
	for (size_t i = 0; i < MODEL_KINDS; i++) {
		struct reader *r;
		struct card *c = model_open(models[i], &r);
		unsigned before = model_seen(models[i]).commands;
		struct error e;

		model_reinsert(models[i]);
		assert_int_equal(unblock(c, PUK, NEW_PIN, true, &e), ERR_CARD_CHANGED);
		assert_int_equal(model_seen(models[i]).commands, before);
		model_close(c, r);
	}
}

static void two_lost_verdicts_end_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < MODEL_KINDS; i++) {
		struct reader *r;
		struct card *c = model_open(models[i], &r);
		struct error e;

		for (unsigned n = 1; n <= 2; n++) {
			for (unsigned ahead = 1; ahead < 8 && model_seen(models[i]).puks < n;
				ahead++) {
				model_fault(models[i], model_seen(models[i]).commands + ahead,
					FAULT_IO, 0);
				unblock(c, PUK, NEW_PIN, true, &e);
			}
			assert_int_equal(e.code, ERR_PUK_UNSETTLED);
		}
		model_fault(models[i], 0, FAULT_NONE, 0);
		assert_int_equal(unblock(c, PUK, NEW_PIN, true, &e), ERR_PUK_UNSETTLED);
		assert_false(e.pin_sent);
		assert_int_equal(model_seen(models[i]).puks, 2);
		model_close(c, r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_blocked_pin_becomes_another_and_signs),
		cmocka_unit_test(a_pin_that_is_not_blocked_is_set_too),
		cmocka_unit_test(each_fault_at_each_command),
		cmocka_unit_test(a_wrong_puk_costs_one_try_and_says_so),
		cmocka_unit_test(the_last_try_wants_its_own_word),
		cmocka_unit_test(what_is_wrong_in_itself_is_not_sent),
		cmocka_unit_test(another_card_gets_no_puk),
		cmocka_unit_test(two_lost_verdicts_end_it),
	};

	return cmocka_run_group_tests(tests, models_setup, models_teardown);
}

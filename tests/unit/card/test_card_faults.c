/* The law of the PIN: whatever goes wrong at whichever command, one VERIFY at most leaves for one confirmation, no try is
 * lost but to a wrong PIN, the card is not left open, and a failure is named for what it is. */
#include "model_open.h"

#include <stdio.h>

#define PIN "123456"
#define COMMANDS_MAX 80

#define CARDS MODEL_KINDS

/* What a whole ceremony ended with. */
struct outcome {
	enum err open, status, sign;
	struct error e;
	struct card_pin pin;
	bool signature;
};

static const uint8_t digest[32] = {1, 2, 3};

static struct card_sign_request request(bool confirmed)
{
	return (struct card_sign_request){.scheme = CARD_RSA_PKCS1,
		.digest = CARD_SHA256,
		.value = span_of(digest, sizeof(digest)),
		.last_try_confirmed = confirmed};
}

static enum err sign(struct card *c, const char *pin, bool confirmed, struct error *e)
{
	struct card_sign_request r = request(confirmed);
	struct bytes signature = {0};
	enum err code = card_sign(c, &r, span_text(pin), &signature, e);

	assert_int_equal(signature.n, code ? 0 : 256);
	bytes_free(&signature);
	return code;
}

/* Opens, looks at the PIN, signs. */
static struct outcome ceremony(struct model *m, struct reader *r, bool confirmed)
{
	struct outcome o = {0};
	struct card *c;

	(void)m;
	o.open = card_open(r, &c, &o.e);
	if (o.open)
		return o;
	o.status = card_pin_status(c, 0, &o.pin, &o.e);
	o.sign = sign(c, PIN, confirmed, &o.e);
	card_close(c);
	return o;
}

static void in_good_order_each_card_signs_with_four_commands(void **state)
{
	(void)state;
	for (size_t i = 0; i < CARDS; i++) {
		struct reader *r;
		struct card *c = model_open(models[i], &r);
		struct error e;
		struct card_pin pin;
		unsigned before;

		assert_string_equal(card_driver(c), model_kinds[i].driver);
		assert_int_equal(card_pin_status(c, 0, &pin, &e), ERR_OK);
		assert_int_equal(pin.tries, model_kinds[i].unknown_atr ? TRIES_UNKNOWN : 3);
		for (int again = 0; again < 2; again++) {
			before = model_seen(models[i]).commands;
			assert_int_equal(sign(c, PIN, true, &e), ERR_OK);
			assert_false(model_seen(models[i]).verified);
			/* AKiS v1 answers 244 bytes at most: one more fetches the signature's end. The first
			 * signature of an unknown card finds out how it wants to be asked. */
			if (again || !model_kinds[i].unknown_atr)
				assert_true(model_seen(models[i]).commands - before <=
					    4u + !strcmp(model_kinds[i].profile, "akis1") +
						    (unsigned)again);
			card_pin_status(c, 0, &pin, &e);
		}
		assert_int_equal(model_seen(models[i]).verifies, 2);
		assert_true(model_kinds[i].asks_empty || model_seen(models[i]).empty_verifies == 0);
		model_close(c, r);
	}
}

static char now[80]; /* what is being done */

/* assert_true() that tells which run it was. */
#define HOLDS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fail_msg("%s: %s (%s)", now, #condition, error_symbol(o->sign));           \
	} while (0)

static bool is_pin_error(enum err code)
{
	return code == ERR_PIN_WRONG || code == ERR_PIN_BLOCKED;
}

/* A PIN error needs its status word; a lost answer is "unsettled"; anything else lost no try. */
static void check_verdict(const struct outcome *o, const struct model_seen *seen, bool blocked_6984)
{
	unsigned sw = seen->verify_sw;
	bool wrong = (sw & 0xFFF0) == 0x63C0 || sw == 0x6983 || (sw == 0x6984 && blocked_6984);

	HOLDS(o->e.pin_sent == (o->sign != ERR_OK && seen->verifies == 1));
	if (seen->verifies == 0)
		HOLDS(o->sign != ERR_OK);
	if (seen->verifies == 1 && sw >> 12 != 6 &&
		sw >> 12 != 9) /* no answer, or none that tells */
		HOLDS(o->sign == ERR_PIN_UNSETTLED);
	else if (seen->verifies == 1)
		HOLDS(is_pin_error(o->sign) == wrong);
	if (seen->verifies == 1 && sw >> 12 == 6 && !wrong && sw >> 8 != 0x61 && sw != 0x6300)
		HOLDS(o->sign == ERR_PIN_REFUSED);
}

static void check_law(size_t card, const struct outcome *o)
{
	struct model_seen seen = model_seen(models[card]);

	HOLDS(seen.verifies <= 1);
	HOLDS(seen.tries == 3);
	HOLDS(!seen.verified);
	HOLDS(!seen.in_transaction);
	HOLDS(model_kinds[card].asks_empty || seen.empty_verifies == 0);
	HOLDS(seen.commands < COMMANDS_MAX * 10);
	if (o->open)
		HOLDS(seen.verifies == 0);
	else
		check_verdict(o, &seen, !strcmp(model_kinds[card].profile, "akis1"));
}

static void each_fault_at_each_command(void **state)
{
	/* Under valgrind each fault meets a few commands only. */
	unsigned runs = 0, stride = (unsigned)test_stride();

	(void)state;
	for (size_t card = 0; card<CARDS; card += stride> 1 ? 3 : 1) {
		unsigned commands = COMMANDS_MAX;

		for (const struct model_mishap *m = model_mishaps; m->fault; m++) {
			for (unsigned at = 0; at <= commands; at += at ? stride : 1) {
				struct reader *r = model_connect(models[card]);
				struct outcome o;

				snprintf(now, sizeof(now), "card %zu, fault %d %04X at %u", card,
					(int)m->fault, m->value, at);
				model_fault(models[card], at, m->fault, m->value);
				o = ceremony(models[card], r, true);
				check_law(card, &o);
				reader_disconnect(r, false);
				if (at == 0) { /* no fault: how long the way is */
					assert_int_equal(o.sign, ERR_OK);
					commands = model_seen(models[card]).commands;
				}
				runs++;
			}
		}
	}
	print_message("# %u ceremonies\n", runs);
	assert_true(runs > 2400 || stride > 1);
}

static void a_wrong_pin_costs_one_try_and_says_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < CARDS; i++) {
		struct reader *r;
		struct card *c = model_open(models[i], &r);
		struct error e;
		struct card_pin pin;

		assert_int_equal(sign(c, "111111", true, &e), ERR_PIN_WRONG);
		assert_int_equal(e.tries, 2);
		assert_true(e.pin_sent);
		assert_int_equal(model_seen(models[i]).tries, 2);
		assert_int_equal(card_pin_status(c, 0, &pin, &e), ERR_OK);
		assert_int_equal(pin.tries, model_kinds[i].unknown_atr ? TRIES_UNKNOWN : 2);
		assert_int_equal(sign(c, PIN, true, &e), ERR_OK);
		assert_int_equal(model_seen(models[i]).tries, 3);
		assert_int_equal(model_seen(models[i]).verifies, 2);
		model_close(c, r);
	}
}

static void the_last_try_wants_its_own_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < CARDS; i++) {
		struct reader *r;
		struct card *c = model_open(models[i], &r);
		struct error e;
		struct card_pin pin;

		assert_int_equal(card_pin_status(c, 0, &pin, &e), ERR_OK);
		model_set_tries(
			models[i], 1); /* another program was at it since the tries were shown */
		assert_int_equal(sign(c, PIN, false, &e), ERR_PIN_LAST_TRY);
		assert_false(e.pin_sent);
		assert_int_equal(model_seen(models[i]).verifies, 0);
		assert_int_equal(card_pin_status(c, 0, &pin, &e), ERR_OK);
		assert_true(pin.last_try || model_kinds[i].unknown_atr);
		assert_int_equal(sign(c, "111111", true, &e), ERR_PIN_BLOCKED);
		assert_int_equal(e.tries, 0);
		assert_int_equal(model_seen(models[i]).verifies, 1);
		model_close(c, r);
	}
}

/* Where the card tells that the PIN is blocked, none is sent; where it does not, its answer says it. */
static void a_blocked_pin_is_not_tried(void **state)
{
	(void)state;
	for (size_t i = 0; i < CARDS; i++) {
		bool tells =
			!model_kinds[i].unknown_atr && strcmp(model_kinds[i].profile, "akis1") != 0;
		struct reader *r = model_connect(models[i]);
		struct card_pin pin;
		struct error e;
		struct card *c;

		model_set_tries(models[i], 0);
		assert_int_equal(card_open(r, &c, &e), ERR_OK);
		assert_int_equal(sign(c, PIN, true, &e), ERR_PIN_BLOCKED);
		assert_int_equal(e.pin_sent, !tells);
		assert_int_equal(model_seen(models[i]).verifies, tells ? 0 : 1);
		/* Once said it stays said, and no other is sent. */
		assert_int_equal(card_pin_status(c, 0, &pin, &e), ERR_OK);
		assert_true(pin.blocked);
		assert_int_equal(pin.tries, 0);
		assert_int_equal(sign(c, PIN, true, &e), ERR_PIN_BLOCKED);
		assert_false(e.pin_sent);
		assert_int_equal(model_seen(models[i]).verifies, tells ? 0 : 1);
		model_close(c, r);
	}
}

static void what_cannot_be_a_pin_is_not_sent(void **state)
{
	static const struct {
		const char *pin;
		enum err code;
	} pins[] = {
		{"", ERR_PIN_LENGTH},
		{"1", ERR_PIN_LENGTH},
		{"123", ERR_PIN_LENGTH},
		{"12345678901234567", ERR_PIN_LENGTH},
		{"12345a", ERR_PIN_DIGITS},
		{"12 456", ERR_PIN_DIGITS},
		{"1234\xC5\x9F"
		 "6",
			ERR_PIN_DIGITS},
	};

	(void)state;
	for (size_t i = 0; i < CARDS; i++) {
		struct reader *r;
		struct card *c = model_open(models[i], &r);
		struct error e;
		unsigned before = model_seen(models[i]).commands;

		for (size_t p = 0; p < sizeof(pins) / sizeof(pins[0]); p++)
			assert_int_equal(sign(c, pins[p].pin, true, &e), pins[p].code);
		assert_int_equal(model_seen(models[i]).commands, before);
		model_close(c, r);
	}
}

static void another_card_gets_no_pin(void **state)
{
	(void)state;
	for (size_t i = 0; i < CARDS; i++) {
		struct reader *r;
		struct card *c = model_open(models[i], &r);
		struct error e;
		unsigned before = model_seen(models[i]).commands;

		model_reinsert(models[i]);
		assert_int_equal(sign(c, PIN, true, &e), ERR_CARD_CHANGED);
		assert_int_equal(model_seen(models[i]).commands, before);
		model_close(c, r);
	}
}

/* Another program selects something else between two of our transactions, without a reset that would tell. */
static void another_programs_selection_is_noticed(void **state)
{
	(void)state;
	for (size_t i = 0; i < CARDS; i++) {
		struct reader *r;
		struct card *c = model_open(models[i], &r);
		struct error e;
		struct card_pin pin;

		assert_int_equal(card_pin_status(c, 0, &pin, &e), ERR_OK);
		model_other_program(models[i], "00A40000023F00");
		assert_int_equal(sign(c, PIN, true, &e), ERR_OK);
		assert_int_equal(model_seen(models[i]).verifies, 1);
		model_close(c, r);
	}
}

static void a_reset_while_reading_is_not_a_failure(void **state)
{
	(void)state;
	for (size_t i = 0; i < CARDS; i++) {
		unsigned all = 0;

		for (unsigned at = 1; at == 1 || at <= all; at++) {
			struct reader *r = model_connect(models[i]);
			struct error e;
			struct card *c;

			model_fault(models[i], at, FAULT_RESET, 0);
			assert_int_equal(card_open(r, &c, &e), ERR_OK);
			if (at == 1)
				all = model_seen(models[i]).commands - 1;
			assert_int_equal(model_seen(models[i]).commands, all + at);
			model_close(c, r);
		}
	}
}

static void two_lost_verdicts_end_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < CARDS; i++) {
		struct reader *r;
		struct card *c = model_open(models[i], &r);
		struct error e;

		for (unsigned n = 1; n <= 2; n++) {
			/* Where VERIFY stands is learned by a run that reaches it. */
			unsigned at = model_seen(models[i]).commands;

			model_fault(models[i], at + 1, FAULT_NONE, 0);
			for (unsigned ahead = 1; ahead < 16 && model_seen(models[i]).verifies < n;
				ahead++) {
				at = model_seen(models[i]).commands;
				model_fault(models[i], at + ahead, FAULT_IO, 0);
				sign(c, PIN, true, &e);
			}
			assert_int_equal(e.code, ERR_PIN_UNSETTLED);
		}
		model_fault(models[i], 0, FAULT_NONE, 0);
		assert_int_equal(sign(c, PIN, true, &e), ERR_PIN_UNSETTLED);
		assert_false(e.pin_sent);
		assert_int_equal(model_seen(models[i]).verifies, 2);
		model_close(c, r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_good_order_each_card_signs_with_four_commands),
		cmocka_unit_test(each_fault_at_each_command),
		cmocka_unit_test(a_wrong_pin_costs_one_try_and_says_so),
		cmocka_unit_test(the_last_try_wants_its_own_word),
		cmocka_unit_test(a_blocked_pin_is_not_tried),
		cmocka_unit_test(what_cannot_be_a_pin_is_not_sent),
		cmocka_unit_test(another_card_gets_no_pin),
		cmocka_unit_test(another_programs_selection_is_noticed),
		cmocka_unit_test(a_reset_while_reading_is_not_a_failure),
		cmocka_unit_test(two_lost_verdicts_end_it),
	};

	return cmocka_run_group_tests(tests, models_setup, models_teardown);
}

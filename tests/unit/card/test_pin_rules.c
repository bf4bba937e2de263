#include "unit.h"

#include "card/iso7816.h"
#include "card/pin_rules.h"

static struct pin_object ascii(unsigned min, unsigned max, unsigned stored)
{
	return (struct pin_object){.coding = PIN_ASCII, .min = min, .max = max, .stored = stored};
}

static void expect_block(struct pin_object o, const char *pin, const void *wanted, size_t n)
{
	uint8_t block[PIN_BLOCK_MAX];

	assert_int_equal(pin_check(&o, span_text(pin), NULL), ERR_OK);
	assert_int_equal(pin_encode(&o, span_text(pin), block), n);
	assert_memory_equal(block, wanted, n);
}

static void each_coding_of_iso_7816_15(void **state)
{
	struct pin_object o = ascii(4, 12, 8);

	(void)state;
	expect_block(o, "123456", "123456", 6);
	o.needs_padding = true;
	o.pad = 0xFF;
	expect_block(o, "123456", "123456\xFF\xFF", 8);
	expect_block(o, "123456789", "123456789", 9);
	o.pad = 0x00;
	expect_block(o, "1234", "1234\0\0\0\0", 8);
	o.coding = PIN_BCD;
	o.pad = 0xFF;
	expect_block(o, "12345", "\x12\x34\x5F\xFF\xFF\xFF\xFF\xFF", 8);
	expect_block(o, "1234", "\x12\x34\xFF\xFF\xFF\xFF\xFF\xFF", 8);
	o.needs_padding = false;
	expect_block(o, "1234", "\x12\x34", 2);
	o.coding = PIN_HALF_NIBBLE_BCD;
	expect_block(o, "1234", "\xF1\xF2\xF3\xF4", 4);
	o.coding = PIN_ISO9564;
	expect_block(o, "123456", "\x26\x12\x34\x56\xFF\xFF\xFF\xFF", 8);
	o.coding = PIN_VALUES;
	expect_block(o, "1234", "\x01\x02\x03\x04", 4);
	o.coding = PIN_UTF8;
	expect_block(o, "ş1ğ2", "ş1ğ2", 6);
}

static void the_format_comes_first(void **state)
{
	struct pin_object o = ascii(4, 8, 8);

	(void)state;
	assert_int_equal(pin_check(&o, span_text(""), NULL), ERR_PIN_LENGTH);
	assert_int_equal(pin_check(&o, span_text("123"), NULL), ERR_PIN_LENGTH);
	assert_int_equal(pin_check(&o, span_text("123456789"), NULL), ERR_PIN_LENGTH);
	assert_int_equal(pin_check(&o, span_text("1234567x"), NULL), ERR_PIN_DIGITS);
	assert_int_equal(pin_check(&o, span_of("1234\0", 5), NULL), ERR_PIN_DIGITS);
	assert_int_equal(pin_check(&o, span_text("12345678"), NULL), ERR_OK);
	o.min = 0;
	assert_int_equal(pin_check(&o, span_text(""), NULL), ERR_PIN_LENGTH);
	o.coding = PIN_ISO9564; /* nothing that would be cut on its way into the block */
	o.max = 16;
	assert_int_equal(pin_check(&o, span_text("123456789012"), NULL), ERR_OK);
	assert_int_equal(pin_check(&o, span_text("1234567890123"), NULL), ERR_PIN_LENGTH);
	assert_int_equal(pin_check(&o, span_text("1234567890123456"), NULL), ERR_PIN_LENGTH);
	o.coding = PIN_UTF8; /* characters count, not bytes */
	o.max = 4;
	assert_int_equal(pin_check(&o, span_text("şğüı"), NULL), ERR_OK);
	assert_int_equal(pin_check(&o, span_text("şğüıö"), NULL), ERR_PIN_LENGTH);
}

/* All 65536 status words: a PIN error is one of the few that say so. */
static void only_their_status_words_are_pin_errors(void **state)
{
	(void)state;
	for (unsigned sw = 0; sw <= 0xFFFF; sw++) {
		bool counted = (sw & 0xFFF0) == 0x63C0;
		struct error e = {0};
		enum err code = pin_judge(sw, false, &e);

		if (sw == 0x9000) {
			assert_int_equal(code, ERR_OK);
		} else if (sw == 0x6983 || sw == 0x63C0) {
			assert_int_equal(code, ERR_PIN_BLOCKED);
			assert_int_equal(e.tries, 0);
		} else if (counted) {
			assert_int_equal(code, ERR_PIN_WRONG);
			assert_int_equal(e.tries, sw & 0x0F);
		} else {
			assert_int_equal(code, sw == 0x6300 ? ERR_PIN_UNSETTLED : ERR_PIN_REFUSED);
			assert_int_equal(e.tries, TRIES_UNKNOWN);
		}
		assert_true(sw == 0x9000 || (e.pin_sent && e.sw == sw));
	}
	assert_int_equal(pin_judge(0x6984, true, NULL), ERR_PIN_BLOCKED);
	assert_int_equal(error_pin_use(ERR_PIN_REFUSED), PIN_KEPT);
	assert_int_equal(error_pin_use(ERR_PIN_UNSETTLED), PIN_UNKNOWN);
}

static void what_must_be_confirmed(void **state)
{
	static const struct {
		struct card_pin pin;
		bool confirmed;
		enum err code;
	} cases[] = {
		{{.tries = 3}, false, ERR_OK},
		{{.tries = 2}, false, ERR_OK},
		{{.tries = 1, .last_try = true}, false, ERR_PIN_LAST_TRY},
		{{.tries = 1, .last_try = true}, true, ERR_OK},
		{{.tries = TRIES_UNKNOWN}, false, ERR_PIN_LAST_TRY},
		{{.tries = TRIES_UNKNOWN}, true, ERR_OK},
		{{.tries = 0, .blocked = true}, true, ERR_PIN_BLOCKED},
		{{.tries = 3, .not_set = true}, true, ERR_PIN_NOT_SET},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error e = {0};

		assert_int_equal(pin_permit(&cases[i].pin, cases[i].confirmed, &e), cases[i].code);
		assert_true(cases[i].code == ERR_OK || e.tries == cases[i].pin.tries);
		assert_false(e.pin_sent);
	}
}

/* No status word is ever taken for a PIN error outside VERIFY. */
static void other_commands_have_no_pin_errors(void **state)
{
	(void)state;
	for (unsigned sw = 0; sw <= 0xFFFF; sw++) {
		enum err code = iso_meaning(sw);

		assert_true((code == ERR_OK) == (sw == 0x9000));
		assert_true(error_pin_use(code) == PIN_KEPT);
		assert_true(code < ERR_PIN_WRONG || code > ERR_PIN_DIFFERENT);
		assert_int_equal(iso_tries(sw), (sw & 0xFFF0) == 0x63C0 ? (int)(sw & 15) : -1);
	}
	assert_int_equal(iso_meaning(0x6A82), ERR_NOT_FOUND);
	assert_int_equal(iso_meaning(0x6B00), ERR_NOT_FOUND);
	assert_int_equal(iso_meaning(0x6581), ERR_CARD_IO);
	assert_int_equal(iso_meaning(0x641D), ERR_CARD_DEAD);
	assert_int_equal(iso_meaning(0x6419), ERR_NO_KEY);
}

/* What is said of a PUK says the same of its try as what is said of a PIN. */
static void a_puk_has_its_own_words(void **state)
{
	static const enum err of_pin[] = {ERR_PIN_WRONG, ERR_PIN_BLOCKED, ERR_PIN_LENGTH,
		ERR_PIN_DIGITS, ERR_PIN_LAST_TRY, ERR_PIN_UNSETTLED, ERR_PIN_REFUSED};

	(void)state;
	for (size_t i = 0; i < sizeof(of_pin) / sizeof(of_pin[0]); i++) {
		struct error e = {.code = of_pin[i]};
		enum err code = pin_of_puk(of_pin[i], &e);

		assert_int_equal(e.code, code);
		assert_int_equal(strncmp(error_symbol(code), "PUK_", 4), 0);
		assert_string_equal(error_symbol(code) + 4, error_symbol(of_pin[i]) + 4);
		assert_int_equal(error_pin_use(code), error_pin_use(of_pin[i]));
	}
	assert_int_equal(pin_of_puk(ERR_OK, NULL), ERR_OK);
	assert_int_equal(pin_of_puk(ERR_CARD_REMOVED, NULL), ERR_CARD_REMOVED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_coding_of_iso_7816_15),
		cmocka_unit_test(the_format_comes_first),
		cmocka_unit_test(only_their_status_words_are_pin_errors),
		cmocka_unit_test(what_must_be_confirmed),
		cmocka_unit_test(other_commands_have_no_pin_errors),
		cmocka_unit_test(a_puk_has_its_own_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

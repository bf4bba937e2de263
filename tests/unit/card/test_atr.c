#include "unit.h"

#include "base/hex.h"
#include "card/atr.h"
#include "card/driver.h"

static struct span atr(const char *hex)
{
	static struct bytes b;

	bytes_clear(&b);
	if (!hex) {
		bytes_free(&b);
		return (struct span){0};
	}
	assert_true(hex_read(hex, &b));
	return bytes_span(&b);
}

/* The ATRs that are publicly known (Kamu SM's card template, pcsc-tools' list). */
static void each_known_akis(void **state)
{
	static const char *const v1[] = {
		"3BBA11008131FE4D55454B41452056312E30AE",
		"3B9F968131FE45806755454B41451112318073B3A180",
		"3B9F968131FE45806755454B414512A4318073B3A180",
	};
	static const char *const v2[] = {
		"3B9F968131FE458065544320201231C073F621808105B3",
		"3B9F978131FE458065544312210031C073F62180810593",
		"3B9F978131FE458065544312210731C073F62180810594",
		"3B9F978131FE4580655443D2210831C073F6218081055B",
		"3B9F968131FE4580655443D3210831C073F6218081055B",
		"3B9F978131FE458065544353228231C073F62180810553",
		"3B8F80018065544320141331C073F4A180810508",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(v1) / sizeof(v1[0]); i++) {
		struct bytes b = {0};

		assert_true(hex_read(v1[i], &b));
		if (i > 0) { /* listed without its check byte */
			uint8_t sum = 0;

			for (size_t k = 1; k < b.n; k++)
				sum ^= b.at[k];
			bytes_append_byte(&b, sum);
		}
		assert_true(driver_akis1.knows_atr(bytes_span(&b)));
		assert_false(driver_akis.knows_atr(bytes_span(&b)));
		bytes_free(&b);
	}
	for (size_t i = 0; i < sizeof(v2) / sizeof(v2[0]); i++) {
		assert_true(driver_akis.knows_atr(atr(v2[i])));
		assert_false(driver_akis1.knows_atr(atr(v2[i])));
		assert_false(driver_pkcs15.knows_atr(atr(v2[i])));
		assert_false(atr_extended_length(atr(v2[i])));
	}
	atr(NULL);
}

static void broken_ones_are_no_ones(void **state)
{
	struct span h, whole = atr("3B9F978131FE4580655443D2210831C073F6218081055B");
	uint8_t copy[ATR_MAX];

	(void)state;
	for (size_t n = 0; n < whole.n; n++)
		assert_false(atr_historical(span_first(whole, n), &h));
	for (size_t i = 1; i < whole.n; i++) {
		memcpy(copy, whole.at, whole.n);
		copy[i] ^= 0x01;
		assert_false(atr_historical(span_of(copy, whole.n), &h));
	}
	assert_true(atr_historical(atr("3B00"), &h)); /* nothing to say, T=0: no check byte */
	assert_int_equal(h.n, 0);
	assert_false(atr_historical(atr("3BFF"), &h));
	assert_false(atr_historical(atr("3BFFFFFFFFFFFFFFFFFFFFFF"), &h));
	atr(NULL);
}

static void extended_length_is_said_in_the_capabilities(void **state)
{
	(void)state;
	assert_true(atr_extended_length(atr("3B8D018031C073C001C055656F6E6179A6")));
	assert_false(atr_extended_length(atr("3B8D018031C0730001005565 6F6E6179A6")));
	assert_false(atr_extended_length(atr("3B0273C0")));
	assert_false(atr_extended_length(atr("3B038073C0")));
	atr(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_known_akis),
		cmocka_unit_test(broken_ones_are_no_ones),
		cmocka_unit_test(extended_length_is_said_in_the_capabilities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

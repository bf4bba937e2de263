#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/error.h"
#include "base/text.h"

static void each_entry_is_whole(void **state)
{
	(void)state;
	for (int i = 1; i < ERR_COUNT; i++) {
		enum err code = (enum err)i;
		bool needs_no_remedy = code == ERR_END || code == ERR_CANCELLED;
		unsigned number;
		char rest;

		assert_int_equal(sscanf(error_code(code), "K-%3u%c", &number, &rest), 1);
		assert_int_equal(strlen(error_code(code)), 5);
		assert_in_range(error_exit_status(code), EX__BASE, EX__MAX);
		assert_true(*error_symbol(code));
		assert_true(*error_message(code));
		assert_true(*error_remedy(code) || needs_no_remedy);
		assert_true(text_is_safe(span_text(error_message(code)), NULL));
		assert_true(text_is_safe(span_text(error_remedy(code)), NULL));
	}
}

static void codes_are_unique_and_found_again(void **state)
{
	(void)state;
	for (int i = 0; i < ERR_COUNT; i++)
		assert_int_equal(error_from_code(error_code((enum err)i)), i);
	assert_int_equal(error_from_code("K-999"), ERR_COUNT);
	assert_int_equal(error_from_code(""), ERR_COUNT);
	assert_int_equal(error_from_code("k-001"), ERR_COUNT);
}

/* Only a wrong or blocked PIN may say that a try was used up. */
static void only_pin_failures_use_a_try(void **state)
{
	(void)state;
	for (int i = 0; i < ERR_COUNT; i++) {
		bool used = i == ERR_PIN_WRONG || i == ERR_PIN_BLOCKED || i == ERR_PUK_WRONG ||
			    i == ERR_PUK_BLOCKED;

		assert_int_equal(error_pin_use((enum err)i) == PIN_USED, used);
	}
	assert_int_equal(error_pin_use(ERR_PIN_UNSETTLED), PIN_UNKNOWN);
	assert_int_equal(error_pin_use(ERR_PUK_UNSETTLED), PIN_UNKNOWN);
	assert_int_equal(error_pin_use(ERR_WORKER_DIED), PIN_UNKNOWN);
	assert_int_equal(error_pin_use(ERR_DEADLINE), PIN_UNKNOWN);
	assert_int_equal(error_pin_use(ERR_WIRE), PIN_UNKNOWN);
}

static void success_and_nonsense(void **state)
{
	(void)state;
	assert_int_equal(error_exit_status(ERR_OK), 0);
	assert_string_equal(error_message(ERR_OK), "");
	assert_string_equal(error_code((enum err)9999), error_code(ERR_INTERNAL));
	assert_string_equal(error_symbol(ERR_COUNT), "INTERNAL");
}

static void causes_are_kept(void **state)
{
	struct error e = {.sw = 1, .http = 2, .pcsc = 3, .pin_sent = true};

	(void)state;
	assert_int_equal(error_set(&e, ERR_NO_CARD, "okuyucu %d", 2), ERR_NO_CARD);
	assert_int_equal(e.code, ERR_NO_CARD);
	assert_string_equal(e.where, "okuyucu 2");
	assert_int_equal(e.sw, 0);
	assert_int_equal(e.http, 0);
	assert_int_equal(e.pcsc, 0);
	assert_false(e.pin_sent);
	assert_int_equal(e.tries, TRIES_UNKNOWN);

	assert_int_equal(error_set_sw(&e, ERR_PIN_WRONG, 0x63C1, "VERIFY"), ERR_PIN_WRONG);
	assert_int_equal(e.sw, 0x63C1);
	assert_string_equal(e.where, "VERIFY (SW 63C1)");
	error_set_pcsc(&e, ERR_ACCESS_DENIED, 0x8010006A, "SCardConnect");
	assert_int_equal(e.pcsc, 0x8010006A);
	assert_int_equal(e.sw, 0);
	assert_string_equal(e.where, "SCardConnect (PC/SC 8010006A)");
	error_set_http(&e, ERR_CODE_RATE, 429, "POST");
	assert_int_equal(e.http, 429);
	assert_string_equal(e.where, "POST (HTTP 429)");
	errno = ENOENT;
	error_set_errno(&e, ERR_FILE_READ, "%s", "x");
	assert_string_equal(e.where, "x: No such file or directory");
}

static void a_long_place_is_cut_and_null_is_borne(void **state)
{
	char longest[400];
	struct error e = {0};

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	errno = EIO;
	error_set_errno(&e, ERR_FILE_READ, "%s", longest);
	assert_int_equal(strlen(e.where), sizeof(e.where) - 1);
	assert_int_equal(error_set(NULL, ERR_TLV, "x"), ERR_TLV);
	assert_int_equal(error_set_errno(NULL, ERR_TLV, "x"), ERR_TLV);
	assert_int_equal(error_set_sw(NULL, ERR_TLV, 1, "x"), ERR_TLV);
	assert_int_equal(error_set_pcsc(NULL, ERR_TLV, 1, "x"), ERR_TLV);
	assert_int_equal(error_set_http(NULL, ERR_TLV, 1, "x"), ERR_TLV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_entry_is_whole),
		cmocka_unit_test(codes_are_unique_and_found_again),
		cmocka_unit_test(only_pin_failures_use_a_try),
		cmocka_unit_test(success_and_nonsense),
		cmocka_unit_test(causes_are_kept),
		cmocka_unit_test(a_long_place_is_cut_and_null_is_borne),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit.h"

#include "portal/status_memo.h"

static void a_note_holds_until_its_end(void **state)
{
	struct status_memo *m = status_memo_new();

	(void)state;
	assert_false(status_memo_has(m, span_text("ca"), 0));
	status_memo_note(m, span_text("ca"), 100);
	assert_true(status_memo_has(m, span_text("ca"), 99));
	assert_false(status_memo_has(m, span_text("ca"), 100));
	assert_false(status_memo_has(m, span_text("cb"), 99));
	status_memo_note(m, span_text("ca"), 200);
	assert_true(status_memo_has(m, span_text("ca"), 199));
	status_memo_free(m);
}

/* The one that ends first makes room. */
static void many_notes(void **state)
{
	struct status_memo *m = status_memo_new();
	uint8_t name;

	(void)state;
	for (name = 0; name < 20; name++)
		status_memo_note(m, span_of(&name, 1), 100 + name);
	for (name = 0; name < 20; name++)
		assert_int_equal(status_memo_has(m, span_of(&name, 1), 50), name >= 4);
	status_memo_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_note_holds_until_its_end),
		cmocka_unit_test(many_notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit.h"

#include "tui/pad.h"

static void usual_order_is_the_official_one(void **state)
{
	static const uint8_t official[PAD_KEYS] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0};
	struct pad pad = pad_make(NULL);

	(void)state;
	for (unsigned i = 0; i < PAD_KEYS; i++) {
		if (i != PAD_CLEAR && i != PAD_BACK)
			assert_int_equal(pad.digit[i], official[i]);
	}
}

/* Each digit comes to each place about as often: 20000 shuffles, 2000 expected, +-15 %. */
static void shuffles_evenly(void **state)
{
	unsigned count[PAD_KEYS][10] = {{0}};
	uint32_t seed = 1;
	uint8_t random[PAD_RANDOM];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct pad pad;

		for (unsigned j = 0; j < PAD_RANDOM; j++) {
			seed = seed * 1664525 + 1013904223;
			random[j] = (uint8_t)(seed >> 24);
		}
		pad = pad_make(random);
		for (unsigned place = 0; place < PAD_KEYS; place++)
			count[place][pad.digit[place]]++;
	}
	for (unsigned place = 0; place < PAD_KEYS; place++) {
		for (unsigned digit = 0; digit < 10 && place != PAD_CLEAR && place != PAD_BACK;
			digit++)
			assert_in_range(count[place][digit], 1700, 2300);
	}
}

static void moves_within_its_edges(void **state)
{
	unsigned to = 99;

	(void)state;
	assert_true(pad_move(4, PAD_UP, &to) && to == 1);
	assert_true(pad_move(4, PAD_DOWN, &to) && to == 7);
	assert_true(pad_move(4, PAD_LEFT, &to) && to == 3);
	assert_true(pad_move(4, PAD_RIGHT, &to) && to == 5);
	assert_false(pad_move(1, PAD_UP, &to));
	assert_false(pad_move(10, PAD_DOWN, &to));
	assert_false(pad_move(3, PAD_LEFT, &to));
	assert_false(pad_move(5, PAD_RIGHT, &to));
	assert_false(pad_move(PAD_KEYS, PAD_UP, &to));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usual_order_is_the_official_one),
		cmocka_unit_test(shuffles_evenly),
		cmocka_unit_test(moves_within_its_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Wrong codes, counted by two programs on one store. */
#include "store_place.h"

#include "portal/store/store_guess.h"

#include <pthread.h>

#define NOW INT64_C(1700000000000)
#define MINUTE INT64_C(60000)
#define PARALLEL 100

static struct guess guess_of(uint8_t who, int64_t at)
{
	struct guess g = {.at = at,
		.per_minute = 5,
		.per_hour = 20,
		.all_per_minute = 60,
		.consecutive = 100,
		.stop_ms = 900 * 1000};

	memset(g.who, who, sizeof(g.who));
	return g;
}

static struct guess_verdict count_wrong(struct store *store, uint8_t who, int64_t at)
{
	struct guess g = guess_of(who, at);
	struct guess_verdict v;

	assert_int_equal(store_count_wrong(store, &g, &v, NULL), ERR_OK);
	return v;
}

static struct guess_verdict judge(struct store *store, uint8_t who, int64_t at)
{
	struct guess g = guess_of(who, at);
	struct guess_verdict v;

	assert_int_equal(store_judge_guess(store, &g, &v, NULL), ERR_OK);
	return v;
}

/* Another program on the same store. */
static struct store *another(void **state)
{
	struct place *p = *state;
	struct store *store;

	assert_int_equal(store_open(p->where, false, &store, NULL), ERR_OK);
	return store;
}

static void five_wrong_codes_a_minute_at_both(void **state)
{
	struct store *both[2] = {store_of(state), another(state)};

	for (int i = 0; i < 5; i++) {
		struct guess_verdict v = count_wrong(both[i % 2], 1, NOW + i * 1000);

		assert_int_equal(v.wait_ms, 0);
		assert_int_equal(v.in_row, i + 1);
		assert_false(v.stop);
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(count_wrong(both[i], 1, NOW + 5000).wait_ms, MINUTE - 5000);
		assert_int_equal(judge(both[i], 1, NOW + MINUTE - 1).wait_ms, 1);
		assert_int_equal(judge(both[i], 1, NOW + MINUTE).wait_ms, 0);
		assert_int_equal(judge(both[i], 2, NOW + 5000).wait_ms, 0);
		assert_int_equal(judge(both[i], 1, NOW + 5000).all_wait_ms, 0);
	}
	store_close(both[1]);
}

static void twenty_an_hour(void **state)
{
	struct store *store = store_of(state);

	for (int i = 0; i < 20; i++)
		assert_int_equal(count_wrong(store, 1, NOW + i * 2 * MINUTE).wait_ms, 0);
	assert_int_equal(count_wrong(store, 1, NOW + 40 * MINUTE).wait_ms, 20 * MINUTE);
	assert_int_equal(count_wrong(store, 1, NOW + 60 * MINUTE).wait_ms, 0);
}

static void sixty_of_all_a_minute(void **state)
{
	struct store *store = store_of(state);

	for (uint8_t i = 0; i < 60; i++)
		assert_int_equal(count_wrong(store, i, NOW).all_wait_ms, 0);
	assert_int_equal(count_wrong(store, 99, NOW + 1).all_wait_ms, MINUTE - 1);
	assert_int_equal(count_wrong(store, 99, NOW + 1).wait_ms, 0);
	assert_int_equal(count_wrong(store, 99, NOW + MINUTE).all_wait_ms, 0);
}

static bool opens(struct store *store, const struct session *s, uint8_t who, int64_t at)
{
	struct guess g = guess_of(who, at);
	bool won = false;

	assert_int_equal(store_open_session(store, s, &g, at / 1000, &won, NULL), ERR_OK);
	return won;
}

static void a_hundred_in_a_row_stop_everything(void **state)
{
	struct store *store = store_of(state);
	struct session s = add_session(store, 1);
	int64_t now = NOW;

	for (uint8_t i = 1; i < 100; i++, now += 2000)
		assert_false(count_wrong(store, i, now).stop);
	assert_true(count_wrong(store, 100, now).stop);
	assert_int_equal(count_wrong(store, 101, now).all_wait_ms, 900 * 1000);
	assert_false(count_wrong(store, 101, now).stop);
	assert_false(opens(store, &s, 102, now + 900 * 1000 - 1));
	assert_true(opens(store, &s, 102, now + 900 * 1000));
}

static void a_right_code_ends_the_row_of_both(void **state)
{
	struct store *store = store_of(state), *other = another(state);
	struct session s = add_session(store, 1), again = s;

	assert_int_equal(count_wrong(store, 1, NOW).in_row, 1);
	assert_int_equal(count_wrong(other, 2, NOW).in_row, 2);
	assert_true(opens(other, &s, 3, NOW));
	assert_int_equal(count_wrong(store, 1, NOW).in_row, 1);
	assert_false(opens(other, &again, 3, NOW)); /* a used one does not */
	assert_int_equal(count_wrong(store, 1, NOW).in_row, 2);
	store_close(other);
}

static void whoever_has_guessed_too_often_opens_nothing(void **state)
{
	struct store *store = store_of(state), *other = another(state);
	struct session s = add_session(store, 1);

	for (int i = 0; i < 5; i++)
		count_wrong(store, 1, NOW);
	assert_false(opens(other, &s, 1, NOW + MINUTE - 1));
	assert_true(opens(other, &s, 1, NOW + MINUTE));
	store_close(other);
}

struct guesser {
	pthread_t thread;
	struct store *store;
	bool counted;
};

static void *guess_once(void *context)
{
	struct guesser *g = context;

	g->counted = count_wrong(g->store, 1, NOW).wait_ms == 0;
	return NULL;
}

static void of_a_hundred_at_once_five_are_counted(void **state)
{
	struct store *both[2] = {store_of(state), another(state)};
	struct guesser guessers[PARALLEL] = {0};
	int counted = 0;

	for (int i = 0; i < PARALLEL; i++) {
		guessers[i].store = both[i % 2];
		pthread_create(&guessers[i].thread, NULL, guess_once, &guessers[i]);
	}
	for (int i = 0; i < PARALLEL; i++) {
		pthread_join(guessers[i].thread, NULL);
		counted += guessers[i].counted;
	}
	assert_int_equal(counted, 5);
	store_close(both[1]);
}

static void what_no_limit_reaches_back_to_is_forgotten(void **state)
{
	struct store *store = store_of(state);

	for (int i = 0; i < 20; i++)
		count_wrong(store, 1, NOW + i * 2 * MINUTE);
	assert_int_equal(store_forget_wrong(store, NOW + 59 * MINUTE, NULL), ERR_OK);
	assert_int_equal(judge(store, 1, NOW + 59 * MINUTE).wait_ms, MINUTE);
	assert_int_equal(store_forget_wrong(store, NOW + 60 * MINUTE, NULL), ERR_OK);
	assert_int_equal(judge(store, 1, NOW + 59 * MINUTE).wait_ms, 0);
}

/* Nobody waits for longer than a limit or a stop lasts. */
static void a_clock_that_was_set_back_does_not_stop_for_ever(void **state)
{
	struct store *store = store_of(state);
	const int64_t before = NOW - 1000 * MINUTE;

	for (int i = 0; i < 5; i++)
		count_wrong(store, 1, NOW);
	for (uint8_t i = 2; i < 97; i++)
		count_wrong(store, i, NOW + i * MINUTE);
	assert_int_equal(judge(store, 1, before).wait_ms, MINUTE);
	assert_int_equal(judge(store, 1, before).all_wait_ms, 900 * 1000);
	assert_int_equal(store_forget_wrong(store, before, NULL), ERR_OK);
	assert_int_equal(judge(store, 1, before).wait_ms, 0);
	assert_int_equal(judge(store, 1, before).all_wait_ms, 900 * 1000);
	assert_int_equal(judge(store, 1, before + 900 * 1000).all_wait_ms, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(five_wrong_codes_a_minute_at_both),
		STORE_TEST(twenty_an_hour),
		STORE_TEST(sixty_of_all_a_minute),
		STORE_TEST(a_hundred_in_a_row_stop_everything),
		STORE_TEST(a_right_code_ends_the_row_of_both),
		STORE_TEST(whoever_has_guessed_too_often_opens_nothing),
		STORE_TEST(of_a_hundred_at_once_five_are_counted),
		STORE_TEST(what_no_limit_reaches_back_to_is_forgotten),
		STORE_TEST(a_clock_that_was_set_back_does_not_stop_for_ever),
	};

	return cmocka_run_group_tests_name("portal store guess", tests, NULL, NULL);
}

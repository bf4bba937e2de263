#include "unit.h"

#include "portal/workers.h"

#include <pthread.h>
#include <sched.h>

#define COUNT 1000

struct sum {
	struct work work;
	_Atomic int *total;
};

static void add_one(struct work *work)
{
	struct sum *sum = (struct sum *)work;

	++*sum->total;
	free(sum);
}

static struct sum *new_sum(_Atomic int *total)
{
	struct sum *sum = calloc(1, sizeof(*sum));

	sum->work.run = add_one;
	sum->total = total;
	return sum;
}

static void all_that_is_handed_in_is_run(void **state)
{
	struct workers *w = workers_start(3);
	_Atomic int total = 0;
	struct sum *late = new_sum(&total);

	(void)state;
	assert_non_null(w);
	for (int i = 0; i < COUNT; i++)
		assert_true(workers_submit(w, &new_sum(&total)->work));
	workers_stop(w);
	assert_int_equal(total, COUNT);
	assert_false(workers_submit(w, &late->work));
	assert_int_equal(total, COUNT);
	free(late);
	workers_free(w);
}

/* Each waits for the other: with one thread for both there would be no end. */
static pthread_barrier_t barrier;

static void meet(struct work *work)
{
	(void)work;
	pthread_barrier_wait(&barrier);
}

static void they_run_at_the_same_time(void **state)
{
	struct workers *w = workers_start(2);
	struct work one = {.run = meet}, two = {.run = meet};

	(void)state;
	pthread_barrier_init(&barrier, NULL, 2);
	workers_submit(w, &one);
	workers_submit(w, &two);
	workers_stop(w);
	workers_free(w);
	pthread_barrier_destroy(&barrier);
}

static void nothing_runs_in_a_pause(void **state)
{
	struct workers *w = workers_start(2);
	_Atomic int total = 0;

	(void)state;
	for (int i = 0; i < COUNT; i++)
		workers_submit(w, &new_sum(&total)->work);
	for (int i = 0; i < 100; i++) {
		int before;

		workers_pause(w);
		before = total;
		sched_yield();
		assert_int_equal(total, before);
		workers_resume(w);
	}
	workers_stop(w);
	assert_int_equal(total, COUNT);
	workers_free(w);
}

/* One hangs until we come. */
static void work_that_hangs_is_no_progress(void **state)
{
	struct workers *w = workers_start(1);
	struct work hanging = {.run = meet};
	_Atomic int total = 0;

	(void)state;
	assert_true(workers_progress(w)); /* nothing is there */
	pthread_barrier_init(&barrier, NULL, 2);
	workers_submit(w, &hanging);
	assert_false(workers_progress(w));
	workers_submit(w, &new_sum(&total)->work);
	assert_false(workers_progress(w));
	pthread_barrier_wait(&barrier);
	workers_stop(w);
	assert_true(workers_progress(w));
	assert_int_equal(total, 1);
	workers_free(w);
	pthread_barrier_destroy(&barrier);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_is_handed_in_is_run),
		cmocka_unit_test(they_run_at_the_same_time),
		cmocka_unit_test(nothing_runs_in_a_pause),
		cmocka_unit_test(work_that_hangs_is_no_progress),
	};

	return cmocka_run_group_tests_name("portal workers", tests, NULL, NULL);
}

#include "unit.h"

#include <poll.h>
#include <stdlib.h>

#include "base/clock.h"
#include "job/worker.h"

/* Settings that make the fake worker (eonay-worker beside this program) behave in a given way. */
static struct settings ways(const char *way)
{
	return (struct settings){.service_url = (char *)way,
		.card_seconds = 1,
		.connect_seconds = 0,
		.request_seconds = 0};
}

static struct worker *open_worker(enum worker_kind kind, const struct settings *s)
{
	struct worker *w = NULL;

	assert_int_equal(worker_open(kind, s, 0, &w, NULL), ERR_OK);
	return w;
}

static enum err run_health(struct worker *w, struct job_result *out)
{
	struct job_request request = {.kind = JOB_HEALTH};

	*out = (struct job_result){0};
	return worker_run(w, &request, out, NULL, NULL);
}

static void answers_come_back(void **state)
{
	struct settings s = ways("answer");
	struct worker *w = open_worker(WORKER_NETWORK, &s);
	struct job_result r;

	(void)state;
	assert_int_equal(run_health(w, &r), ERR_OK);
	assert_string_equal(r.health.version, "1");
	job_result_free(&r);
	assert_int_equal(run_health(w, &r), ERR_OK);
	job_result_free(&r);
	worker_close(w);
}

static void a_dead_worker_is_a_result_and_is_replaced(void **state)
{
	struct settings s = ways("die");
	struct worker *w = open_worker(WORKER_NETWORK, &s);
	struct job_result r;

	(void)state;
	assert_int_equal(run_health(w, &r), ERR_WORKER_DIED);
	assert_int_equal(r.kind, JOB_HEALTH);
	job_result_free(&r);
	s.service_url = (char *)"answer";
	assert_int_equal(run_health(w, &r), ERR_OK);
	job_result_free(&r);
	worker_close(w);
}

static bool says_that_a_pin_may_have_left(const char *way)
{
	struct settings s = ways(way);
	struct worker *w = open_worker(WORKER_CARD, &s);
	struct job_request request = {.kind = JOB_SIGN_FILE};
	struct job_result r = {0};
	bool says;

	assert_int_equal(worker_run(w, &request, &r, NULL, NULL), ERR_WORKER_DIED);
	says = r.error.pin_sent;
	job_result_free(&r);
	worker_close(w);
	return says;
}

static void who_dies_signing_may_have_sent_the_pin(void **state)
{
	(void)state;
	assert_true(says_that_a_pin_may_have_left("die-signing"));
	assert_false(says_that_a_pin_may_have_left("die"));
}

static void a_hung_worker_is_killed_at_its_deadline(void **state)
{
	struct settings s = ways("hang");
	struct worker *w = open_worker(WORKER_NETWORK, &s);
	int64_t began = clock_monotonic_ms();
	struct job_result r;

	(void)state;
	assert_int_equal(run_health(w, &r), ERR_SERVICE_UNREACHABLE);
	assert_true(clock_monotonic_ms() - began >= 1900);
	assert_true(clock_monotonic_ms() - began < 10000);
	job_result_free(&r);
	worker_close(w);
}

/* Saying again and again that it is at it earns a worker no time. */
static void a_chattering_worker_is_killed_at_its_deadline(void **state)
{
	struct settings s = ways("chatter");
	struct worker *w = open_worker(WORKER_NETWORK, &s);
	struct job_request request = {.kind = JOB_HEALTH};
	int64_t until = clock_monotonic_ms() + 10000;
	struct job_result r = {0};

	(void)state;
	assert_int_equal(worker_send(w, &request, NULL), ERR_OK);
	while (r.kind != JOB_HEALTH) {
		assert_true(clock_monotonic_ms() < until);
		job_result_free(&r);
		worker_receive(w, clock_monotonic_ms(), &r);
	}
	assert_int_equal(r.error.code, ERR_SERVICE_UNREACHABLE);
	job_result_free(&r);
	worker_close(w);
}

static void nonsense_is_a_wire_error(void **state)
{
	struct settings s = ways("garbage");
	struct worker *w = open_worker(WORKER_NETWORK, &s);
	struct job_result r;

	(void)state;
	assert_int_equal(run_health(w, &r), ERR_WIRE);
	job_result_free(&r);
	worker_close(w);
}

static void one_request_at_a_time_and_cancel_frees_the_way(void **state)
{
	struct settings s = ways("hang");
	struct worker *w = open_worker(WORKER_NETWORK, &s);
	struct job_request request = {.kind = JOB_HEALTH};
	struct job_result r;

	(void)state;
	assert_int_equal(worker_send(w, &request, NULL), ERR_OK);
	assert_true(worker_busy(w));
	request.kind = JOB_HEALTH;
	assert_int_equal(worker_send(w, &request, NULL), ERR_BUSY);
	s.service_url = (char *)"answer";
	worker_cancel(w);
	assert_false(worker_busy(w));
	assert_int_equal(run_health(w, &r), ERR_OK);
	job_result_free(&r);
	worker_close(w);
}

/* Waits for the next pushed report. */
static void next_cards(struct worker *w, struct job_result *r)
{
	int64_t until = clock_monotonic_ms() + 10000;

	while (!worker_receive(w, clock_monotonic_ms(), r)) {
		struct pollfd p = {.fd = worker_fd(w), .events = worker_poll_events(w)};

		assert_true(clock_monotonic_ms() < until);
		poll(&p, 1, 50);
	}
	assert_int_equal(r->kind, JOB_CARDS);
}

static void a_card_that_hangs_its_reader_is_left_alone(void **state)
{
	struct settings s = ways("read-forever");
	struct worker *w = open_worker(WORKER_CARD, &s);
	struct job_result r;

	(void)state;
	next_cards(w, &r);
	assert_true(r.cards->reading);
	job_result_free(&r);
	next_cards(w, &r);
	assert_int_equal(r.error.code, ERR_DEADLINE);
	assert_int_equal(r.cards->error.code, ERR_DEADLINE);
	job_result_free(&r);
	assert_int_equal(run_health(w, &r), ERR_OK);
	assert_string_equal(r.health.version, "asılan");
	assert_int_equal(r.health.clock_difference_s, 3);
	job_result_free(&r);
	worker_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_come_back),
		cmocka_unit_test(a_dead_worker_is_a_result_and_is_replaced),
		cmocka_unit_test(who_dies_signing_may_have_sent_the_pin),
		cmocka_unit_test(a_hung_worker_is_killed_at_its_deadline),
		cmocka_unit_test(a_chattering_worker_is_killed_at_its_deadline),
		cmocka_unit_test(nonsense_is_a_wire_error),
		cmocka_unit_test(one_request_at_a_time_and_cancel_frees_the_way),
		cmocka_unit_test(a_card_that_hangs_its_reader_is_left_alone),
	};

	if (secret_init(NULL))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

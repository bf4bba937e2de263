#include "unit.h"

#include "portal/events.h"

#define ID "0123456789ABCDEF0123456789ABCDEF"
#define OTHER "0123456789ABCDEF0123456789ABCDE0" /* in the same bucket */

/* A sink that counts. */
struct count {
	int slept, woken;
	bool gone;
};

static void on_sleep(void *context)
{
	((struct count *)context)->slept++;
}

static void on_wake(void *context)
{
	((struct count *)context)->woken++;
}

static bool is_gone(void *context)
{
	return ((struct count *)context)->gone;
}

static struct event_stream *subscribe(struct events *hub, const char *id, struct count *count)
{
	struct event_stream *s = events_subscribe(hub, id, "192.0.2.1", "first", 0);

	assert_non_null(s);
	events_attach(s, (struct event_sink){on_sleep, on_wake, count, is_gone});
	return s;
}

/* What the stream sends now: its frame, "" when it sleeps, NULL at its end. */
static const char *next(struct event_stream *s, int64_t now)
{
	static char frame[EVENTS_FRAME_MAX];
	ssize_t n = events_read(s, frame, now);

	if (n < 0)
		return NULL;
	frame[n] = '\0';
	assert_true(n < EVENTS_FRAME_MAX);
	return frame;
}

static void news_goes_to_those_who_wait_for_it(void **state)
{
	struct events *hub = events_new(4, 4);
	struct count a = {0}, b = {0};
	struct event_stream *one = subscribe(hub, ID, &a), *two = subscribe(hub, OTHER, &b);

	(void)state;
	assert_string_equal(next(one, 1), "retry: 2000\nid: 1\ndata: first\n\n");
	assert_string_equal(next(one, 1), "");
	assert_string_equal(next(two, 1), "retry: 2000\nid: 1\ndata: first\n\n");
	assert_string_equal(next(two, 1), "");
	assert_int_equal(a.slept, 1);
	events_publish(hub, ID, "second");
	assert_int_equal(a.woken, 1);
	events_publish(hub, ID, "third"); /* before it could send: only the last is kept */
	assert_int_equal(a.woken, 1);
	assert_int_equal(b.woken, 0);
	assert_string_equal(next(one, 2), "retry: 2000\nid: 3\ndata: third\n\n");
	assert_string_equal(next(one, 2), "");
	assert_int_equal(a.slept, 2);
	assert_true(events_awaited(hub, ID));
	assert_false(events_awaited(hub, "FEDCBA9876543210FEDCBA9876543210"));
	events_publish(hub, ID, "third"); /* which it has told */
	assert_int_equal(a.woken, 1);
	events_publish(hub, "FEDCBA9876543210FEDCBA9876543210", "nobody's");
	events_unsubscribe(one);
	events_publish(hub, OTHER, "more");
	assert_int_equal(b.woken, 1);
	events_unsubscribe(two);
	assert_int_equal(events_count(hub), 0);
	events_free(hub);
}

static void a_silent_stream_gives_signs_of_life_and_ends(void **state)
{
	struct events *hub = events_new(4, 4);
	struct count a = {0};
	struct event_stream *s = subscribe(hub, ID, &a);

	(void)state;
	next(s, 0);
	assert_string_equal(next(s, 0), "");
	events_tick(hub, EVENTS_BEAT_MS - 1);
	assert_int_equal(a.woken, 0);
	events_tick(hub, EVENTS_BEAT_MS);
	assert_int_equal(a.woken, 1);
	assert_string_equal(next(s, EVENTS_BEAT_MS), ":\n\n");
	assert_string_equal(next(s, EVENTS_BEAT_MS), "");
	events_tick(hub, EVENTS_LIFE_MS);
	assert_int_equal(a.woken, 2);
	assert_null(next(s, EVENTS_LIFE_MS));
	events_unsubscribe(s);
	events_free(hub);
}

static void one_whose_reader_has_gone_ends(void **state)
{
	struct events *hub = events_new(4, 4);
	struct count a = {0}, b = {0};
	struct event_stream *gone = subscribe(hub, ID, &a), *here = subscribe(hub, ID, &b);

	(void)state;
	next(gone, 0);
	next(gone, 0);
	next(here, 0);
	next(here, 0);
	a.gone = true;
	events_tick(hub, 10);
	assert_int_equal(a.woken, 1);
	assert_int_equal(b.woken, 0);
	assert_null(next(gone, 10));
	events_unsubscribe(gone);
	events_unsubscribe(here);
	events_free(hub);
}

static void all_that_is_waited_for_is_listed(void **state)
{
	struct events *hub = events_new(4, 4);
	struct count count = {0};
	struct event_stream *one = subscribe(hub, ID, &count), *two = subscribe(hub, OTHER, &count);
	struct bytes ids = {0};

	(void)state;
	events_list_awaited(hub, &ids);
	assert_int_equal(ids.n, 2 * sizeof(ID));
	assert_string_equal(bytes_text(&ids), OTHER);
	assert_string_equal(bytes_text(&ids) + sizeof(ID), ID);
	bytes_free(&ids);
	events_unsubscribe(one);
	events_unsubscribe(two);
	events_list_awaited(hub, &ids);
	assert_int_equal(ids.n, 0);
	events_free(hub);
}

static void all_end_when_the_hub_closes(void **state)
{
	struct events *hub = events_new(4, 4);
	struct count a = {0}, b = {0};
	struct event_stream *asleep = subscribe(hub, ID, &a), *busy = subscribe(hub, ID, &b);

	(void)state;
	next(asleep, 0);
	next(asleep, 0);
	events_close(hub);
	assert_int_equal(a.woken, 1);
	assert_int_equal(b.woken, 0); /* it was not asleep */
	assert_null(next(asleep, 1));
	assert_string_equal(next(busy, 1), "retry: 2000\nid: 1\ndata: first\n\n");
	assert_null(next(busy, 1));
	assert_null(events_subscribe(hub, ID, "192.0.2.1", "x", 1));
	events_unsubscribe(busy);
	events_unsubscribe(asleep);
	events_free(hub);
}

static void streams_are_counted(void **state)
{
	struct events *hub = events_new(3, 2);
	struct event_stream *s[3];

	(void)state;
	s[0] = events_subscribe(hub, ID, "192.0.2.1", "x", 0);
	s[1] = events_subscribe(hub, OTHER, "192.0.2.1", "x", 0);
	assert_non_null(s[0]);
	assert_non_null(s[1]);
	assert_null(events_subscribe(hub, ID, "192.0.2.1", "x", 0)); /* of one address */
	s[2] = events_subscribe(hub, ID, "192.0.2.2", "x", 0);
	assert_non_null(s[2]);
	assert_null(events_subscribe(hub, ID, "192.0.2.3", "x", 0)); /* together */
	events_unsubscribe(s[0]);
	s[0] = events_subscribe(hub, ID, "192.0.2.3", "x", 0);
	assert_non_null(s[0]);
	for (int i = 0; i < 3; i++)
		events_unsubscribe(s[i]);
	events_free(hub);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(news_goes_to_those_who_wait_for_it),
		cmocka_unit_test(a_silent_stream_gives_signs_of_life_and_ends),
		cmocka_unit_test(one_whose_reader_has_gone_ends),
		cmocka_unit_test(all_that_is_waited_for_is_listed),
		cmocka_unit_test(all_end_when_the_hub_closes),
		cmocka_unit_test(streams_are_counted),
	};

	return cmocka_run_group_tests_name("portal events", tests, NULL, NULL);
}

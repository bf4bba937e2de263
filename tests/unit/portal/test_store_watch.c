/* Who is told of a session's change. */
#include "store_place.h"

#include "portal/store/db.h"

#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAIT_S 30

struct told {
	pthread_mutex_t mutex;
	pthread_cond_t more;
	unsigned of_it, of_any; /* how often; of_any: of something, perhaps it */
	char id[PORTAL_ID_DIGITS + 1];
};

static void changed(const char *id, void *context)
{
	struct told *t = context;

	pthread_mutex_lock(&t->mutex);
	t->of_it += id && strcmp(id, t->id) == 0;
	t->of_any += !id || strcmp(id, t->id) == 0;
	pthread_cond_broadcast(&t->more);
	pthread_mutex_unlock(&t->mutex);
}

/* Waits until the counter is at least n, for WAIT_S at most. */
static void wait_told(struct told *t, const unsigned *counter, unsigned n)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += WAIT_S;
	pthread_mutex_lock(&t->mutex);
	while (*counter < n)
		assert_int_equal(pthread_cond_timedwait(&t->more, &t->mutex, &until), 0);
	pthread_mutex_unlock(&t->mutex);
}

static struct told told_of(const char *id)
{
	struct told t = {.mutex = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};

	memcpy(t.id, id, sizeof(t.id));
	return t;
}

static void each_change_of_state_is_told(void **state)
{
	struct place *p = *state;
	struct session s = add_session(p->store, 1), other;
	struct told told = told_of(s.id);
	bool done;

	assert_int_equal(store_watch(p->store, changed, &told, NULL), ERR_OK);
	assert_int_equal(store_open_session(p->store, &s, NULL, 1000, &done, NULL), ERR_OK);
	wait_told(&told, &told.of_it, 1);
	assert_int_equal(
		store_open_session(p->store, &s, NULL, 1000, &done, NULL), ERR_OK); /* too late */
	other = open_session(p->store, 2);
	assert_int_equal(store_abandon_session(p->store, other.id, "K-006", NULL), ERR_OK);
	assert_int_equal(add_signature(p->store, s.id, 1, NULL, &done), ERR_OK);
	wait_told(&told, &told.of_it, 2);
	assert_int_equal(add_signature(p->store, s.id, 1, NULL, &done), ERR_OK); /* once more */
	store_close(p->store);
	p->store = NULL;
	assert_int_equal(told.of_it, 2);
}

static int change_in_child(const char *where, const char *id)
{
	struct store *store;

	if (store_open(where, false, &store, NULL) ||
		store_abandon_session(store, id, "K-006", NULL))
		return 1;
	store_close(store);
	return 0;
}

/* Another process's change is told too, by name or as "something". */
static void another_process_is_heard(void **state)
{
	struct place *p = *state;
	struct session s = open_session(p->store, 1);
	struct told told = told_of(s.id);
	int go[2], status;
	char byte;

	store_close(p->store); /* nothing of a database may pass through fork() */
	assert_int_equal(pipe(go), 0);
	if (fork() == 0) {
		close(go[1]);
		_exit(read(go[0], &byte, 1) == 1 ? change_in_child(p->where, s.id) : 2);
	}
	assert_int_equal(store_open(p->where, false, &p->store, NULL), ERR_OK);
	assert_int_equal(store_watch(p->store, changed, &told, NULL), ERR_OK);
	assert_int_equal(write(go[1], "", 1), 1);
	wait(&status);
	assert_int_equal(status, 0);
	wait_told(&told, &told.of_any, 1);
	close(go[0]);
	close(go[1]);
}

/* The server ends the connections: what was told meanwhile went by, so everything is looked at; then
 * changes are heard again. */
static void after_a_gap_everything_is_looked_at(void **state)
{
	struct place *p = *state;
	struct session s;
	struct told told;
	struct db *other;
	struct tx t;
	enum err code;

	if (!p->server)
		skip();
	s = open_session(p->store, 1);
	told = told_of(s.id);
	assert_int_equal(store_watch(p->store, changed, &told, NULL), ERR_OK);
	assert_int_equal(db_open(p->where, false, &other, NULL), ERR_OK);
	t = tx_read(other);
	while (tx_next(&t, &code, NULL))
		code = tx_run(&t, NULL,
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
			" WHERE application_name = 'eonay-portal' AND pid <> pg_backend_pid()",
			"");
	assert_int_equal(code, ERR_OK);
	wait_told(&told, &told.of_any, 1);
	assert_int_equal(told.of_it, 0);
	t = tx_write(other);
	while (tx_next(&t, &code, NULL))
		tx_publish(&t, s.id);
	assert_int_equal(code, ERR_OK);
	wait_told(&told, &told.of_it, 1);
	db_close(other);
}

/* What was done just before one ends is told, too. */
static void who_leaves_tells_before(void **state)
{
	struct place *p = *state;
	struct session first = open_session(p->store, 1), last = open_session(p->store, 2);
	struct told told = told_of(last.id), own = told_of(first.id);
	struct store *leaving;

	assert_int_equal(store_watch(p->store, changed, &told, NULL), ERR_OK);
	assert_int_equal(store_open(p->where, false, &leaving, NULL), ERR_OK);
	assert_int_equal(store_watch(leaving, changed, &own, NULL), ERR_OK);
	assert_int_equal(store_abandon_session(leaving, first.id, "K-006", NULL), ERR_OK);
	assert_int_equal(store_abandon_session(leaving, last.id, "K-006", NULL), ERR_OK);
	store_close(leaving);
	wait_told(&told, &told.of_any, 1);
}

static int64_t version_seen(struct tx *t)
{
	enum err code = tx_query(t, NULL, "PRAGMA data_version", "");

	assert_true(tx_row(t, &code, NULL));
	return tx_integer(t, 0);
}

static void change_it(struct db *d)
{
	struct tx t = tx_write(d);
	enum err code;

	while (tx_next(&t, &code, NULL))
		code = tx_run(&t, NULL, "UPDATE thing SET n = n + 1", "");
	assert_int_equal(code, ERR_OK);
}

/* What SQLite counts is a connection's own count: where the watch went from one to another it could find the number that it
 * knew. Here there is one that is about to come to what the other stands at. */
static void one_connection_is_not_taken_for_another(void **state)
{
	const struct timespec while_it_looks = {.tv_nsec = 600000000};
	struct place *p = *state;
	struct told told = told_of("00000000000000000000000000000000");
	struct db *d, *other;
	struct tx held, t;
	int64_t behind, now = 0;
	enum err code, held_code;

	SKIP_ON_SERVER(p);
	place_clear(p);
	assert_int_equal(db_open(p->where, true, &d, NULL), ERR_OK);
	assert_int_equal(db_open(p->where, false, &other, NULL), ERR_OK);
	t = tx_write(d);
	while (tx_next(&t, &code, NULL))
		code = tx_script(
			&t, "CREATE TABLE thing (n INTEGER); INSERT INTO thing VALUES (0)", NULL);
	assert_int_equal(db_watch(d, changed, &told, NULL), ERR_OK);
	held = tx_read(d);
	assert_true(tx_next(&held, &held_code, NULL));
	behind = version_seen(&held);
	while (now <= behind) {
		change_it(d);
		t = tx_read(d);
		while (tx_next(&t, &code, NULL))
			now = version_seen(&t);
	}
	assert_int_equal(now, behind + 1);
	nanosleep(&while_it_looks, NULL);
	assert_int_equal(told.of_any, 0);
	change_it(other);
	assert_false(tx_next(&held, &held_code, NULL));
	wait_told(&told, &told.of_any, 1);
	db_close(other);
	db_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(each_change_of_state_is_told),
		STORE_TEST(another_process_is_heard),
		STORE_TEST(who_leaves_tells_before),
		STORE_TEST(one_connection_is_not_taken_for_another),
		STORE_TEST(after_a_gap_everything_is_looked_at),
	};

	return cmocka_run_group_tests_name("portal store watch", tests, NULL, NULL);
}

/* SQLite's group commit, where something fails in the middle of a group. */
#include "store_place.h"

#include "portal/store/db_sqlite.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

struct writer {
	struct sqlite *s;
	pthread_t thread;
	enum err entered, left;
};

static void *write_nothing(void *context)
{
	struct writer *w = context;

	w->entered = sqlite_group_enter(w->s, NULL);
	if (!w->entered)
		w->left = sqlite_group_leave(w->s, true, NULL);
	return NULL;
}

static int no_new_savepoint(
	void *context, int action, const char *what, const char *b, const char *c, const char *d)
{
	(void)context, (void)b, (void)c, (void)d;
	return action == SQLITE_SAVEPOINT && !strcmp(what, "BEGIN") ? SQLITE_DENY : SQLITE_OK;
}

static void wait_for_waiting(struct sqlite *s)
{
	const struct timespec moment = {.tv_nsec = 1000000};
	unsigned waiting = 0;

	while (!waiting) {
		nanosleep(&moment, NULL);
		pthread_mutex_lock(&s->mutex);
		waiting = s->waiting;
		pthread_mutex_unlock(&s->mutex);
	}
}

/* The first has written and leaves the end to the second, which can't even begin; nobody comes behind it. */
static void who_cannot_begin_leaves_nobody_waiting(void **state)
{
	struct place *p = *state;
	struct writer second = {.left = ERR_INTERNAL};
	struct error e = {0};
	struct sqlite *s;
	struct db *d;

	SKIP_ON_SERVER(p);
	assert_int_equal(db_open(p->where, false, &d, NULL), ERR_OK);
	second.s = s = (struct sqlite *)d;
	assert_int_equal(sqlite_group_enter(s, NULL), ERR_OK);
	pthread_create(&second.thread, NULL, write_nothing, &second);
	wait_for_waiting(s);
	sqlite3_set_authorizer(s->writer->db, no_new_savepoint, NULL);
	alarm(20);
	assert_int_equal(sqlite_group_leave(s, true, &e), ERR_STORE);
	alarm(0);
	assert_int_equal(e.code, ERR_STORE);
	pthread_join(second.thread, NULL);
	assert_int_equal(second.entered, ERR_STORE);
	sqlite3_set_authorizer(s->writer->db, NULL, NULL);
	write_nothing(&second);
	assert_int_equal(second.left, ERR_OK);
	db_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {STORE_TEST(who_cannot_begin_leaves_nobody_waiting)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

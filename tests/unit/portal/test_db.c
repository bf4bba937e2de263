/* Transactions and statements, the same on both engines. */
#include "store_place.h"

#include "portal/store/db.h"

#include <pthread.h>
#include <stdio.h>

#define THREADS 16
#define ROUNDS 20

static struct db *open_db(void **state)
{
	struct place *p = *state;
	struct db *d;
	struct tx t;
	enum err code;

	place_clear(p);
	assert_int_equal(db_open(p->where, true, &d, NULL), ERR_OK);
	t = tx_write(d);
	while (tx_next(&t, &code, NULL))
		code = tx_script(&t,
			"CREATE TABLE thing (n INTEGER PRIMARY KEY, word TEXT, raw BLOB) STRICT;"
			"INSERT INTO thing VALUES (1, 'a', NULL), (2, 'b', NULL)",
			NULL);
	assert_int_equal(code, ERR_OK);
	return d;
}

static int64_t count(struct db *d)
{
	struct tx t = tx_read(d);
	int64_t n = -1;
	enum err code;

	while (tx_next(&t, &code, NULL)) {
		code = tx_query(&t, NULL, "SELECT count(*) FROM thing", "");
		if (tx_row(&t, &code, NULL))
			n = tx_integer(&t, 0);
	}
	assert_int_equal(code, ERR_OK);
	return n;
}

static enum err insert(struct db *d, int64_t n, const char *word, struct span raw)
{
	struct tx t = tx_write(d);
	enum err code;

	while (tx_next(&t, &code, NULL))
		code = tx_run(
			&t, NULL, "INSERT INTO thing VALUES ($1, $2, $3)", "itb", n, word, raw);
	return code;
}

static void values_come_back_as_they_were(void **state)
{
	static const int64_t numbers[] = {INT64_MIN, -1, 0, 255, 65536, INT64_MAX};
	struct db *d = open_db(state);
	struct bytes large = {0};
	struct tx t;
	enum err code;
	uint8_t four[4];
	char word[8];

	for (int i = 0; i < 1 << 20; i++)
		bytes_append_byte(&large, (uint8_t)i);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		assert_int_equal(insert(d, numbers[i], "ğüşiöç", bytes_span(&large)), ERR_OK);
		t = tx_read(d);
		while (tx_next(&t, &code, NULL)) {
			code = tx_query(&t, NULL, "SELECT n, word, raw FROM thing WHERE n = $1",
				"i", numbers[i]);
			assert_true(tx_row(&t, &code, NULL));
			assert_int_equal(tx_integer(&t, 0), numbers[i]);
			tx_text(&t, 1, word, sizeof(word));
			assert_string_equal(word, "ğüşi");
			assert_true(span_equal(tx_span(&t, 2), bytes_span(&large)));
			tx_blob(&t, 2, four, sizeof(four));
			assert_memory_equal(four, "\0\0\0\0", 4);
			assert_false(tx_row(&t, &code, NULL));
		}
		assert_int_equal(code, ERR_OK);
	}
	bytes_free(&large);
	db_close(d);
}

static void nothing_is_null(void **state)
{
	struct db *d = open_db(state);
	struct tx t = tx_read(d);
	enum err code;
	char word[8] = "x";

	assert_int_equal(insert(d, 3, NULL, (struct span){0}), ERR_OK);
	while (tx_next(&t, &code, NULL)) {
		code = tx_query(&t, NULL, "SELECT word, raw, word FROM thing WHERE n = $1", "i",
			(int64_t)3);
		assert_true(tx_row(&t, &code, NULL));
		tx_text(&t, 0, word, sizeof(word));
		assert_string_equal(word, "");
		assert_int_equal(tx_span(&t, 1).n, 0);
		assert_int_equal(tx_integer(&t, 2), 0);
	}
	db_close(d);
}

static void what_fails_is_taken_back(void **state)
{
	struct db *d = open_db(state);
	struct tx t = tx_write(d);
	struct error e = {0};
	enum err code;

	while (tx_next(&t, &code, NULL)) {
		code = tx_run(&t, NULL, "DELETE FROM thing", "");
		assert_int_equal(tx_changes(&t), 2);
		code = ERR_CODE_USED;
	}
	assert_int_equal(code, ERR_CODE_USED);
	assert_int_equal(count(d), 2);
	assert_int_equal(insert(d, 1, "again", (struct span){0}), ERR_STORE);
	t = tx_read(d);
	while (tx_next(&t, &code, &e))
		code = tx_query(&t, &e, "SELECT nothing FROM thing", "");
	if (!code)
		code = ERR_OK;
	assert_int_equal(code, ERR_STORE);
	assert_non_null(strstr(e.where, "nothing"));
	assert_int_equal(insert(d, 3, "c", (struct span){0}), ERR_OK);
	assert_int_equal(count(d), 3);
	db_close(d);
}

struct writer {
	pthread_t thread;
	struct db *d;
	int64_t number;
	unsigned failures;
};

/* Every third transaction fails, which must not concern those that are committed with it. */
static void *write_many(void *context)
{
	struct writer *w = context;

	for (int64_t i = 0; i < ROUNDS; i++) {
		int64_t n = i % 3 == 2 ? 1 : 100 + w->number * ROUNDS + i;

		if (insert(w->d, n, "x", (struct span){0}) != (n == 1 ? ERR_STORE : ERR_OK))
			w->failures++;
	}
	return NULL;
}

static void many_write_at_once(void **state)
{
	struct writer writers[THREADS] = {0};
	struct db *d = open_db(state);

	for (int i = 0; i < THREADS; i++) {
		writers[i].d = d;
		writers[i].number = i;
		pthread_create(&writers[i].thread, NULL, write_many, &writers[i]);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(writers[i].thread, NULL);
		assert_int_equal(writers[i].failures, 0);
	}
	assert_int_equal(count(d), 2 + THREADS * (ROUNDS - ROUNDS / 3));
	db_close(d);
}

/* Reads what is there and adds one more, which two at once would do twice. */
static enum err add_next(struct tx *t)
{
	int64_t last = 0;
	enum err code = tx_lock(t, false, NULL);

	if (!code)
		code = tx_query(t, NULL, "SELECT max(n) FROM thing", "");
	if (tx_row(t, &code, NULL))
		last = tx_integer(t, 0);
	return code ? code
		    : tx_run(t, NULL, "INSERT INTO thing VALUES ($1, 'x', NULL)", "i", last + 1);
}

static void *add_many(void *context)
{
	struct writer *w = context;

	for (int i = 0; i < ROUNDS; i++) {
		struct tx t = tx_write(w->d);
		enum err code;

		while (tx_next(&t, &code, NULL))
			code = add_next(&t);
		w->failures += code != ERR_OK;
	}
	return NULL;
}

static void what_is_read_under_the_lock_stays(void **state)
{
	struct writer writers[THREADS] = {0};
	struct db *d = open_db(state);

	for (int i = 0; i < THREADS; i++) {
		writers[i].d = d;
		pthread_create(&writers[i].thread, NULL, add_many, &writers[i]);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(writers[i].thread, NULL);
		assert_int_equal(writers[i].failures, 0);
	}
	assert_int_equal(count(d), 2 + THREADS * ROUNDS);
	db_close(d);
}

/* One is in the middle of its transaction while the other runs from end to end. */
static void those_who_share_the_lock_do_not_wait(void **state)
{
	struct place *p = *state;
	struct db *d;
	struct tx t, other;
	enum err code, inner;

	if (!p->server)
		skip();
	d = open_db(state);
	t = tx_write(d);
	while (tx_next(&t, &code, NULL)) {
		code = tx_lock(&t, true, NULL);
		if (!code)
			code = tx_run(&t, NULL, "DELETE FROM thing WHERE n = 1", "");
		other = tx_write(d);
		while (tx_next(&other, &inner, NULL)) {
			inner = tx_lock(&other, true, NULL);
			if (!inner)
				inner = tx_run(&other, NULL, "DELETE FROM thing WHERE n = 2", "");
		}
		assert_int_equal(inner, ERR_OK);
	}
	assert_int_equal(code, ERR_OK);
	assert_int_equal(count(d), 0);
	db_close(d);
}

struct crossing {
	struct db *d;
	int64_t first, second;
	pthread_barrier_t *both;
	unsigned runs;
	enum err code;
};

/* Takes two rows, one after the other; on SQLite the transactions do not overlap. */
static void *cross(void *context)
{
	struct crossing *c = context;
	struct tx t = tx_write(c->d);

	while (tx_next(&t, &c->code, NULL)) {
		c->code =
			tx_run(&t, NULL, "UPDATE thing SET word = 'x' WHERE n = $1", "i", c->first);
		if (c->runs++ == 0 && c->both)
			pthread_barrier_wait(c->both);
		if (!c->code)
			c->code = tx_run(&t, NULL, "UPDATE thing SET word = 'y' WHERE n = $1", "i",
				c->second);
	}
	return NULL;
}

static void a_deadlock_ends_in_two_transactions(void **state)
{
	struct place *p = *state;
	struct db *d = open_db(state);
	pthread_barrier_t both;
	struct crossing a = {.d = d, .first = 1, .second = 2, .both = p->server ? &both : NULL};
	struct crossing b = {.d = d, .first = 2, .second = 1, .both = a.both};
	pthread_t threads[2];

	pthread_barrier_init(&both, NULL, 2);
	pthread_create(&threads[0], NULL, cross, &a);
	pthread_create(&threads[1], NULL, cross, &b);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	pthread_barrier_destroy(&both);
	assert_int_equal(a.code, ERR_OK);
	assert_int_equal(b.code, ERR_OK);
	assert_in_range(a.runs + b.runs, p->server ? 3 : 2, p->server ? 8 : 2);
	db_close(d);
}

/* The server ends our connections: in a transaction, and while they are idle. */
static void a_lost_connection_is_made_again(void **state)
{
	struct place *p = *state;
	struct db *d, *killer;
	struct tx t, k;
	enum err code, killed;
	unsigned runs = 0;

	if (!p->server)
		skip();
	d = open_db(state);
	assert_int_equal(db_open(p->where, true, &killer, NULL), ERR_OK);
	t = tx_write(d);
	while (tx_next(&t, &code, NULL)) {
		code = tx_run(&t, NULL, "DELETE FROM thing WHERE n = 1", "");
		if (runs++ == 0) {
			k = tx_read(killer);
			while (tx_next(&k, &killed, NULL))
				killed = tx_run(&k, NULL,
					"SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
					" WHERE application_name = 'eonay-portal'"
					" AND pid <> pg_backend_pid()",
					"");
			assert_int_equal(killed, ERR_OK);
		}
		if (!code)
			code = tx_run(&t, NULL, "DELETE FROM thing WHERE n = 2", "");
	}
	assert_int_equal(code, ERR_OK);
	assert_int_equal(runs, 2);
	assert_int_equal(count(d), 0);
	k = tx_read(killer);
	while (tx_next(&k, &killed, NULL))
		killed = tx_run(&k, NULL,
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
			" WHERE application_name = 'eonay-portal' AND pid <> pg_backend_pid()",
			"");
	assert_int_equal(count(d), 0);
	db_close(killer);
	db_close(d);
}

/* What somebody still reads stays in SQLite's log; that it has left the disk must not be said then. */
static void what_has_not_left_the_disk_is_told(void **state)
{
	struct place *p = *state;
	struct db *d, *other;
	struct tx t;
	enum err code;

	SKIP_ON_SERVER(p);
	d = open_db(state);
	assert_int_equal(db_open(p->where, false, &other, NULL), ERR_OK);
	t = tx_read(other);
	while (tx_next(&t, &code, NULL)) {
		code = tx_query(&t, NULL, "SELECT n FROM thing", "");
		assert_true(tx_row(&t, &code, NULL)); /* there is another one */
		assert_int_equal(insert(d, 3, "c", (struct span){0}), ERR_OK);
		assert_int_equal(db_settle(d, NULL), ERR_STORE);
	}
	assert_int_equal(db_settle(d, NULL), ERR_OK);
	db_close(other);
	db_close(d);
}

static void a_server_that_is_not_there_is_named(void **state)
{
	struct error e = {0};
	struct db *d;

	(void)state;
	assert_int_equal(db_open("postgresql:host=/nowhere dbname=x", true, &d, &e), ERR_STORE);
	assert_null(d);
	assert_non_null(strstr(e.where, "/nowhere"));
	assert_int_equal(db_open("postgresql://%zz", true, &d, &e), ERR_STORE);
}

static void a_password_is_not_taken_from_the_configuration(void **state)
{
	static const char *const forms[] = {"postgresql:host=/nowhere password=topsecret",
		"postgresql://u:topsecret@localhost/x"};
	struct error e = {0};
	struct db *d;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(db_open(forms[i], true, &d, &e), ERR_STORE);
		assert_non_null(strstr(e.where, "passfile"));
		assert_null(strstr(e.where, "topsecret"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(values_come_back_as_they_were),
		STORE_TEST(nothing_is_null),
		STORE_TEST(what_fails_is_taken_back),
		STORE_TEST(many_write_at_once),
		STORE_TEST(what_is_read_under_the_lock_stays),
		STORE_TEST(those_who_share_the_lock_do_not_wait),
		STORE_TEST(a_deadlock_ends_in_two_transactions),
		STORE_TEST(a_lost_connection_is_made_again),
		STORE_TEST(what_has_not_left_the_disk_is_told),
		STORE_TEST(a_server_that_is_not_there_is_named),
		STORE_TEST(a_password_is_not_taken_from_the_configuration),
	};

	return cmocka_run_group_tests_name("portal database", tests, NULL, NULL);
}

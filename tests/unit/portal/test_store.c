#include "store_place.h"

#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PARALLEL 100

static void a_session_comes_back_as_it_was(void **state)
{
	struct store *store = store_of(state);
	struct session s = open_session(store, 1), found;
	struct texts texts;

	assert_int_equal(store_find_by_code(store, s.code_mac, &found, NULL), ERR_OK);
	s.state = SESSION_OPEN;
	assert_memory_equal(&found, &s, sizeof(s));
	assert_int_equal(store_find_by_id(store, s.id, &found, NULL), ERR_OK);
	assert_memory_equal(&found, &s, sizeof(s));
	assert_int_equal(store_read_texts(store, s.id, &texts, NULL), ERR_OK);
	assert_int_equal(texts.count, 2);
	assert_true(span_equal(bytes_span(&texts.at[0]), span_text("bir")));
	assert_true(span_equal(bytes_span(&texts.at[1]), span_of("iki\0üç", 8)));
	texts_free(&texts);
	assert_int_equal(store_check(store, NULL), ERR_OK);
}

static void what_is_not_there_is_unknown(void **state)
{
	struct store *store = store_of(state);
	struct session s = add_session(store, 1), found;
	struct signature signature;
	struct texts texts;
	uint8_t mac[KEY_MAC_SIZE] = {9};

	assert_int_equal(store_find_by_code(store, mac, &found, NULL), ERR_SESSION_UNKNOWN);
	assert_int_equal(store_find_by_id(store, "X", &found, NULL), ERR_SESSION_UNKNOWN);
	assert_int_equal(store_read_texts(store, "X", &texts, NULL), ERR_SESSION_UNKNOWN);
	assert_int_equal(store_read_signature(store, s.id, &signature, NULL), ERR_SESSION_UNKNOWN);
	assert_int_equal(add_signature(store, s.id, 1, NULL, &(bool){0}), ERR_SESSION_UNKNOWN);
	assert_int_equal(add_signature(store, "X", 1, NULL, &(bool){0}), ERR_SESSION_UNKNOWN);
}

static void a_code_or_id_is_given_out_once(void **state)
{
	struct store *store = store_of(state);
	struct session s = add_session(store, 1);
	struct texts texts = {.count = 0};

	assert_int_equal(store_add_session(store, &s, &texts, NULL), ERR_STORE);
	s.id[0] = '7';
	assert_int_equal(store_add_session(store, &s, &texts, NULL), ERR_STORE);
}

static void opening_is_won_once(void **state)
{
	struct store *store = store_of(state);
	struct session s = open_session(store, 1), found;
	bool won = true;

	memset(s.nonce_mac, 0xEE, sizeof(s.nonce_mac));
	assert_int_equal(store_open_session(store, &s, NULL, 1000, &won, NULL), ERR_OK);
	assert_false(won);
	assert_int_equal(store_find_by_id(store, s.id, &found, NULL), ERR_OK);
	assert_int_equal(found.nonce_mac[0], 0xA1);
}

static void the_first_signature_stays(void **state)
{
	struct store *store = store_of(state);
	struct session s = open_session(store, 1);
	struct signature kept;
	char receipt[PORTAL_ID_DIGITS + 1];
	bool fresh;

	assert_int_equal(add_signature(store, s.id, 1, receipt, &fresh), ERR_OK);
	assert_true(fresh);
	assert_int_equal(add_signature(store, s.id, 2, NULL, &fresh), ERR_SESSION_SIGNED);
	assert_int_equal(store_read_signature(store, s.id, &kept, NULL), ERR_OK);
	assert_string_equal(kept.receipt, receipt);
	assert_int_equal(kept.accepted_at, 2001);
	assert_true(span_equal(bytes_span(&kept.cms), span_text("CMS 1")));
	bytes_free(&kept.cms);
	assert_int_equal(store_abandon_session(store, s.id, "K-006", NULL), ERR_SESSION_SIGNED);
}

static void the_same_signature_gets_the_same_receipt(void **state)
{
	struct store *store = store_of(state);
	struct session s = open_session(store, 1);
	struct signature again = make_signature(1);
	bool fresh;

	assert_int_equal(add_signature(store, s.id, 1, NULL, &fresh), ERR_OK);
	memset(again.receipt, 'A', PORTAL_ID_DIGITS);
	again.accepted_at = 9999;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(store_add_signature(store, s.id, &again, &fresh, NULL), ERR_OK);
	assert_false(fresh);
	assert_string_equal(again.receipt, "0000000000000000000000000000F001");
	assert_int_equal(again.accepted_at, 2001);
	bytes_free(&again.cms);
}

static void only_an_open_session_is_abandoned(void **state)
{
	struct store *store = store_of(state);
	struct session issued = add_session(store, 1), open = open_session(store, 2), found;
	bool fresh;

	assert_int_equal(store_abandon_session(store, issued.id, "K-006", NULL), ERR_OK);
	assert_int_equal(store_find_by_id(store, issued.id, &found, NULL), ERR_OK);
	assert_int_equal(found.state, SESSION_ISSUED);
	assert_int_equal(store_abandon_session(store, open.id, "K-202", NULL), ERR_OK);
	assert_int_equal(store_abandon_session(store, open.id, "K-006", NULL), ERR_OK);
	assert_int_equal(store_find_by_id(store, open.id, &found, NULL), ERR_OK);
	assert_int_equal(found.state, SESSION_ABANDONED);
	assert_string_equal(found.reason, "K-202");
	assert_int_equal(add_signature(store, open.id, 1, NULL, &fresh), ERR_SESSION_UNKNOWN);
}

static void an_unblocking_is_finished_and_stays_so(void **state)
{
	struct store *store = store_of(state);
	struct session issued = add_session(store, 1), open = open_session(store, 2), found;

	assert_int_equal(store_finish_session(store, issued.id, NULL), ERR_SESSION_UNKNOWN);
	assert_int_equal(store_finish_session(store, "X", NULL), ERR_SESSION_UNKNOWN);
	assert_int_equal(store_finish_session(store, open.id, NULL), ERR_OK);
	assert_int_equal(store_finish_session(store, open.id, NULL), ERR_OK);
	assert_int_equal(store_abandon_session(store, open.id, "K-006", NULL), ERR_OK);
	assert_int_equal(store_cancel_session(store, open.id, NULL), ERR_OK);
	assert_int_equal(store_find_by_id(store, open.id, &found, NULL), ERR_OK);
	assert_int_equal(found.state, SESSION_DONE);
	assert_int_equal(add_signature(store, open.id, 1, NULL, &(bool){0}), ERR_SESSION_UNKNOWN);
}

static void a_cancelled_code_is_dead(void **state)
{
	struct store *store = store_of(state);
	struct session issued = add_session(store, 1), open = open_session(store, 2),
		       kept = open_session(store, 3), found;
	bool won = true;

	assert_int_equal(store_cancel_session(store, issued.id, NULL), ERR_OK);
	assert_int_equal(store_open_session(store, &issued, NULL, 1000, &won, NULL), ERR_OK);
	assert_false(won);
	assert_int_equal(store_find_by_id(store, issued.id, &found, NULL), ERR_OK);
	assert_int_equal(found.state, SESSION_CANCELLED);
	assert_int_equal(store_cancel_session(store, open.id, NULL), ERR_OK);
	assert_int_equal(add_signature(store, open.id, 2, NULL, &(bool){0}), ERR_SESSION_UNKNOWN);
	assert_int_equal(add_signature(store, kept.id, 3, NULL, &(bool){0}), ERR_OK);
	assert_int_equal(store_cancel_session(store, kept.id, NULL), ERR_SESSION_SIGNED);
	assert_int_equal(store_cancel_session(store, "X", NULL), ERR_SESSION_UNKNOWN);
}

static void what_was_learned_of_the_certificate_is_kept(void **state)
{
	struct store *store = store_of(state);
	struct session s = open_session(store, 1);
	struct signature signature = make_signature(1), kept;
	bool fresh;

	signature.status_source = STATUS_OCSP;
	signature.status_at = 1990;
	bytes_append_text(&signature.status_response, "OCSP");
	bytes_append(&signature.time_stamp, span_of("T\0S", 3));
	assert_int_equal(store_add_signature(store, s.id, &signature, &fresh, NULL), ERR_OK);
	assert_int_equal(store_read_signature(store, s.id, &kept, NULL), ERR_OK);
	assert_int_equal(kept.status_source, STATUS_OCSP);
	assert_int_equal(kept.status_at, 1990);
	assert_true(span_equal(bytes_span(&kept.status_response), span_text("OCSP")));
	assert_true(span_equal(bytes_span(&kept.time_stamp), span_of("T\0S", 3)));
	assert_int_equal(kept.withdrawn_at, 0);
	signature_free(&kept);
	signature_free(&signature);
}

static bool take_id(const struct session *s, void *context)
{
	bytes_append_text(context, s->id);
	return true;
}

/* More than are read at a time. */
static void a_long_list_is_whole_and_in_order(void **state)
{
	struct store *store = store_of(state);
	struct texts none = {.count = 0};
	struct bytes ids = {0}, wanted = {0};

	for (int i = 0; i < 1100; i++) {
		struct session s = {.created = 5000 - i / 3, .expires = 9000};

		snprintf(s.id, sizeof(s.id), "%032X", 0xFFFF - i);
		memcpy(s.code_mac, &i, sizeof(i));
		assert_int_equal(store_add_session(store, &s, &none, NULL), ERR_OK);
		bytes_append_text(&wanted, s.id);
	}
	assert_int_equal(store_list(store, take_id, &ids, NULL), ERR_OK);
	assert_true(span_equal(bytes_span(&ids), bytes_span(&wanted)));
	bytes_free(&ids);
	bytes_free(&wanted);
}

static bool count_session(const struct session *s, void *context)
{
	(void)s;
	return ++*(int *)context < 2;
}

static void what_is_signed_is_never_forgotten(void **state)
{
	struct store *store = store_of(state);
	struct session issued = add_session(store, 1), kept = open_session(store, 2),
		       open = open_session(store, 3), found;
	struct texts texts;
	int seen = 0;

	assert_int_equal(add_signature(store, kept.id, 1, NULL, &(bool){0}), ERR_OK);
	assert_int_equal(store_forget_expired(store, 1300, NULL), ERR_OK);
	assert_int_equal(store_list(store, count_session, &seen, NULL), ERR_OK);
	assert_int_equal(seen, 2); /* it was told to stop there; three are left */
	assert_int_equal(store_forget_expired(store, 1301, NULL), ERR_OK);
	assert_int_equal(store_find_by_id(store, kept.id, &found, NULL), ERR_OK);
	assert_int_equal(store_find_by_id(store, issued.id, &found, NULL), ERR_SESSION_UNKNOWN);
	assert_int_equal(store_find_by_id(store, open.id, &found, NULL), ERR_SESSION_UNKNOWN);
	assert_int_equal(store_read_texts(store, open.id, &texts, NULL), ERR_SESSION_UNKNOWN);
}

static void a_store_is_created_only_when_asked(void **state)
{
	struct place *p = *state;
	struct store *store;
	char path[128];

	SKIP_ON_SERVER(p);
	snprintf(path, sizeof(path), "%s/other", p->folder);
	assert_int_equal(store_open(path, false, &store, NULL), ERR_STORE);
	assert_null(store);
	assert_int_equal(access(path, F_OK), -1);
}

/* A child hands in its own signature; its status tells how that ended. */
static int submit_in_child(const char *path, const char *id, int n)
{
	struct store *store;
	enum err code;
	bool fresh = false;

	if (store_open(path, true, &store, NULL))
		return 3;
	code = add_signature(store, id, (uint8_t)n, NULL, &fresh);
	store_close(store);
	if (code == ERR_OK && fresh)
		return 0;
	return code == ERR_SESSION_SIGNED ? 1 : 2;
}

static void of_a_hundred_at_once_one_wins(void **state)
{
	struct place *p = *state;
	struct session s = open_session(p->store, 1);
	int counts[4] = {0}, status;

	/* No connection of SQLite's may pass through fork(). */
	store_close(p->store);
	for (int i = 0; i < PARALLEL; i++) {
		if (fork() == 0)
			_exit(submit_in_child(p->where, s.id, i));
	}
	while (wait(&status) > 0)
		counts[WEXITSTATUS(status) & 3]++;
	assert_int_equal(counts[0], 1);
	assert_int_equal(counts[1], PARALLEL - 1);
	assert_int_equal(store_open(p->where, false, &p->store, NULL), ERR_OK);
}

static int open_in_child(const char *path)
{
	struct store *store;
	enum err code = store_open(path, true, &store, NULL);

	store_close(store);
	return code ? 1 : 0;
}

static void programs_that_start_together_create_one_store(void **state)
{
	struct place *p = *state;
	int failures = 0, status;

	place_clear(p);
	for (int i = 0; i < 16; i++) {
		if (fork() == 0)
			_exit(open_in_child(p->where));
	}
	while (wait(&status) > 0)
		failures += WEXITSTATUS(status) != 0;
	assert_int_equal(failures, 0);
}

/* A child holds a new file for the time that another program takes to make it a store; what comes
 * out of the pipe tells that it does. */
static int hold_new_file(const char *path, int held)
{
	sqlite3 *db;
	bool begun;

	begun = sqlite3_open(path, &db) == SQLITE_OK &&
		sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK;
	if (!begun || write(held, "", 1) != 1)
		return 1;
	usleep(300000);
	sqlite3_close(db);
	return 0;
}

static void a_new_file_that_is_held_is_waited_for(void **state)
{
	struct place *p = *state;
	int held[2], status;
	pid_t child;
	char byte;

	SKIP_ON_SERVER(p);
	place_clear(p);
	assert_int_equal(pipe(held), 0);
	child = fork();
	if (child == 0)
		_exit(hold_new_file(p->where, held[1]));
	close(held[1]);
	assert_int_equal(read(held[0], &byte, 1), 1);
	close(held[0]);
	assert_int_equal(store_open(p->where, true, &p->store, NULL), ERR_OK);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_session_comes_back_as_it_was),
		STORE_TEST(what_is_not_there_is_unknown),
		STORE_TEST(a_code_or_id_is_given_out_once),
		STORE_TEST(opening_is_won_once),
		STORE_TEST(the_first_signature_stays),
		STORE_TEST(the_same_signature_gets_the_same_receipt),
		STORE_TEST(only_an_open_session_is_abandoned),
		STORE_TEST(an_unblocking_is_finished_and_stays_so),
		STORE_TEST(a_cancelled_code_is_dead),
		STORE_TEST(what_was_learned_of_the_certificate_is_kept),
		STORE_TEST(a_long_list_is_whole_and_in_order),
		STORE_TEST(what_is_signed_is_never_forgotten),
		STORE_TEST(a_store_is_created_only_when_asked),
		STORE_TEST(of_a_hundred_at_once_one_wins),
		STORE_TEST(programs_that_start_together_create_one_store),
		STORE_TEST(a_new_file_that_is_held_is_waited_for),
	};

	return cmocka_run_group_tests_name("portal store", tests, NULL, NULL);
}

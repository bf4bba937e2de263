#include "unit.h"

#include "portal/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PARALLEL 100

struct place {
	char folder[64];
	char path[96];
	struct store *store;
};

static int begin(void **state)
{
	struct place *p = must_zalloc(sizeof(*p));

	snprintf(p->folder, sizeof(p->folder), "/tmp/eonay-store.XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->path, sizeof(p->path), "%s/db", p->folder);
	assert_int_equal(store_open(p->path, true, &p->store, NULL), ERR_OK);
	*state = p;
	return 0;
}

static int end(void **state)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	struct place *p = *state;
	char path[128];

	store_close(p->store);
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s", p->path, suffixes[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(p->folder), 0);
	free(p);
	return 0;
}

/* Session number n, with two texts. */
static struct session add_session(struct store *store, uint8_t n)
{
	struct session s = {
		.person = "AYŞE", .tckn = "10000000146", .created = 1000, .expires = 1300};
	struct texts texts = {.count = 2};

	snprintf(s.id, sizeof(s.id), "%032X", (unsigned)n);
	memset(s.code_mac, n, sizeof(s.code_mac));
	bytes_append_text(&texts.at[0], "bir");
	bytes_append(&texts.at[1], span_of("iki\0üç", 8));
	assert_int_equal(store_add_session(store, &s, &texts, NULL), ERR_OK);
	texts_free(&texts);
	return s;
}

static struct session open_session(struct store *store, uint8_t n)
{
	struct session s = add_session(store, n);
	bool won;

	memset(s.nonce_mac, 0xA0 + n, sizeof(s.nonce_mac));
	memset(s.token_mac, 0xB0 + n, sizeof(s.token_mac));
	snprintf(s.kiosk, sizeof(s.kiosk), "kiosk %d", n);
	assert_int_equal(store_open_session(store, &s, &won, NULL), ERR_OK);
	assert_true(won);
	return s;
}

static struct signature make_signature(uint8_t n)
{
	struct signature signature = {.accepted_at = 2000 + n};

	snprintf(signature.receipt, sizeof(signature.receipt), "%032X", 0xF000u + n);
	memset(signature.sha256, n, sizeof(signature.sha256));
	bytes_append_format(&signature.cms, "CMS %d", n);
	return signature;
}

static enum err add_signature(
	struct store *store, const char *id, uint8_t n, char *receipt, bool *fresh)
{
	struct signature signature = make_signature(n);
	enum err code = store_add_signature(store, id, &signature, fresh, NULL);

	if (receipt)
		memcpy(receipt, signature.receipt, sizeof(signature.receipt));
	bytes_free(&signature.cms);
	return code;
}

static void a_session_comes_back_as_it_was(void **state)
{
	struct store *store = ((struct place *)*state)->store;
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
	struct store *store = ((struct place *)*state)->store;
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
	struct store *store = ((struct place *)*state)->store;
	struct session s = add_session(store, 1);
	struct texts texts = {.count = 0};

	assert_int_equal(store_add_session(store, &s, &texts, NULL), ERR_STORE);
	s.id[0] = '7';
	assert_int_equal(store_add_session(store, &s, &texts, NULL), ERR_STORE);
}

static void opening_is_won_once(void **state)
{
	struct store *store = ((struct place *)*state)->store;
	struct session s = open_session(store, 1), found;
	bool won = true;

	memset(s.nonce_mac, 0xEE, sizeof(s.nonce_mac));
	assert_int_equal(store_open_session(store, &s, &won, NULL), ERR_OK);
	assert_false(won);
	assert_int_equal(store_find_by_id(store, s.id, &found, NULL), ERR_OK);
	assert_int_equal(found.nonce_mac[0], 0xA1);
}

static void the_first_signature_stays(void **state)
{
	struct store *store = ((struct place *)*state)->store;
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
	struct store *store = ((struct place *)*state)->store;
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
	struct store *store = ((struct place *)*state)->store;
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

static bool count_session(const struct session *s, void *context)
{
	(void)s;
	return ++*(int *)context < 2;
}

static void what_is_signed_is_never_forgotten(void **state)
{
	struct store *store = ((struct place *)*state)->store;
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
			_exit(submit_in_child(p->path, s.id, i));
	}
	while (wait(&status) > 0)
		counts[WEXITSTATUS(status) & 3]++;
	assert_int_equal(counts[0], 1);
	assert_int_equal(counts[1], PARALLEL - 1);
	assert_int_equal(store_open(p->path, false, &p->store, NULL), ERR_OK);
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

	store_close(p->store);
	p->store = NULL;
	unlink(p->path);
	for (int i = 0; i < 16; i++) {
		if (fork() == 0)
			_exit(open_in_child(p->path));
	}
	while (wait(&status) > 0)
		failures += WEXITSTATUS(status) != 0;
	assert_int_equal(failures, 0);
}

int main(void)
{
#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_session_comes_back_as_it_was),
		STORE_TEST(what_is_not_there_is_unknown),
		STORE_TEST(a_code_or_id_is_given_out_once),
		STORE_TEST(opening_is_won_once),
		STORE_TEST(the_first_signature_stays),
		STORE_TEST(the_same_signature_gets_the_same_receipt),
		STORE_TEST(only_an_open_session_is_abandoned),
		STORE_TEST(what_is_signed_is_never_forgotten),
		STORE_TEST(a_store_is_created_only_when_asked),
		STORE_TEST(of_a_hundred_at_once_one_wins),
		STORE_TEST(programs_that_start_together_create_one_store),
	};

	return cmocka_run_group_tests_name("portal store", tests, NULL, NULL);
}

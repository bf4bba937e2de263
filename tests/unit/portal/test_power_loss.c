/* The power fails in the middle of the work, again and again on the same database: what was acknowledged is there, once, and both
 * the database and its audit log are whole. */
#include "store_place.h"

#include "frail_disk.h"

#include "portal/store/store_audit.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAILURES 200       /* EONAY_TEST_POWER_FAILURES says otherwise */
#define ON_ONE_DATABASE 50 /* failures, before there is a new one */
#define KIOSKS 3
#define SESSIONS_MAX 200000

/* What people were told, in memory that outlives the process that told them. */
static struct told {
	unsigned next; /* session */
	bool issued[SESSIONS_MAX], open[SESSIONS_MAX], is_signed[SESSIONS_MAX];
	char receipt[SESSIONS_MAX][PORTAL_ID_DIGITS + 1];
} * told;

static struct session session_number(unsigned n)
{
	struct session s = {.tckn = "10000000146", .created = 1000, .expires = 1300};

	snprintf(s.id, sizeof(s.id), "%032X", n);
	memcpy(s.code_mac, &n, sizeof(n));
	memcpy(s.nonce_mac, &n, sizeof(n));
	return s;
}

/* A receipt is drawn anew for each attempt, as the service does. */
static bool hand_in(struct store *store, unsigned n)
{
	struct signature signature = {.accepted_at = n};
	bool fresh, done;

	id_generate(signature.receipt, NULL);
	memcpy(signature.sha256, &n, sizeof(n));
	bytes_append_format(&signature.cms, "CMS %u", n);
	done = store_add_signature(store, session_number(n).id, &signature, &fresh, NULL) == ERR_OK;
	bytes_free(&signature.cms);
	if (!done)
		return false;
	memcpy(told->receipt[n], signature.receipt, sizeof(signature.receipt));
	__atomic_store_n(&told->is_signed[n], true, __ATOMIC_RELEASE);
	return true;
}

static void one_person(struct store *store, unsigned n)
{
	struct session s = session_number(n);
	struct texts texts = {.count = 1};
	bool won = false;

	bytes_append_text(&texts.at[0], "bir");
	if (store_add_session(store, &s, &texts, NULL) == ERR_OK) {
		told->issued[n] = true;
		if (store_open_session(store, &s, NULL, 1000, &won, NULL) == ERR_OK && won) {
			told->open[n] = true;
			hand_in(store, n);
		}
	}
	texts_free(&texts);
}

static void *kiosk(void *store)
{
	unsigned n;

	while ((n = __atomic_fetch_add(&told->next, 1, __ATOMIC_RELAXED)) < SESSIONS_MAX)
		one_person(store, n);
	return NULL;
}

/* The service begins, takes in what was on its way when the power failed, and goes on until it fails again. */
static void serve(const char *path, unsigned first, long operation, unsigned seed)
{
	pthread_t kiosks[KIOSKS];
	unsigned known = told->next;
	struct store *store;

	frail_disk_begin(operation, seed);
	if (store_open(path, true, &store, NULL))
		_exit(1);
	for (unsigned n = first; n < known; n++) {
		if (told->open[n] && !told->is_signed[n] && !hand_in(store, n))
			_exit(2);
	}
	for (int i = 0; i < KIOSKS; i++)
		pthread_create(&kiosks[i], NULL, kiosk, store);
	for (int i = 0; i < KIOSKS; i++)
		pthread_join(kiosks[i], NULL);
	_exit(3);
}

static const char *const parts[] = {"", "-wal", "-journal", "-shm"}; /* of a database */

static void copy(const char *from, const char *to)
{
	static uint8_t block[65536];
	FILE *in = fopen(from, "r"), *out;
	size_t n;

	unlink(to);
	if (!in)
		return;
	out = fopen(to, "w");
	assert_non_null(out);
	while ((n = fread(block, 1, sizeof(block), in)) > 0)
		assert_int_equal(fwrite(block, 1, n, out), n);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

static void ask(sqlite3 *db, const char *sql, char out[64])
{
	sqlite3_stmt *statement;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	snprintf(out, 64, "%s", (const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
}

static void check_database(const char *path)
{
	char text[64];
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	ask(db, "PRAGMA integrity_check", text);
	assert_string_equal(text, "ok");
	ask(db,
		"WITH n(rows, sessions) AS (SELECT count(*), count(DISTINCT session) FROM "
		"signature),"
		" told(records, subjects) AS (SELECT count(*), count(DISTINCT subject) FROM audit"
		" WHERE action = 'session.sign')"
		" SELECT rows = sessions AND rows = records AND rows = subjects FROM n, told",
		text);
	assert_string_equal(text, "1");
	sqlite3_close(db);
}

static void check_told(struct store *store, unsigned first)
{
	struct signature signature;
	struct session s;

	for (unsigned n = first; n < told->next; n++) {
		const struct session wanted = session_number(n);

		if (told->issued[n])
			assert_int_equal(store_find_by_id(store, wanted.id, &s, NULL), ERR_OK);
		if (told->open[n])
			assert_true(s.state >= SESSION_OPEN);
		if (!told->is_signed[n])
			continue;
		assert_int_equal(s.state, SESSION_SIGNED);
		assert_int_equal(store_read_signature(store, wanted.id, &signature, NULL), ERR_OK);
		assert_string_equal(signature.receipt, told->receipt[n]);
		signature_free(&signature);
	}
}

/* What the disk holds, looked at in a copy: the next service finds it as it is. heads: of the audit log, when it was looked at
 * before; they must still be there. */
static void check(const char *path, unsigned first, struct audit_head heads[AUDIT_STRANDS])
{
	char from[600], to[600];
	struct store *store;
	int64_t records;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		snprintf(from, sizeof(from), "%s%s", path, parts[i]);
		snprintf(to, sizeof(to), "%s.copy%s", path, parts[i]);
		copy(from, to);
	}
	snprintf(to, sizeof(to), "%s.copy", path);
	assert_int_equal(store_open(to, true, &store, NULL), ERR_OK);
	check_told(store, first);
	assert_int_equal(store_verify_audit(store, heads, AUDIT_STRANDS, &records, NULL), ERR_OK);
	assert_int_equal(store_audit_heads(store, heads, NULL), ERR_OK);
	store_close(store);
	check_database(to);
}

static void nothing_acknowledged_is_lost(void **state)
{
	struct place *p = *state;
	const char *wanted = getenv("EONAY_TEST_POWER_FAILURES");
	unsigned failures = wanted ? (unsigned)strtoul(wanted, NULL, 10) : FAILURES, first = 0,
		 count = 0;
	struct audit_head heads[AUDIT_STRANDS] = {{0}};
	int status;

	for (unsigned i = 0; i < failures; i++) {
		if (i % ON_ONE_DATABASE == 0) {
			place_clear(p);
			memset(heads, 0, sizeof(heads));
			for (int k = 0; k < AUDIT_STRANDS; k++)
				heads[k].strand = k;
			first = told->next;
		}
		srand(i + 1);
		if (fork() == 0)
			serve(p->where, first, 1 + rand() % (i % 4 ? 60 : 600), i + 1);
		assert_true(wait(&status) > 0);
		assert_int_equal(WEXITSTATUS(status), FRAIL_DISK_STATUS);
		check(p->where, first, heads);
	}
	for (unsigned n = 0; n < told->next; n++)
		count += told->is_signed[n];
	print_message("%u failures, %u signatures acknowledged\n", failures, count);
	assert_true(count > failures / 4); /* the power did not fail before anything was done */
}

static int begin(void **state)
{
	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return told == MAP_FAILED ? 1 : place_begin(state);
}

static int end(void **state)
{
	struct place *p = *state;
	char path[600];

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		snprintf(path, sizeof(path), "%s.copy%s", p->where, parts[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s-journal", p->where);
	unlink(path);
	munmap(told, sizeof(*told));
	return place_end(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_acknowledged_is_lost, begin, end),
	};

	return cmocka_run_group_tests_name("portal power loss", tests, NULL, NULL);
}

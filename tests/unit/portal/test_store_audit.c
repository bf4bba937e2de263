/* The audit log: what is written, and that nothing of it can be changed unseen. */
#include "store_place.h"

#include "portal/store/db.h"
#include "portal/store/store_audit.h"
#include "portal/store/store_consent.h"
#include "portal/store/store_forget.h"

#include <openssl/evp.h>
#include <stdio.h>

#define AYSE "10000000146"

/* ----- The database as somebody sees it who may write it, past our own functions. */

static struct db *open_raw(struct place *p)
{
	struct db *d;

	assert_int_equal(db_open(p->where, false, &d, NULL), ERR_OK);
	return d;
}

static enum err run(struct db *d, const char *sql)
{
	struct tx t = tx_write(d);
	enum err code;

	while (tx_next(&t, &code, NULL))
		code = tx_script(&t, sql, NULL);
	return code;
}

static void drop_triggers(struct place *p, struct db *d)
{
	assert_int_equal(run(d, p->server ? "DROP TRIGGER audit_append ON audit;"
					    "DROP TRIGGER audit_head_stays ON audit_head"
					  : "DROP TRIGGER audit_update; DROP TRIGGER audit_delete;"
					    "DROP TRIGGER audit_head_delete"),
		ERR_OK);
}

/* Some records of all kinds. */
static void write_records(struct store *store, int sessions)
{
	bool fresh;

	for (int n = 1; n <= sessions; n++) {
		struct session s = open_session(store, (uint8_t)n);

		if (n % 3 == 0)
			assert_int_equal(
				add_signature(store, s.id, (uint8_t)n, NULL, &fresh), ERR_OK);
		else if (n % 3 == 1)
			assert_int_equal(store_abandon_session(store, s.id, "K-006", NULL), ERR_OK);
	}
}

static enum err verify(struct store *store, int64_t *records)
{
	struct error e = {0};
	enum err code = store_verify_audit(store, NULL, 0, records, &e);

	if (code == ERR_AUDIT)
		assert_non_null(strstr(e.where, "record "));
	return code;
}

static void every_change_has_its_record(void **state)
{
	struct store *store = store_of(state);
	struct session s = open_session(store, 1);
	int64_t records;
	bool done;

	assert_int_equal(verify(store, &records), ERR_OK);
	assert_int_equal(records, 2);
	assert_int_equal(
		store_open_session(store, &s, NULL, 1000, &done, NULL), ERR_OK); /* not won */
	assert_int_equal(verify(store, &records), ERR_OK);
	assert_int_equal(records, 2);
	assert_int_equal(add_signature(store, s.id, 1, NULL, &done), ERR_OK);
	assert_int_equal(add_signature(store, s.id, 1, NULL, &done), ERR_OK); /* once more */
	assert_int_equal(store_withdraw_consent(store, s.id, AYSE, 5, NULL), ERR_OK);
	assert_int_equal(verify(store, &records), ERR_OK);
	assert_int_equal(records, 4);
}

static void records_cannot_be_changed_or_deleted(void **state)
{
	static const char *const attempts[] = {"UPDATE audit SET detail = 'x'",
		"DELETE FROM audit WHERE number = 1", "DELETE FROM audit_head"};
	struct place *p = *state;
	struct db *d = open_raw(p);
	int64_t records;

	write_records(p->store, 2);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(run(d, attempts[i]), ERR_STORE);
	if (p->server)
		assert_int_equal(run(d, "TRUNCATE audit"), ERR_STORE);
	assert_int_equal(verify(p->store, &records), ERR_OK);
	db_close(d);
}

/* The encoding and hash as the header tells them, by another way. */
static void the_chain_is_what_it_says(void **state)
{
	static const uint8_t wanted[] =
		"\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0\4\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE"
		"\0\0\0\1a\0\0\0\0\0\0\0\2\xC3\xA7\0\0\0\3xyz";
	const struct audit_record r = {.strand = 3,
		.number = 4,
		.at = -2,
		.actor = span_text("a"),
		.subject = span_text("ç"),
		.detail = span_text("xyz")};
	uint8_t before[AUDIT_HASH_SIZE] = {7}, hash[AUDIT_HASH_SIZE], all[AUDIT_HASH_SIZE];
	struct bytes encoded = {0}, chained = {0};

	(void)state;
	audit_encode(&r, &encoded);
	assert_int_equal(encoded.n, sizeof(wanted) - 1);
	assert_memory_equal(encoded.at, wanted, encoded.n);
	bytes_append(&chained, span_of(before, sizeof(before)));
	bytes_append(&chained, bytes_span(&encoded));
	assert_int_equal(EVP_Digest(chained.at, chained.n, all, NULL, EVP_sha256(), NULL), 1);
	assert_int_equal(audit_hash(before, &r, hash, NULL), ERR_OK);
	assert_memory_equal(hash, all, sizeof(all));
	bytes_free(&encoded);
	bytes_free(&chained);
}

/* ----- Forgeries. */

/* One of them, with number n of the strand and another, m; put back by restore(). */
static const char *const forgeries[] = {
	"UPDATE audit SET detail = detail || 'x' WHERE strand = $1 AND number = $2 AND $3 > 0",
	"UPDATE audit SET actor = 'person:' || actor WHERE strand = $1 AND number = $2 AND $3 > 0",
	"UPDATE audit SET action = action || '.' WHERE strand = $1 AND number = $2 AND $3 > 0",
	"UPDATE audit SET subject = subject || '0' WHERE strand = $1 AND number = $2 AND $3 > 0",
	"UPDATE audit SET subject = detail, detail = subject || '|'"
	" WHERE strand = $1 AND number = $2 AND $3 > 0",
	"UPDATE audit SET at = at + $3 WHERE strand = $1 AND number = $2",
	"UPDATE audit SET hash = (SELECT hash FROM audit WHERE strand = $1 AND number = $3)"
	" WHERE strand = $1 AND number = $2",
	"UPDATE audit SET strand = 99 WHERE strand = $1 AND number = $2 AND $3 > 0",
	"DELETE FROM audit WHERE strand = $1 AND number = $2 AND $3 > 0",
	"DELETE FROM audit WHERE strand = $1 AND number > $2 AND $3 > 0",
	"DELETE FROM audit WHERE strand = $1 AND $2 > 0 AND $3 > 0",
	"INSERT INTO audit SELECT strand, number + 10000, at, actor, action, subject, detail, hash"
	" FROM audit WHERE strand = $1 AND number = $2 AND $3 > 0",
	"UPDATE audit_head SET number = $2 WHERE strand = $1 AND $3 > 0",
	"UPDATE audit_head SET hash = (SELECT hash FROM audit WHERE strand = $1 AND number = $2)"
	" WHERE strand = $1 AND $3 > 0",
	"DELETE FROM audit_head WHERE strand = $1 AND $2 > 0 AND $3 > 0", NULL, /* swap_records() */
	NULL, /* rehash_record() */
};
#define FORGERIES (sizeof(forgeries) / sizeof(*forgeries))

static enum err swap_records(struct tx *t, int64_t strand, int64_t n, int64_t m)
{
	enum err code = tx_run(t, NULL,
		"UPDATE audit SET number = -1 WHERE strand = $1 AND number = $2", "ii", strand, n);

	if (!code)
		code = tx_run(t, NULL,
			"UPDATE audit SET number = $2 WHERE strand = $1 AND number = $3", "iii",
			strand, n, m);
	return code ? code
		    : tx_run(t, NULL,
			      "UPDATE audit SET number = $2 WHERE strand = $1 AND number = -1",
			      "ii", strand, m);
}

static void read_hash(struct tx *t, int64_t strand, int64_t n, uint8_t out[AUDIT_HASH_SIZE])
{
	enum err code = tx_query(t, NULL,
		"SELECT hash FROM audit WHERE strand = $1 AND number = $2", "ii", strand, n);

	memset(out, 0, AUDIT_HASH_SIZE);
	if (tx_row(t, &code, NULL))
		tx_blob(t, 0, out, AUDIT_HASH_SIZE);
	assert_int_equal(code, ERR_OK);
}

/* A record of the forger's own with the hash that it would have. */
static enum err rehash_record(struct tx *t, int64_t strand, int64_t n)
{
	const struct audit_record r = {.strand = strand, .number = n, .at = 1};
	uint8_t hash[AUDIT_HASH_SIZE];

	read_hash(t, strand, n - 1, hash);
	assert_int_equal(audit_hash(hash, &r, hash, NULL), ERR_OK);
	return tx_run(t, NULL,
		"UPDATE audit SET at = 1, actor = '', action = '', subject = '', detail = '',"
		" hash = $3 WHERE strand = $1 AND number = $2",
		"iib", strand, n, span_of(hash, sizeof(hash)));
}

static void forge(struct db *d, size_t how, int64_t strand, int64_t n, int64_t m)
{
	struct tx t = tx_write(d);
	enum err code;

	while (tx_next(&t, &code, NULL)) {
		if (forgeries[how])
			code = tx_run(&t, NULL, forgeries[how], "iii", strand, n, m);
		else if (how == FORGERIES - 1)
			code = rehash_record(&t, strand, n);
		else
			code = swap_records(&t, strand, n, m);
	}
	assert_int_equal(code, ERR_OK);
}

/* From here on the log can be forged, and restored. */
static void unlock(struct place *p, struct db *d)
{
	drop_triggers(p, d);
	assert_int_equal(run(d, "CREATE TABLE kept AS SELECT * FROM audit;"
				"CREATE TABLE kept_head AS SELECT * FROM audit_head"),
		ERR_OK);
}

static void restore(struct db *d)
{
	assert_int_equal(
		run(d, "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept;"
		       "DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM kept_head"),
		ERR_OK);
}

static void of_a_thousand_forgeries_a_thousand_are_found(void **state)
{
	struct place *p = *state;
	struct db *d = open_raw(p);
	struct audit_head heads[AUDIT_STRANDS];
	int rounds = p->server ? 200 : 1000 / (int)test_stride(), found = 0;
	int64_t records, strand = 0;
	unsigned seed = 1;

	write_records(p->store, 40);
	assert_int_equal(verify(p->store, &records), ERR_OK);
	assert_int_equal(store_audit_heads(p->store, heads, NULL), ERR_OK);
	while (heads[strand].number != records)
		strand++;
	unlock(p, d);
	for (int i = 0; i < rounds; i++) {
		size_t how = (size_t)rand_r(&seed) % FORGERIES;
		int64_t n = 1 + rand_r(&seed) % (records - 1);
		int64_t m = 1 + (n + rand_r(&seed) % (records - 1)) % records;
		int64_t left;

		forge(d, how, strand, n, m == n ? records : m);
		found += verify(p->store, &left) == ERR_AUDIT;
		restore(d);
	}
	assert_int_equal(found, rounds);
	assert_int_equal(verify(p->store, &records), ERR_OK);
	db_close(d);
}

static enum err add_any_session(struct store *store)
{
	const struct session s = {.id = "ANY", .tckn = AYSE, .created = 1, .expires = 2};
	const struct texts none = {.count = 0};

	return store_add_session(store, &s, &none, NULL);
}

/* A strand that has no head, or one without a hash, takes no record; so the deed does not happen. */
static void no_deed_without_its_record(void **state)
{
	struct place *p = *state;
	struct db *d = open_raw(p);
	struct session found;

	unlock(p, d);
	assert_int_equal(run(d, "DELETE FROM audit_head"), ERR_OK);
	assert_int_equal(add_any_session(p->store), ERR_STORE);
	restore(d);
	assert_int_equal(run(d, p->server ? "UPDATE audit_head SET hash = ''::bytea"
					  : "UPDATE audit_head SET hash = zeroblob(0)"),
		ERR_OK);
	assert_int_equal(add_any_session(p->store), ERR_STORE);
	assert_int_equal(store_find_by_id(p->store, "ANY", &found, NULL), ERR_SESSION_UNKNOWN);
	restore(d);
	assert_int_equal(add_any_session(p->store), ERR_OK);
	db_close(d);
}

/* Whoever writes the whole chain anew is found by what was kept of it elsewhere. */
static void a_new_chain_is_not_the_one_that_was_kept(void **state)
{
	struct place *p = *state;
	struct audit_head kept[AUDIT_STRANDS];
	struct error e = {0};
	int64_t records;

	write_records(p->store, 5);
	assert_int_equal(store_audit_heads(p->store, kept, NULL), ERR_OK);
	write_records(p->store, 0);
	assert_int_equal(store_verify_audit(p->store, kept, AUDIT_STRANDS, &records, NULL), ERR_OK);
	place_clear(p);
	assert_int_equal(store_open(p->where, true, &p->store, NULL), ERR_OK);
	write_records(p->store, 4);
	assert_int_equal(verify(p->store, &records), ERR_OK);
	assert_int_equal(
		store_verify_audit(p->store, kept, AUDIT_STRANDS, &records, &e), ERR_AUDIT);
	assert_non_null(strstr(e.where, "kept"));
}

/* ----- Personal data. */

static void add_consent(struct store *store, uint8_t n, int64_t withdrawn_at)
{
	struct session s = open_session(store, n);

	assert_int_equal(add_signature(store, s.id, n, NULL, &(bool){0}), ERR_OK);
	if (withdrawn_at)
		assert_int_equal(
			store_withdraw_consent(store, s.id, AYSE, withdrawn_at, NULL), ERR_OK);
}

/* Sessions are created at 1000 and run out at 1300, consents n are accepted at 2000 + n. */
static void what_is_kept_by_duty_is_kept_until_then(void **state)
{
	static const struct {
		struct forget_limits limits;
		int64_t sessions, consents, kept;
	} table[] = {
		{{.others = 1000, .now = 5000}, 0, 0, 3},
		{{.others = 1001, .now = 1299}, 0, 0, 3}, /* under way */
		{{.others = 1001, .now = 1300}, 1, 0, 3},
		{{.withdrawn = 3000, .now = 5000}, 0, 0, 3},
		{{.withdrawn = 3001, .now = 5000}, 0, 1, 2},
		{{.consents = 2002, .now = 5000}, 0, 1, 1},
		{{.others = 9999, .withdrawn = 9999, .consents = 9999, .now = 9999}, 0, 1, 0},
	};
	struct store *store = store_of(state);
	struct forgotten f;
	int64_t records;

	add_consent(store, 1, 0);
	add_consent(store, 2, 3000);
	add_consent(store, 3, 0);
	add_session(store, 4);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(store_forget(store, "", &table[i].limits, &f, NULL), ERR_OK);
		assert_int_equal(f.sessions, table[i].sessions);
		assert_int_equal(f.consents, table[i].consents);
		assert_int_equal(f.kept, table[i].kept);
	}
	assert_int_equal(verify(store, &records), ERR_OK);
	assert_int_equal(records, 4 * 2 + 3 - 1 + 1 + 4);
}

static void only_the_person_is_forgotten(void **state)
{
	const struct forget_limits all = {
		.others = 9999, .withdrawn = 9999, .consents = 9999, .now = 9999};
	struct store *store = store_of(state);
	struct forgotten f;
	struct session found, s = add_session(store, 1);

	assert_int_equal(store_forget(store, "20000000046", &all, &f, NULL), ERR_OK);
	assert_int_equal(f.sessions, 0);
	assert_int_equal(store_find_by_id(store, s.id, &found, NULL), ERR_OK);
	assert_int_equal(store_forget(store, AYSE, &all, &f, NULL), ERR_OK);
	assert_int_equal(f.sessions, 1);
	assert_int_equal(store_find_by_id(store, s.id, &found, NULL), ERR_SESSION_UNKNOWN);
}

/* More than one transaction deletes. */
static void many_are_forgotten(void **state)
{
	const struct forget_limits all = {.others = 9999, .now = 9999};
	struct store *store = store_of(state);
	struct texts none = {.count = 0};
	struct forgotten f;
	int64_t records;

	for (int i = 0; i < 1201; i++) {
		struct session s = {.tckn = AYSE, .created = 1, .expires = 2};

		snprintf(s.id, sizeof(s.id), "%d", i);
		memcpy(s.code_mac, &i, sizeof(i));
		assert_int_equal(store_add_session(store, &s, &none, NULL), ERR_OK);
	}
	assert_int_equal(store_forget(store, "", &all, &f, NULL), ERR_OK);
	assert_int_equal(f.sessions, 1201);
	assert_int_equal(verify(store, &records), ERR_OK);
	assert_int_equal(records, 1201 + 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(every_change_has_its_record),
		STORE_TEST(records_cannot_be_changed_or_deleted),
		STORE_TEST(the_chain_is_what_it_says),
		STORE_TEST(of_a_thousand_forgeries_a_thousand_are_found),
		STORE_TEST(no_deed_without_its_record),
		STORE_TEST(a_new_chain_is_not_the_one_that_was_kept),
		STORE_TEST(what_is_kept_by_duty_is_kept_until_then),
		STORE_TEST(only_the_person_is_forgotten),
		STORE_TEST(many_are_forgotten),
	};

	return cmocka_run_group_tests_name("portal store audit", tests, NULL, NULL);
}

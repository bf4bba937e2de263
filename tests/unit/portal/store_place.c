#include "store_place.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <unistd.h>

/* The schema of this test program. */
static const char *schema(void)
{
	static char name[32];

	if (!*name)
		snprintf(name, sizeof(name), "t_%d", (int)getpid());
	return name;
}

/* A statement, with the schema's name between its two parts. */
static void run_on_server(const char *before, const char *after)
{
	char text[256];
	PGconn *conn = PQconnectdb(getenv("EONAY_TEST_POSTGRES"));
	PGresult *result;

	assert_int_equal(PQstatus(conn), CONNECTION_OK);
	snprintf(text, sizeof(text), "SET client_min_messages = warning; %s %s %s", before,
		schema(), after);
	result = PQexec(conn, text);
	assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
	PQclear(result);
	PQfinish(conn);
}

static void remove_files(const struct place *p)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	char path[600];

	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s", p->where, suffixes[i]);
		unlink(path);
	}
}

static void remove_all(const struct place *p)
{
	if (!p->server)
		remove_files(p);
	else
		run_on_server("DROP SCHEMA IF EXISTS", "CASCADE");
}

void place_clear(struct place *p)
{
	store_close(p->store);
	p->store = NULL;
	remove_all(p);
	if (p->server)
		run_on_server("CREATE SCHEMA", "");
}

int place_begin(void **state)
{
	struct place *p = must_zalloc(sizeof(*p));
	const char *server = getenv("EONAY_TEST_POSTGRES");

	p->server = server != NULL;
	/* What is on a disk is not tested here, and a disk is slow. */
	snprintf(p->folder, sizeof(p->folder), "%s/eonay-store.XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(p->folder));
	if (server)
		snprintf(p->where, sizeof(p->where), "postgresql:%s options='-c search_path=%s'",
			server, schema());
	else
		snprintf(p->where, sizeof(p->where), "%s/db", p->folder);
	place_clear(p);
	assert_int_equal(store_open(p->where, true, &p->store, NULL), ERR_OK);
	*state = p;
	return 0;
}

int place_end(void **state)
{
	struct place *p = *state;

	store_close(p->store);
	remove_all(p);
	assert_int_equal(rmdir(p->folder), 0);
	free(p);
	return 0;
}

struct session add_session(struct store *store, uint8_t n)
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

struct session open_session(struct store *store, uint8_t n)
{
	struct session s = add_session(store, n);
	bool won;

	memset(s.nonce_mac, 0xA0 + n, sizeof(s.nonce_mac));
	memset(s.token_mac, 0xB0 + n, sizeof(s.token_mac));
	snprintf(s.kiosk, sizeof(s.kiosk), "kiosk %d", n);
	assert_int_equal(store_open_session(store, &s, NULL, 1000, &won, NULL), ERR_OK);
	assert_true(won);
	return s;
}

struct signature make_signature(uint8_t n)
{
	struct signature signature = {.accepted_at = 2000 + n};

	snprintf(signature.receipt, sizeof(signature.receipt), "%032X", 0xF000u + n);
	memset(signature.sha256, n, sizeof(signature.sha256));
	bytes_append_format(&signature.cms, "CMS %d", n);
	return signature;
}

enum err add_signature(struct store *store, const char *id, uint8_t n, char *receipt, bool *fresh)
{
	struct signature signature = make_signature(n);
	enum err code = store_add_signature(store, id, &signature, fresh, NULL);

	if (receipt)
		memcpy(receipt, signature.receipt, sizeof(signature.receipt));
	bytes_free(&signature.cms);
	return code;
}

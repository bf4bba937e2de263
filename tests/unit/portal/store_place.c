#include "store_place.h"

#include <stdio.h>
#include <unistd.h>

int place_begin(void **state)
{
	struct place *p = must_zalloc(sizeof(*p));

	snprintf(p->folder, sizeof(p->folder), "/tmp/eonay-store.XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->where, sizeof(p->where), "%s/db", p->folder);
	assert_int_equal(store_open(p->where, true, &p->store, NULL), ERR_OK);
	*state = p;
	return 0;
}

int place_end(void **state)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	struct place *p = *state;
	char path[280];

	store_close(p->store);
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s", p->where, suffixes[i]);
		unlink(path);
	}
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
	assert_int_equal(store_open_session(store, &s, &won, NULL), ERR_OK);
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

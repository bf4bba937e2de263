#include "portal/store/store_audit.h"
#include "portal/store/store_private.h"

#include <string.h>

#define PAGE 1000 /* records that are read at a time */

/* A strand as far as it was read. */
struct walk {
	struct audit_head head; /* where it ends; what comes later is not looked at */
	int64_t last;           /* the highest number that a record has */
	int64_t number;
	uint8_t hash[AUDIT_HASH_SIZE]; /* of record number */
	const struct audit_head *kept;
	size_t kept_count;
};

static enum err broken(int64_t strand, int64_t number, const char *how, struct error *e)
{
	return error_set(e, ERR_AUDIT, "strand %d, record %d: %s", (int)strand, (int)number, how);
}

/* The strand's head and its highest number, both of one moment. */
static enum err read_head(struct store *s, int64_t strand, struct walk *w, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	*w = (struct walk){
		.head = {.strand = strand}, .kept = w->kept, .kept_count = w->kept_count};
	while (tx_next(&t, &code, e)) {
		code = tx_query(&t, e,
			"SELECT number, hash, (SELECT max(number) FROM audit WHERE strand = $1)"
			" FROM audit_head WHERE strand = $1",
			"i", strand);
		if (tx_row(&t, &code, e)) {
			w->head.number = tx_integer(&t, 0);
			tx_blob(&t, 1, w->head.hash, sizeof(w->head.hash));
			w->last = tx_integer(&t, 2);
		} else if (!code) {
			code = broken(strand, 0, "the strand is missing", e);
		}
	}
	return code;
}

enum err store_audit_heads(struct store *s, struct audit_head out[AUDIT_STRANDS], struct error *e)
{
	struct walk w = {0};
	enum err code = ERR_OK;

	for (int64_t i = 0; i < AUDIT_STRANDS && !code; i++) {
		code = read_head(s, i, &w, e);
		out[i] = w.head;
	}
	return code;
}

static void take_record(const struct tx *t, int64_t strand, struct audit_record *r)
{
	r->strand = strand;
	r->number = tx_integer(t, 0);
	r->at = tx_integer(t, 1);
	r->actor = tx_span(t, 2);
	r->action = tx_span(t, 3);
	r->subject = tx_span(t, 4);
	r->detail = tx_span(t, 5);
}

static enum err check_kept(const struct walk *w, struct error *e)
{
	for (size_t i = 0; i < w->kept_count; i++) {
		const struct audit_head *k = &w->kept[i];

		if (k->strand == w->head.strand && k->number == w->number &&
			memcmp(k->hash, w->hash, sizeof(k->hash)) != 0)
			return broken(k->strand, k->number, "not the one that was kept", e);
	}
	return ERR_OK;
}

static enum err check_record(const struct tx *t, struct walk *w, struct error *e)
{
	struct audit_record r;
	uint8_t stored[AUDIT_HASH_SIZE];
	enum err code;

	take_record(t, w->head.strand, &r);
	if (r.number != w->number + 1)
		return broken(r.strand, w->number + 1, "missing", e);
	code = audit_hash(w->hash, &r, w->hash, e);
	w->number++;
	tx_blob(t, 6, stored, sizeof(stored));
	if (!code && memcmp(w->hash, stored, sizeof(stored)) != 0)
		code = broken(r.strand, r.number, "changed", e);
	return code ? code : check_kept(w, e);
}

/* The next page of records; *count is how many it had. */
static enum err check_page(struct store *s, struct walk *w, int *count, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		*count = 0;
		code = tx_query(&t, e,
			"SELECT number, at, actor, action, subject, detail, hash FROM audit"
			" WHERE strand = $1 AND number > $2 AND number <= $3"
			" ORDER BY number LIMIT $4",
			"iiii", w->head.strand, w->number, w->head.number, (int64_t)PAGE);
		while (tx_row(&t, &code, e)) {
			++*count;
			code = check_record(&t, w, e);
		}
	}
	return code;
}

static enum err check_end(const struct walk *w, struct error *e)
{
	if (w->number != w->head.number)
		return broken(w->head.strand, w->number + 1, "missing", e);
	if (memcmp(w->hash, w->head.hash, sizeof(w->hash)) != 0)
		return broken(w->head.strand, w->number, "not the one that the head names", e);
	if (w->last != w->head.number)
		return broken(w->head.strand, w->last, "behind the head", e);
	for (size_t i = 0; i < w->kept_count; i++) {
		if (w->kept[i].strand == w->head.strand && w->kept[i].number > w->number)
			return broken(w->head.strand, w->kept[i].number, "kept, but missing", e);
	}
	return ERR_OK;
}

static enum err check_strand(struct store *s, int64_t strand, struct walk *w, struct error *e)
{
	enum err code = read_head(s, strand, w, e);
	int count = PAGE;

	while (!code && count == PAGE)
		code = check_page(s, w, &count, e);
	return code ? code : check_end(w, e);
}

/* Records of a strand that there is not. */
static enum err check_strays(struct store *s, struct error *e)
{
	struct tx t = tx_read(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_query(&t, e,
			"SELECT strand, number FROM audit WHERE strand < 0 OR strand >= $1"
			" ORDER BY strand, number LIMIT 1",
			"i", (int64_t)AUDIT_STRANDS);
		if (tx_row(&t, &code, e))
			code = broken(tx_integer(&t, 0), tx_integer(&t, 1), "of no strand", e);
	}
	return code;
}

enum err store_verify_audit(struct store *s, const struct audit_head *kept, size_t kept_count,
	int64_t *records, struct error *e)
{
	struct walk w = {.kept = kept, .kept_count = kept_count};
	enum err code = check_strays(s, e);

	*records = 0;
	for (int64_t i = 0; i < AUDIT_STRANDS && !code; i++) {
		code = check_strand(s, i, &w, e);
		*records += w.number;
	}
	return code;
}

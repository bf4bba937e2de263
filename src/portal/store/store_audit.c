#include "portal/store/store_audit.h"

#include "base/clock.h"
#include "sign/digest.h"

static void append_number(struct bytes *out, uint64_t n, unsigned size)
{
	while (size-- > 0)
		bytes_append_byte(out, (uint8_t)(n >> 8 * size));
}

static void append_text(struct bytes *out, struct span s)
{
	append_number(out, s.n, 4);
	bytes_append(out, s);
}

void audit_encode(const struct audit_record *r, struct bytes *out)
{
	append_number(out, (uint64_t)r->strand, 8);
	append_number(out, (uint64_t)r->number, 8);
	append_number(out, (uint64_t)r->at, 8);
	append_text(out, r->actor);
	append_text(out, r->action);
	append_text(out, r->subject);
	append_text(out, r->detail);
}

enum err audit_hash(const uint8_t before[AUDIT_HASH_SIZE], const struct audit_record *r,
	uint8_t out[AUDIT_HASH_SIZE], struct error *e)
{
	struct bytes chained = {0};
	enum err code;

	bytes_append(&chained, span_of(before, AUDIT_HASH_SIZE));
	audit_encode(r, &chained);
	code = digest_of(DIGEST_SHA256, bytes_span(&chained), out, e);
	bytes_free(&chained);
	return code;
}

/* The next number of the strand and the hash before it; the strand is ours from here on. */
static enum err take_head(
	struct tx *t, struct audit_record *r, uint8_t before[AUDIT_HASH_SIZE], struct error *e)
{
	enum err code = tx_query(t, e,
		"UPDATE audit_head SET number = number + 1 WHERE strand = $1"
		" RETURNING number, hash",
		"i", r->strand);

	if (tx_row(t, &code, e)) {
		r->number = tx_integer(t, 0);
		tx_blob(t, 1, before, AUDIT_HASH_SIZE);
	} else if (!code) {
		code = error_set(e, ERR_STORE, "audit_head has no strand %d", (int)r->strand);
	}
	return code;
}

static enum err append(struct tx *t, const struct audit_record *r,
	const uint8_t hash[AUDIT_HASH_SIZE], struct error *e)
{
	struct span h = span_of(hash, AUDIT_HASH_SIZE);
	enum err code = tx_later(t, e,
		"INSERT INTO audit (strand, number, at, actor, action, subject, detail, hash)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		"iiissssb", r->strand, r->number, r->at, r->actor, r->action, r->subject, r->detail,
		h);

	return code ? code
		    : tx_later(t, e, "UPDATE audit_head SET hash = $1 WHERE strand = $2", "bi", h,
			      r->strand);
}

enum err store_audit(struct tx *t, const char *actor, const char *action, const char *subject,
	const char *detail, struct error *e)
{
	struct audit_record r = {
		.strand = tx_lane(t) % AUDIT_STRANDS,
		.at = clock_wall_s(),
		.actor = span_text(actor),
		.action = span_text(action),
		.subject = span_text(subject),
		.detail = span_text(detail),
	};
	uint8_t before[AUDIT_HASH_SIZE], hash[AUDIT_HASH_SIZE];
	enum err code = take_head(t, &r, before, e);

	if (!code)
		code = audit_hash(before, &r, hash, e);
	return code ? code : append(t, &r, hash, e);
}

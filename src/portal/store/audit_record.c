#include "portal/store/audit_record.h"

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

void audit_encode_deed(const struct audit_record *r, struct bytes *out)
{
	append_number(out, (uint64_t)r->at, 8);
	append_text(out, r->actor);
	append_text(out, r->action);
	append_text(out, r->subject);
	append_text(out, r->detail);
}

void audit_encode(const struct audit_record *r, struct bytes *out)
{
	append_number(out, (uint64_t)r->strand, 8);
	append_number(out, (uint64_t)r->number, 8);
	audit_encode_deed(r, out);
}

enum err audit_hash_deed(const uint8_t before[AUDIT_HASH_SIZE], int64_t strand, int64_t number,
	struct span deed, uint8_t out[AUDIT_HASH_SIZE], struct error *e)
{
	struct bytes chained = {0};
	enum err code;

	bytes_append(&chained, span_of(before, AUDIT_HASH_SIZE));
	append_number(&chained, (uint64_t)strand, 8);
	append_number(&chained, (uint64_t)number, 8);
	bytes_append(&chained, deed);
	code = digest_of(DIGEST_SHA256, bytes_span(&chained), out, e);
	bytes_free(&chained);
	return code;
}

enum err audit_hash(const uint8_t before[AUDIT_HASH_SIZE], const struct audit_record *r,
	uint8_t out[AUDIT_HASH_SIZE], struct error *e)
{
	struct bytes deed = {0};
	enum err code;

	audit_encode_deed(r, &deed);
	code = audit_hash_deed(before, r->strand, r->number, bytes_span(&deed), out, e);
	bytes_free(&deed);
	return code;
}

#include "portal/store/store_audit.h"

#include "base/clock.h"

/* The database counts and hashes (audit_hash() of the migrations), so that nothing of it has to be
 * waited for. Without a head the record has no number, and is refused. */
static enum err append(
	struct tx *t, const struct audit_record *r, struct span deed, struct error *e)
{
	enum err code = tx_later(t, e,
		"UPDATE audit_head SET number = number + 1,"
		" hash = audit_hash(hash, strand, number + 1, $1) WHERE strand = $2",
		"bi", deed, r->strand);

	return code ? code
		    : tx_later(t, e,
			      "INSERT INTO audit (strand, number, at, actor, action, subject, "
			      "detail, hash)"
			      " VALUES ($1, (SELECT number FROM audit_head WHERE strand = $1),"
			      " $2, $3, $4, $5, $6, (SELECT hash FROM audit_head WHERE strand = "
			      "$1))",
			      "iissss", r->strand, r->at, r->actor, r->action, r->subject,
			      r->detail);
}

enum err store_audit(struct tx *t, const char *actor, const char *action, const char *subject,
	const char *detail, struct error *e)
{
	const struct audit_record r = {
		.strand = tx_lane(t) % AUDIT_STRANDS,
		.at = clock_wall_s(),
		.actor = span_text(actor),
		.action = span_text(action),
		.subject = span_text(subject),
		.detail = span_text(detail),
	};
	struct bytes deed = {0};
	enum err code;

	audit_encode_deed(&r, &deed);
	code = append(t, &r, bytes_span(&deed), e);
	bytes_free(&deed);
	return code;
}

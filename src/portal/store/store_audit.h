/* The audit log: who did what, in the same transaction as the deed. Append-only and hash-chained:
 * each record's hash is SHA-256 over the hash of the one before it and the record's canonical
 * encoding (audit_encode()), so that whoever changes, removes or swaps records must rewrite all
 * behind them.
 *
 * There are AUDIT_STRANDS such chains side by side. A record is appended to one of them, which is
 * locked until it is on the disk; several connections commit at the same time by using one each.
 *
 * No record holds more of a T.C. kimlik no than its masked form, so personal data can be deleted
 * without breaking a chain. */
#ifndef EONAY_PORTAL_STORE_STORE_AUDIT_H
#define EONAY_PORTAL_STORE_STORE_AUDIT_H

#include "portal/store/audit_record.h"
#include "portal/store/db.h"

#define AUDIT_STRANDS 16

struct store;

/* Appends a record in the transaction, as its last deed: from here to the commit the strand is held.
 * ERR_STORE. */
enum err store_audit(struct tx *t, const char *actor, const char *action, const char *subject,
	const char *detail, struct error *e);

/* The end of a strand: its last record's number and hash, or zeros. */
struct audit_head {
	int64_t strand, number;
	uint8_t hash[AUDIT_HASH_SIZE];
};

/* The ends of all strands, to be kept where nobody who can write the database can. ERR_STORE. */
enum err store_audit_heads(struct store *s, struct audit_head out[AUDIT_STRANDS], struct error *e);

/* Verifies every record of every strand, and that the heads kept from an earlier time are still
 * there; *records is how many there are. The service may run meanwhile. ERR_AUDIT: e->where names
 * strand and number of the first record that is not as it was written. ERR_STORE. */
enum err store_verify_audit(struct store *s, const struct audit_head *kept, size_t kept_count,
	int64_t *records, struct error *e);

#endif

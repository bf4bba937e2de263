/* A record of the audit log as bytes, and the hash that chains it to the one before. */
#ifndef EONAY_PORTAL_STORE_AUDIT_RECORD_H
#define EONAY_PORTAL_STORE_AUDIT_RECORD_H

#include "base/bytes.h"
#include "base/error.h"

#define AUDIT_HASH_SIZE 32

struct audit_record {
	int64_t strand, number; /* number counts from 1 in each strand */
	int64_t at;             /* seconds since 1970 */
	struct span actor;      /* "service", "kiosk:NAME", "person:100******46", "command" */
	struct span action;     /* "session.open", … */
	struct span subject;    /* what it was done to: an id, a serial number */
	struct span detail;
};

/* Appends what was done: at as 8 bytes (two's complement, most significant first), then actor,
 * action, subject and detail, each as 4 bytes of length and its UTF-8. */
void audit_encode_deed(const struct audit_record *r, struct bytes *out);

/* Appends the bytes that are hashed: strand and number as 8 bytes each, as at is, then the deed. */
void audit_encode(const struct audit_record *r, struct bytes *out);

/* The hash of a record behind the one whose hash is given (zeros before the first): SHA-256 over
 * that hash and the record's bytes. ERR_CRYPTO. */
enum err audit_hash(const uint8_t before[AUDIT_HASH_SIZE], const struct audit_record *r,
	uint8_t out[AUDIT_HASH_SIZE], struct error *e);

/* The same with the deed already encoded. ERR_CRYPTO. */
enum err audit_hash_deed(const uint8_t before[AUDIT_HASH_SIZE], int64_t strand, int64_t number,
	struct span deed, uint8_t out[AUDIT_HASH_SIZE], struct error *e);

#endif

/* DER (ITU-T X.690 10-11): definite lengths of the shortest form only. The reader never copies:
 * values point into what was read. Tags are one byte; nothing in CMS or X.509 needs more. */
#ifndef EONAY_SIGN_DER_H
#define EONAY_SIGN_DER_H

#include "base/bytes.h"

enum der_tag {
	DER_INTEGER = 0x02,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT_0 = 0xA0, /* [0], constructed */
	DER_CONTEXT_1 = 0xA1,
	DER_CONTEXT_2 = 0xA2,
	DER_CONTEXT_4 = 0xA4,
	DER_PRIMITIVE_0 = 0x80, /* [0] IMPLICIT of a primitive type */
};

/* One element as read: its tag, its value and the whole of it with the header. */
struct der {
	uint8_t tag;
	struct span value;
	struct span whole;
};

/* Takes the next element off rest. False, with rest unchanged, at the end and when it is not DER.
 */
bool der_next(struct span *rest, struct der *out);
/* Takes the next element off rest when its tag is this one; value may be NULL. */
bool der_take(struct span *rest, uint8_t tag, struct span *value);
/* As der_take(), but gives the element with its header. */
bool der_take_whole(struct span *rest, uint8_t tag, struct span *whole);
/* True when the next element has this tag. */
bool der_at(struct span rest, uint8_t tag);
/* True when s is one element with this tag and nothing behind it. */
bool der_only(struct span s, uint8_t tag, struct span *value);
/* True when s is one element and everything in its constructed parts is DER too. */
bool der_is_whole(struct span s);
/* Seconds since 1970 of a UTCTime or GeneralizedTime element in the form of RFC 5280 4.1.2.5
 * (seconds, Z, UTCTime up to 2049). False for any other form and for days that do not exist. */
bool der_time(struct der element, int64_t *t);

/* Bytes of the header of an element whose value has n bytes. */
size_t der_header_size(uint64_t n);
/* Appends the header of an element whose value of n bytes follows elsewhere. */
void der_put_header(struct bytes *out, uint8_t tag, uint64_t n);
/* Appends an element. */
void der_put(struct bytes *out, uint8_t tag, struct span value);
/* What is appended between der_begin() and der_end() becomes the value of one element. Pairs may
 * nest. */
size_t der_begin(const struct bytes *out);
void der_end(struct bytes *out, size_t begin, uint8_t tag);
/* Appends a SET OF (under this tag) of whole elements, which are sorted in place as X.690 11.6
 * wants. */
void der_put_set(struct bytes *out, uint8_t tag, struct span *elements, size_t count);
/* Below, at or above 0 as a comes before, with or after b in a SET OF. */
int der_order(struct span a, struct span b);

#define DER_TIME_MAX 253402300799 /* 9999-12-31T23:59:59Z, the last time that ASN.1 can write */

/* Appends the time (0..DER_TIME_MAX) as RFC 5280 4.1.2.5 writes it. */
void der_put_time(struct bytes *out, int64_t t);

#endif

/* BER-TLV and DER as cards use them (ISO 7816-4 5.2.2, ITU-T X.690). Every length of foreign data
 * is judged here. */
#ifndef EONAY_CARD_TLV_H
#define EONAY_CARD_TLV_H

#include "base/bytes.h"
#include "base/error.h"

/* Universal tags of X.690 that ISO 7816-15 uses. */
enum {
	TLV_BOOLEAN = 0x01,
	TLV_INTEGER = 0x02,
	TLV_BIT_STRING = 0x03,
	TLV_OCTET_STRING = 0x04,
	TLV_ENUMERATED = 0x0A,
	TLV_UTF8 = 0x0C,
	TLV_SEQUENCE = 0x30,
};

/* One data object; value points into the bytes it was read from. */
struct tlv {
	unsigned tag; /* as written: 0x30, 0x7F49 ... at most three bytes */
	struct span value;
	struct span whole; /* tag, length and value */
};

/* Where a walk over consecutive data objects is. */
struct tlv_cursor {
	struct span rest;
};

/* A cursor before the first data object of s. */
static inline struct tlv_cursor tlv_walk(struct span s)
{
	return (struct tlv_cursor){.rest = s};
}

/* The next data object (definite lengths only). ERR_OK with item filled, ERR_END at the end,
 * ERR_TLV when the bytes left are not a whole object; the cursor moves on ERR_OK only. */
enum err tlv_next(struct tlv_cursor *c, struct tlv *item);

/* The next data object if it has this tag: true with item filled and the cursor behind it; false,
 * with the cursor where it was, when there is another one, none, or no whole one. For the OPTIONAL
 * members of a SEQUENCE. */
bool tlv_take(struct tlv_cursor *c, unsigned tag, struct tlv *item);

/* The first data object of s with this tag; members before it are skipped. */
bool tlv_find(struct span s, unsigned tag, struct tlv *item);

/* tlv_find() along a path of count tags, each inside the one before. */
bool tlv_find_path(struct span s, const unsigned *tags, size_t count, struct tlv *item);

/* Bytes that the object at the start of s takes, its header included, known as soon as s holds the
 * header. ERR_END when s is too short to tell, ERR_TLV when it is no header. */
enum err tlv_measure(struct span s, size_t *n);

/* An unsigned INTEGER (or ENUMERATED) of at most 31 bits. False for a negative or larger one. */
bool tlv_number(struct span value, unsigned *out);

/* Bit number (0 is the first) of a BIT STRING's value; bits that are not there are 0. */
bool tlv_bit(struct span value, unsigned number);

/* Appends tag, length and value in DER. */
void tlv_append(struct bytes *out, unsigned tag, struct span value);

#endif

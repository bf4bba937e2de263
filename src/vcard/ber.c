#include "vcard/ber.h"

#include <assert.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/objects.h>

static void put_tag(struct bytes *out, unsigned tag)
{
	for (int shift = 16; shift > 0; shift -= 8) {
		if (tag >> shift)
			bytes_append_byte(out, (uint8_t)(tag >> shift));
	}
	bytes_append_byte(out, (uint8_t)tag);
}

/* The length field (X.690 8.1.3) in its shortest form; returns its bytes. */
static size_t length_field(size_t n, uint8_t field[4])
{
	assert(n <= 0xFFFF);
	if (n < 0x80) {
		field[0] = (uint8_t)n;
		return 1;
	}
	if (n <= 0xFF) {
		field[0] = 0x81;
		field[1] = (uint8_t)n;
		return 2;
	}
	field[0] = 0x82;
	field[1] = (uint8_t)(n >> 8);
	field[2] = (uint8_t)n;
	return 3;
}

size_t ber_open(struct bytes *out, unsigned tag)
{
	put_tag(out, tag);
	return out->n;
}

void ber_close(struct bytes *out, size_t mark)
{
	size_t n = out->n - mark;
	uint8_t field[4];
	size_t field_n = length_field(n, field);

	bytes_append(out, span_of(field, field_n));
	memmove(out->at + mark + field_n, out->at + mark, n);
	memcpy(out->at + mark, field, field_n);
}

void ber_put(struct bytes *out, unsigned tag, struct span value)
{
	size_t mark = ber_open(out, tag);

	bytes_append(out, value);
	ber_close(out, mark);
}

void ber_put_text(struct bytes *out, unsigned tag, const char *text)
{
	ber_put(out, tag, span_text(text));
}

void ber_put_u8(struct bytes *out, unsigned tag, uint8_t value)
{
	ber_put(out, tag, span_of(&value, 1));
}

void ber_put_u16(struct bytes *out, unsigned tag, uint16_t value)
{
	uint8_t both[2] = {(uint8_t)(value >> 8), (uint8_t)value};

	ber_put(out, tag, span_of(both, 2));
}

void ber_put_number(struct bytes *out, unsigned tag, unsigned long value)
{
	uint8_t bytes[sizeof(value) + 1];
	size_t at = sizeof(bytes);

	do {
		bytes[--at] = (uint8_t)value;
		value >>= 8;
	} while (value);
	if (bytes[at] & 0x80)
		bytes[--at] = 0;
	ber_put(out, tag, span_of(bytes + at, sizeof(bytes) - at));
}

void ber_put_oid(struct bytes *out, const char *dotted)
{
	ASN1_OBJECT *object = OBJ_txt2obj(dotted, 1);

	assert(object);
	ber_put(out, BER_OID, span_of(OBJ_get0_data(object), OBJ_length(object)));
	ASN1_OBJECT_free(object);
}

/* Tags of one, two or three bytes (ISO 7816-4 5.2.2). */
static bool take_tag(struct span *rest, unsigned *tag)
{
	size_t n = 0;

	*tag = 0;
	do {
		if (n == 3 || n >= rest->n)
			return false;
		*tag = *tag << 8 | rest->at[n++];
	} while ((n == 1) ? (rest->at[0] & 0x1F) == 0x1F : rest->at[n - 1] & 0x80);
	*rest = span_from(*rest, n);
	return true;
}

static bool take_length(struct span *rest, size_t *n)
{
	size_t field;

	if (rest->n == 0)
		return false;
	*n = rest->at[0];
	field = *n < 0x80 ? 0 : *n & 0x7F;
	if (*n == 0x80 || field > 2 || rest->n < 1 + field)
		return false;
	if (field) {
		*n = 0;
		for (size_t i = 1; i <= field; i++)
			*n = *n << 8 | rest->at[i];
	}
	*rest = span_from(*rest, 1 + field);
	return true;
}

bool ber_next(struct span *rest, unsigned *tag, struct span *value)
{
	struct span at = *rest;
	size_t n;

	if (!take_tag(&at, tag) || !take_length(&at, &n) || n > at.n)
		return false;
	*value = span_first(at, n);
	*rest = span_from(at, n);
	return true;
}

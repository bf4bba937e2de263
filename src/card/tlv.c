#include "card/tlv.h"

#define TAG_BYTES_MAX 3    /* ISO 7816-4 5.2.2.1 */
#define LENGTH_BYTES_MAX 3 /* behind the first; a card file has less than 16 MiB */

/* ISO 7816-4 5.2.2.1: five 1 bits say that the tag goes on, bit 8 of each further byte that it
 * still does. */
static enum err take_tag(struct span *rest, unsigned *tag)
{
	size_t i = 0;

	if (rest->n == 0)
		return ERR_END;
	*tag = rest->at[i++];
	if ((*tag & 0x1F) == 0x1F) {
		do {
			if (i == TAG_BYTES_MAX)
				return ERR_TLV;
			if (i == rest->n)
				return ERR_END;
			*tag = *tag << 8 | rest->at[i];
		} while (rest->at[i++] & 0x80);
	}
	*rest = span_from(*rest, i);
	return ERR_OK;
}

static enum err take_length(struct span *rest, size_t *length)
{
	size_t count;

	if (rest->n == 0)
		return ERR_END;
	*length = rest->at[0];
	if (*length < 0x80) {
		*rest = span_from(*rest, 1);
		return ERR_OK;
	}
	count = *length & 0x7F;
	if (count == 0 || count > LENGTH_BYTES_MAX)
		return ERR_TLV;
	if (rest->n < 1 + count)
		return ERR_END;
	*length = 0;
	for (size_t i = 1; i <= count; i++)
		*length = *length << 8 | rest->at[i];
	*rest = span_from(*rest, 1 + count);
	return ERR_OK;
}

enum err tlv_next(struct tlv_cursor *c, struct tlv *item)
{
	struct span rest = c->rest;

	if (rest.n == 0)
		return ERR_END;
	if (take_tag(&rest, &item->tag) || take_length(&rest, &item->value.n))
		return ERR_TLV;
	if (item->value.n > rest.n)
		return ERR_TLV;
	item->value.at = rest.at;
	rest = span_from(rest, item->value.n);
	item->whole = span_first(c->rest, c->rest.n - rest.n);
	c->rest = rest;
	return ERR_OK;
}

bool tlv_take(struct tlv_cursor *c, unsigned tag, struct tlv *item)
{
	struct tlv_cursor ahead = *c;
	struct tlv found;

	if (tlv_next(&ahead, &found) != ERR_OK || found.tag != tag)
		return false;
	*item = found;
	*c = ahead;
	return true;
}

bool tlv_find(struct span s, unsigned tag, struct tlv *item)
{
	struct tlv_cursor c = tlv_walk(s);
	struct tlv found;

	while (tlv_next(&c, &found) == ERR_OK) {
		if (found.tag == tag) {
			*item = found;
			return true;
		}
	}
	return false;
}

bool tlv_find_path(struct span s, const unsigned *tags, size_t count, struct tlv *item)
{
	for (size_t i = 0; i < count; i++) {
		if (!tlv_find(s, tags[i], item))
			return false;
		s = item->value;
	}
	return count > 0;
}

enum err tlv_measure(struct span s, size_t *n)
{
	struct span rest = s;
	unsigned tag;
	size_t length;
	enum err e;

	if ((e = take_tag(&rest, &tag)) || (e = take_length(&rest, &length)))
		return e;
	*n = s.n - rest.n + length;
	return ERR_OK;
}

bool tlv_number(struct span value, unsigned *out)
{
	unsigned number = 0;

	if (value.n == 0 || value.at[0] & 0x80)
		return false;
	for (size_t i = 0; i < value.n; i++) {
		if (number >> 23)
			return false;
		number = number << 8 | value.at[i];
	}
	*out = number;
	return true;
}

bool tlv_bit(struct span value, unsigned number)
{
	size_t at = 1 + number / 8; /* X.690 8.6.2.2: the first byte counts unused bits */

	return at < value.n && value.at[at] & 0x80 >> number % 8;
}

static void append_tag(struct bytes *out, unsigned tag)
{
	if (tag > 0xFFFF)
		bytes_append_byte(out, (uint8_t)(tag >> 16));
	if (tag > 0xFF)
		bytes_append_byte(out, (uint8_t)(tag >> 8));
	bytes_append_byte(out, (uint8_t)tag);
}

void tlv_append(struct bytes *out, unsigned tag, struct span value)
{
	unsigned count = value.n > 0xFFFF ? 3 : value.n > 0xFF ? 2 : value.n > 0x7F ? 1 : 0;

	append_tag(out, tag);
	if (count > 0)
		bytes_append_byte(out, (uint8_t)(0x80 | count));
	while (count-- > 1)
		bytes_append_byte(out, (uint8_t)(value.n >> 8 * count));
	bytes_append_byte(out, (uint8_t)value.n);
	bytes_append(out, value);
}

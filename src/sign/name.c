#include "sign/name.h"

#include <string.h>

#define REPLACEMENT 0xFFFDu
#define CODE_POINT_MAX 0x10FFFFu

static bool is_character(uint32_t c)
{
	return c != 0 && c <= CODE_POINT_MAX && (c < 0xD800 || c > 0xDFFF);
}

static void put(struct bytes *out, uint32_t c)
{
	if (!is_character(c))
		c = REPLACEMENT;
	if (c < 0x80) {
		bytes_append_byte(out, (uint8_t)c);
		return;
	}
	if (c < 0x800) {
		bytes_append_byte(out, (uint8_t)(0xC0 | c >> 6));
	} else {
		if (c < 0x10000) {
			bytes_append_byte(out, (uint8_t)(0xE0 | c >> 12));
		} else {
			bytes_append_byte(out, (uint8_t)(0xF0 | c >> 18));
			bytes_append_byte(out, (uint8_t)(0x80 | (c >> 12 & 0x3F)));
		}
		bytes_append_byte(out, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
	}
	bytes_append_byte(out, (uint8_t)(0x80 | (c & 0x3F)));
}

/* The UTF-8 sequence (RFC 3629 4) at the start of s: its bytes, and in *c its code point. 0 when
 * there is none. */
static size_t read_utf8(struct span s, uint32_t *c)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	uint8_t first = s.at[0];
	size_t n = first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;

	if (n == 0 || n > s.n || first > 0xF7)
		return 0;
	*c = n == 1 ? first : first & (0xFFu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((s.at[i] & 0xC0) != 0x80)
			return 0;
		*c = *c << 6 | (s.at[i] & 0x3F);
	}
	return *c >= smallest[n] && *c <= CODE_POINT_MAX ? n : 0;
}

static void append_utf8(struct bytes *out, struct span s)
{
	while (s.n) {
		uint32_t c = REPLACEMENT;
		size_t n = read_utf8(s, &c);

		put(out, n ? c : REPLACEMENT);
		s = span_from(s, n ? n : 1);
	}
}

static uint32_t unit_at(struct span s, size_t i, size_t width)
{
	uint32_t c = 0;

	for (size_t k = 0; k < width; k++)
		c = c << 8 | s.at[i + k];
	return c;
}

/* BMPString and UniversalString: units of 2 or 4 bytes. Pairs of surrogates are not BMPString, but
 * are written. */
static void append_units(struct bytes *out, struct span s, size_t width)
{
	for (size_t i = 0; i + width <= s.n; i += width) {
		uint32_t c = unit_at(s, i, width);

		if (width == 2 && c >= 0xD800 && c <= 0xDBFF && i + 4 <= s.n) {
			uint32_t low = unit_at(s, i + 2, 2);

			if (low >= 0xDC00 && low <= 0xDFFF) {
				c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
				i += 2;
			}
		}
		put(out, c);
	}
	if (s.n % width)
		put(out, REPLACEMENT);
}

static void append_latin1(struct bytes *out, struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		put(out, s.at[i]);
}

void name_append_string(struct bytes *out, const ASN1_STRING *string)
{
	struct span s = span_of(ASN1_STRING_get0_data(string), (size_t)ASN1_STRING_length(string));

	switch (ASN1_STRING_type(string)) {
	case V_ASN1_BMPSTRING:
		append_units(out, s, 2);
		break;
	case V_ASN1_UNIVERSALSTRING:
		append_units(out, s, 4);
		break;
	case V_ASN1_T61STRING:
		append_latin1(out, s);
		break;
	default:
		/* PrintableString and IA5String should be ASCII; where they are not, UTF-8 is what
		 * is meant. */
		append_utf8(out, s);
		break;
	}
}

unsigned name_append(struct bytes *out, const X509_NAME *name, int nid)
{
	unsigned count = 0;

	for (int i = -1; (i = X509_NAME_get_index_by_NID(name, nid, i)) >= 0; count++) {
		if (count)
			bytes_append_text(out, ", ");
		name_append_string(out, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i)));
	}
	return count;
}

void name_copy(char *out, size_t size, struct span text)
{
	size_t n = text.n;

	if (n >= size) {
		n = size - 1;
		while (n && (text.at[n] & 0xC0) == 0x80)
			n--;
	}
	if (n)
		memcpy(out, text.at, n);
	out[n] = '\0';
}

/* Prints what text_piece_at() says of each code point, for test_text_unicode.py: one line "FIRST
 * LAST" in hexadecimal for each run of safe ones. Ends with a failure when a piece contradicts
 * itself. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static size_t encode(uint32_t c, uint8_t out[4])
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (uint8_t)(0x80 | (c & 0x3F));
	out[0] = (uint8_t)((n == 1 ? 0 : 0xF0 << (4 - n) & 0xFF) | c);
	return n;
}

static bool is_sound(uint32_t c, struct span s, struct text_piece piece)
{
	char form[16];

	if (piece.at != 0 || piece.n != s.n || piece.line_end != (c == '\n'))
		return false;
	if (c == '\n')
		return piece.safe && piece.width == 0 && piece.form[0] == '\0';
	if (piece.safe)
		return piece.width == 1 && strlen(piece.form) == s.n &&
		       memcmp(piece.form, s.at, s.n) == 0;
	snprintf(form, sizeof(form), "\\u{%X}", (unsigned)c);
	return strcmp(piece.form, form) == 0 && piece.width == strlen(form);
}

int main(void)
{
	bool before = false;

	for (uint32_t c = 0; c <= 0x110000; c++) {
		uint8_t utf8[4];
		struct span s = span_of(utf8, encode(c, utf8));
		struct text_piece piece = {0};

		if (c < 0x110000 && (c < 0xD800 || c > 0xDFFF)) {
			piece = text_piece_at(s, 0);
			if (!is_sound(c, s, piece)) {
				fprintf(stderr, "U+%04X: %s\n", (unsigned)c, piece.form);
				return 1;
			}
		}
		if (piece.safe && !before)
			printf("%X ", (unsigned)c);
		else if (!piece.safe && before)
			printf("%X\n", (unsigned)c - 1);
		before = piece.safe;
	}
	return 0;
}

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define REPLACEMENT_TAIL "…" /* where text_line() cuts */

/* The allowlist, sorted. All of these are assigned since Unicode 14, stable under NFC, not
 * combining, not invisible but for the blanks, written from left to right and one column wide on
 * every terminal in a UTF-8 locale: so a text of these alone is in NFC and as wide as it has
 * characters. tests/unit/base/test_text_unicode.py checks each claim against the Unicode database
 * of Python. */
static const struct range {
	uint32_t first, last;
} shown[] = {
	{0x0020, 0x007E},                   /* Basic Latin */
	{0x00A0, 0x00AC}, {0x00AE, 0x024F}, /* Latin-1 without SOFT HYPHEN, Latin Extended-A, -B */
	{0x0370, 0x0373}, {0x0375, 0x0377},
	{0x037A, 0x037D}, /* Greek without the signs that NFC replaces */
	{0x037F, 0x037F}, {0x0384, 0x0386}, {0x0388, 0x038A}, {0x038C, 0x038C}, {0x038E, 0x03A1},
	{0x03A3, 0x03FF}, {0x0400, 0x0482},
	{0x048A, 0x052F},                   /* Cyrillic without its combining marks */
	{0x1E00, 0x1EFF},                   /* Latin Extended Additional */
	{0x2010, 0x2027}, {0x202F, 0x205E}, /* General Punctuation without controls, odd blanks */
	{0x2070, 0x2071}, {0x2074, 0x208E}, {0x2090, 0x209C}, /* superscripts and subscripts */
	{0x20A0, 0x20C0},                                     /* currency, the lira at 20BA */
	{0x2100, 0x2125}, {0x2127, 0x2129},
	{0x212C, 0x214F},                   /* letterlike symbols that NFC keeps */
	{0x2150, 0x218B},                   /* number forms */
	{0x2190, 0x22FF},                   /* arrows, mathematical operators */
	{0x25A0, 0x25FC}, {0x25FF, 0x2612}, /* geometric shapes, ballot boxes */
	{0x2713, 0x2718},                   /* check marks */
};

static bool is_shown(uint32_t c)
{
	size_t low = 0, high = sizeof(shown) / sizeof(*shown);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c > shown[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < sizeof(shown) / sizeof(*shown) && c >= shown[low].first;
}

/* The well-formed sequences by first byte (RFC 3629 4): how many bytes follow, the bits of the
 * first, and the bounds of the second, which keep out overlong forms, surrogates and what lies
 * above U+10FFFF. */
static const struct sequence {
	uint8_t first, last, follow, bits, low, high;
} sequences[] = {
	{0x00, 0x7F, 0, 0x7F, 0x00, 0x00},
	{0xC2, 0xDF, 1, 0x1F, 0x80, 0xBF},
	{0xE0, 0xE0, 2, 0x0F, 0xA0, 0xBF},
	{0xE1, 0xEC, 2, 0x0F, 0x80, 0xBF},
	{0xED, 0xED, 2, 0x0F, 0x80, 0x9F},
	{0xEE, 0xEF, 2, 0x0F, 0x80, 0xBF},
	{0xF0, 0xF0, 3, 0x07, 0x90, 0xBF},
	{0xF1, 0xF3, 3, 0x07, 0x80, 0xBF},
	{0xF4, 0xF4, 3, 0x07, 0x80, 0x8F},
};

static const struct sequence *sequence_of(uint8_t first)
{
	for (size_t i = 0; i < sizeof(sequences) / sizeof(*sequences); i++) {
		if (first >= sequences[i].first && first <= sequences[i].last)
			return &sequences[i];
	}
	return NULL;
}

/* Bytes of the well-formed sequence that s (not empty) begins with, and its code point in c; 0 when
 * there is none. */
static size_t decode(struct span s, uint32_t *c)
{
	const struct sequence *seq = sequence_of(s.at[0]);
	uint8_t low, high;

	if (!seq || s.n <= seq->follow)
		return 0;
	low = seq->low;
	high = seq->high;
	*c = s.at[0] & seq->bits;
	for (size_t i = 1; i <= seq->follow; i++) {
		if (s.at[i] < low || s.at[i] > high)
			return 0;
		*c = *c << 6 | (s.at[i] & 0x3F);
		low = 0x80;
		high = 0xBF;
	}
	return (size_t)seq->follow + 1;
}

struct text_piece text_piece_at(struct span s, size_t at)
{
	struct text_piece piece = {.at = at, .n = 1, .safe = true};
	uint32_t c = 0;
	size_t n = decode(span_from(s, at), &c);

	if (n == 0) {
		piece.safe = false;
		snprintf(piece.form, sizeof(piece.form), "\\x%02X", s.at[at]);
		piece.width = 4;
		return piece;
	}
	piece.n = n;
	if (c == '\n') {
		piece.line_end = true;
	} else if (is_shown(c)) {
		memcpy(piece.form, s.at + at, n);
		piece.width = 1;
	} else {
		piece.safe = false;
		piece.width =
			(unsigned)snprintf(piece.form, sizeof(piece.form), "\\u{%X}", (unsigned)c);
	}
	return piece;
}

bool text_is_safe(struct span s, size_t *where)
{
	struct text_piece piece;

	for (size_t at = 0; at < s.n; at += piece.n) {
		piece = text_piece_at(s, at);
		if (!piece.safe) {
			if (where)
				*where = at;
			return false;
		}
	}
	return true;
}

/* The piece at offset at as text_line() shows it. */
static struct text_piece line_piece(struct span s, size_t at)
{
	struct text_piece piece = text_piece_at(s, at);

	if (piece.line_end) {
		piece.width = 1;
		memcpy(piece.form, " ", 2);
	}
	return piece;
}

unsigned text_width(struct span s)
{
	struct text_piece piece;
	unsigned width = 0;

	for (size_t at = 0; at < s.n; at += piece.n) {
		piece = line_piece(s, at);
		width += piece.width;
	}
	return width;
}

/* Appends the pieces of s that fit into columns; the columns used. *whole: nothing was left out. */
static unsigned append_pieces(struct span s, unsigned columns, struct bytes *out, bool *whole)
{
	struct text_piece piece;
	unsigned used = 0;

	for (size_t at = 0; at < s.n; at += piece.n) {
		piece = line_piece(s, at);
		if (piece.width > columns - used) {
			*whole = false;
			return used;
		}
		bytes_append_text(out, piece.form);
		used += piece.width;
	}
	*whole = true;
	return used;
}

unsigned text_line(struct span s, unsigned columns, struct bytes *out)
{
	size_t before = out->n;
	bool whole;
	unsigned used = append_pieces(s, columns, out, &whole);

	if (whole || columns == 0)
		return used;
	out->n = before;
	used = append_pieces(s, columns - 1, out, &whole);
	bytes_append_text(out, REPLACEMENT_TAIL);
	return used + 1;
}

/* Offset of the first byte at or behind at that is no blank. */
static size_t behind_blanks(struct span s, size_t at)
{
	while (at < s.n && s.at[at] == ' ')
		at++;
	return at;
}

/* Where the row that begins at row->at ends, into row->n, and where the next one begins. */
static size_t wrap_row(struct span s, unsigned columns, struct text_row *row)
{
	size_t at = row->at, blank = 0;
	unsigned used = 0;
	bool word = false;

	while (at < s.n) {
		struct text_piece piece = text_piece_at(s, at);
		bool is_blank = s.at[at] == ' ';

		if (piece.line_end || (piece.width > columns - used && is_blank))
			break;
		if (piece.width > columns - used && used > 0) {
			/* The last blank with a word before it, else the middle of a word that has
			 * no room. */
			row->n = (blank ? blank : at) - row->at;
			return behind_blanks(s, row->at + row->n);
		}
		if (is_blank && word)
			blank = at;
		word = !is_blank;
		/* A piece wider than a row has one for itself. */
		used = piece.width > columns - used ? columns : used + piece.width;
		at += piece.n;
	}
	row->n = at - row->at;
	at = behind_blanks(s, at);
	return at < s.n && s.at[at] == '\n' ? at + 1 : at;
}

size_t text_wrap(struct span s, unsigned columns, struct bytes *rows)
{
	size_t count = 0;

	for (size_t at = 0; at < s.n; count++) {
		struct text_row row = {.at = at};

		at = wrap_row(s, columns, &row);
		bytes_append(rows, span_of(&row, sizeof(row)));
	}
	return count;
}

bool text_is_plain(const char *text, size_t size)
{
	size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

	return n > 0 && n < size && text[n] == '\0';
}

bool text_is_tckn(const char *tckn)
{
	int odd = 0, even = 0, sum = 0;

	if (strlen(tckn) != 11 || tckn[0] == '0')
		return false;
	for (int i = 0; i < 11; i++) {
		int digit = tckn[i] - '0';

		if (digit < 0 || digit > 9)
			return false;
		if (i < 9)
			*(i % 2 ? &even : &odd) += digit;
		if (i < 10)
			sum += digit;
	}
	return (odd * 7 + 90 - even) % 10 == tckn[9] - '0' && sum % 10 == tckn[10] - '0';
}

void text_mask_tckn(const char *tckn, char out[12])
{
	bool digits = strlen(tckn) == 11 && strspn(tckn, "0123456789") == 11;

	memset(out, '*', 11);
	out[11] = '\0';
	if (digits) {
		memcpy(out, tckn, 3);
		memcpy(out + 9, tckn + 9, 2);
	}
}

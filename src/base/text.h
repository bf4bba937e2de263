/* Text that is safe to show. Nothing from a card or a service reaches a terminal unless it went
 * through here.
 *
 * Code points are judged by an allowlist: printable characters of the Basic Latin, Latin-1, Latin
 * Extended, Greek, Cyrillic and common punctuation/symbol blocks (text.c lists the ranges), line
 * feed, and nothing else. C0/C1 controls, bidi controls (U+061C, 200E/F, 202A-E, 2066-9),
 * zero-width characters, surrogates, private use and unassigned code points, and invalid UTF-8 (RFC
 * 3629) are unsafe: they are shown visibly ("\u{202E}", "\x9B") and a text to be signed that has
 * one is refused. Combining marks are unsafe too, and so are the signs that NFC replaces (OHM SIGN
 * by the letter): a safe text is in NFC. Characters two columns wide and scripts written from right
 * to left are outside the allowlist, so each safe character takes one column, whatever the terminal
 * and the locale. */
#ifndef EONAY_BASE_TEXT_H
#define EONAY_BASE_TEXT_H

#include "base/bytes.h"
#include "base/error.h"

/* One displayed piece of a text: a character, or the visible form of an unsafe one. */
struct text_piece {
	size_t at;      /* offset of its first byte in the text */
	size_t n;       /* bytes of the text that it stands for, > 0 */
	unsigned width; /* terminal columns, 0 only for a line feed */
	bool safe;      /* false: form is an escape such as \u{202E} */
	bool line_end;  /* a line feed */
	char form[12];  /* what to write to the terminal, UTF-8, 0-ended; empty for a line feed */
};

/* The piece at offset at of s. at must be below s.n. Every byte of s belongs to exactly one piece.
 */
struct text_piece text_piece_at(struct span s, size_t at);

/* True when every piece of s is safe (line feeds included). *where (may be NULL): offset of the
 * first unsafe one. */
bool text_is_safe(struct span s, size_t *where);

/* Appends s to out for one line of display: unsafe pieces in their visible form, line feeds as a
 * space, cut to at most columns terminal columns with "…" at the cut. Returns the columns used. */
unsigned text_line(struct span s, unsigned columns, struct bytes *out);

/* Terminal columns of s in the form that text_line() gives it, uncut. */
unsigned text_width(struct span s);

/* A line of a wrapped text: bytes [at, at + n) of the text, without the line feed or blank it was
 * broken at. */
struct text_row {
	size_t at;
	size_t n;
};

/* Breaks s into rows of at most columns (>= 1) terminal columns, at blanks (U+0020) where it can,
 * at line feeds always. Appends struct text_row values to rows (a bytes used as an array) and
 * returns how many there are: none for an empty text, and none behind a line feed that ends the
 * text. Every byte that is shown lies in exactly one row; the bytes between two rows are the blanks
 * and the line feed they were broken at. An unsafe piece wider than columns has a row for itself,
 * which is then wider than columns. */
size_t text_wrap(struct span s, unsigned columns, struct bytes *rows);

/* Letters, digits, '-' and '_' only, 1 .. size - 1 of them: what may stand in a path or a header as it is. */
bool text_is_plain(const char *text, size_t size);

/* A T.C. kimlik no: eleven digits, the first not 0, both check digits right. */
bool text_is_tckn(const char *tckn);

/* Writes the masked form "123******46" of an eleven-digit number; anything else becomes asterisks
 * only. */
void text_mask_tckn(const char *tckn, char out[12]);

#endif

#include "portal/fields.h"

#include "base/text.h"

#include <string.h>

/* C0, DEL and C1 (U+0080 to U+009F, in UTF-8 C2 80 to C2 9F). */
static bool is_control(const uint8_t *at, size_t n)
{
	return *at < 0x20 || *at == 0x7f || (n == 2 && *at == 0xc2 && at[1] < 0xa0);
}

/* UTF-8 (what is none has the form \xNN) without control characters. */
static bool is_text(struct span s)
{
	struct text_piece piece;

	for (size_t at = 0; at < s.n; at += piece.n) {
		piece = text_piece_at(s, at);
		if (is_control(s.at + at, piece.n) ||
			(!piece.safe && strncmp(piece.form, "\\x", 2) == 0))
			return false;
	}
	return true;
}

/* The offset of the part behind the last one taken; ends what is there with a NUL. */
static size_t begin_part(struct fields *f)
{
	if (f->text.n)
		bytes_append_byte(&f->text, 0);
	return f->text.n;
}

static struct span part_from(const struct fields *f, size_t at)
{
	return span_from(bytes_span(&f->text), at);
}

static const char *name_at(const struct fields *f, size_t i)
{
	return (const char *)f->text.at + f->at[i].name;
}

/* Keeps the field whose name and value stand at the end of text, or forgets it. False: not acceptable. */
static bool finish_field(struct fields *f, size_t name, size_t value)
{
	struct span name_span = span_of(f->text.at + name, value - name - 1);
	bool fits = f->count < FIELDS_MAX && name_span.n > 0 && is_text(name_span) &&
		    is_text(part_from(f, value));

	bytes_text(&f->text);
	for (size_t i = 0; i < f->count && fits; i++)
		fits = strcmp(name_at(f, i), (const char *)f->text.at + name) != 0;
	if (!fits) {
		f->text.n = name;
		return false;
	}
	f->at[f->count].name = name;
	f->at[f->count++].value = value;
	return true;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes one part (WHATWG URL 5.1). False: a % without its digits. */
static bool decode_part(struct span s, struct bytes *out)
{
	for (size_t i = 0; i < s.n; i++) {
		int high = i + 2 < s.n ? hex_digit(s.at[i + 1]) : -1;
		int low = i + 2 < s.n ? hex_digit(s.at[i + 2]) : -1;

		if (s.at[i] != '%') {
			bytes_append_byte(out, s.at[i] == '+' ? ' ' : s.at[i]);
			continue;
		}
		if (high < 0 || low < 0)
			return false;
		bytes_append_byte(out, (uint8_t)(high << 4 | low));
		i += 2;
	}
	return true;
}

/* The bytes of s before the first mark; *rest is what comes behind it. */
static struct span take_until(struct span s, char mark, struct span *rest)
{
	const uint8_t *at = s.n ? memchr(s.at, mark, s.n) : NULL;
	size_t n = at ? (size_t)(at - s.at) : s.n;

	*rest = span_from(s, n + 1);
	return span_first(s, n);
}

static bool read_pair(struct span pair, struct fields *f)
{
	struct span encoded;
	struct span name = take_until(pair, '=', &encoded);
	size_t name_at_offset = begin_part(f), value_at;

	if (!decode_part(name, &f->text))
		return false;
	bytes_append_byte(&f->text, 0);
	value_at = f->text.n;
	return decode_part(encoded, &f->text) && finish_field(f, name_at_offset, value_at);
}

enum err fields_read_urlencoded(struct span encoded, struct fields *f, struct error *e)
{
	struct span pair;

	if (encoded.n > FIELDS_SIZE_MAX)
		return error_set(e, ERR_REQUEST, "form: size");
	while (encoded.n) {
		pair = take_until(encoded, '&', &encoded);
		if (pair.n && !read_pair(pair, f))
			return error_set(e, ERR_REQUEST, "form: field %zu", f->count + 1);
	}
	return ERR_OK;
}

static struct span trim(struct span s)
{
	while (s.n && (*s.at == ' ' || *s.at == '\t'))
		s = span_from(s, 1);
	while (s.n && (s.at[s.n - 1] == ' ' || s.at[s.n - 1] == '\t'))
		s.n--;
	return s;
}

void fields_read_cookies(const char *header, struct fields *f)
{
	struct span rest = header ? span_text(header) : (struct span){0};
	struct span name, value;
	size_t name_offset, value_offset;

	if (rest.n > FIELDS_SIZE_MAX)
		return;
	while (rest.n) {
		name = take_until(take_until(rest, ';', &rest), '=', &value);
		name_offset = begin_part(f);
		bytes_append(&f->text, trim(name));
		bytes_append_byte(&f->text, 0);
		value_offset = f->text.n;
		bytes_append(&f->text, trim(value));
		finish_field(f, name_offset, value_offset);
	}
}

const char *fields_find(const struct fields *f, const char *name)
{
	for (size_t i = 0; i < f->count; i++) {
		if (strcmp(name_at(f, i), name) == 0)
			return (const char *)f->text.at + f->at[i].value;
	}
	return NULL;
}

void fields_wipe(struct fields *f)
{
	bytes_wipe(&f->text);
	f->count = 0;
}

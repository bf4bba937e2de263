#include "unit.h"

#include <stdio.h>

#include "base/text.h"

static void assert_piece(const char *bytes, size_t n, size_t piece_n, const char *form, bool safe)
{
	struct text_piece piece = text_piece_at(span_of(bytes, n), 0);

	assert_int_equal(piece.at, 0);
	assert_int_equal(piece.n, piece_n);
	assert_string_equal(piece.form, form);
	assert_int_equal(piece.safe, safe);
}

static void characters_are_shown_as_they_are(void **state)
{
	(void)state;
	assert_piece("a", 1, 1, "a", true);
	assert_piece("ş", 2, 2, "ş", true);
	assert_piece("İ", 2, 2, "İ", true);
	assert_piece("₺", 3, 3, "₺", true);
	assert_piece("Ωx", 3, 2, "Ω", true);
	assert_piece("Ж", 2, 2, "Ж", true);
	assert_int_equal(text_piece_at(span_text("₺"), 0).width, 1);
}

static void unsafe_code_points_are_escaped_by_class(void **state)
{
	static const struct {
		const char *utf8, *form;
	} cases[] = {
		{"\x01", "\\u{1}"}, {"\t", "\\u{9}"}, {"\r", "\\u{D}"},
		{"\x1B", "\\u{1B}"},                                                       /* C0 */
		{"\x7F", "\\u{7F}"},                                                       /* DEL */
		{"\xC2\x80", "\\u{80}"}, {"\xC2\x9B", "\\u{9B}"}, {"\xC2\x9F", "\\u{9F}"}, /* C1 */
		{"\xC2\xAD", "\\u{AD}"},                                 /* SOFT HYPHEN */
		{"\xD8\x9C", "\\u{61C}"}, {"\xE2\x80\x8E", "\\u{200E}"}, /* bidi marks */
		{"\xE2\x80\xAE", "\\u{202E}"},
		{"\xE2\x81\xA6", "\\u{2066}"}, /* bidi overrides, isolates */
		{"\xE2\x80\x8B", "\\u{200B}"}, {"\xEF\xBB\xBF", "\\u{FEFF}"}, /* zero width */
		{"\xE2\x80\xA8", "\\u{2028}"}, {"\xE2\x80\xA9", "\\u{2029}"}, /* separators */
		{"\xCC\x81", "\\u{301}"}, {"\xCC\x88", "\\u{308}"},           /* combining marks */
		{"\xE2\x84\xA6", "\\u{2126}"}, {"\xE2\x84\xAB", "\\u{212B}"}, /* not in NFC */
		{"\xD7\x90", "\\u{5D0}"}, {"\xD8\xA7", "\\u{627}"},           /* right to left */
		{"\xE4\xB8\xAD", "\\u{4E2D}"}, {"\xF0\x9F\x98\x80", "\\u{1F600}"}, /* wide */
		{"\xEE\x80\x80", "\\u{E000}"},
		{"\xF4\x8F\xBF\xBF", "\\u{10FFFF}"}, /* private, none */
		{"\xCD\xB8", "\\u{378}"},            /* unassigned */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t n = strlen(cases[i].utf8);

		assert_piece(cases[i].utf8, n, n, cases[i].form, false);
		assert_int_equal(
			text_piece_at(span_text(cases[i].utf8), 0).width, strlen(cases[i].form));
	}
	assert_piece("\0", 1, 1, "\\u{0}", false);
}

/* Each byte of an ill-formed sequence is a piece of its own. */
static void invalid_utf8_is_escaped_byte_by_byte(void **state)
{
	static const char *const cases[] = {
		"\x80", "\xBF", "\xFE", "\xFF",                         /* no first bytes */
		"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", /* overlong */
		"\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF8\x88\x80\x80\x80", "\xED\xA0\x80",
		"\xED\xBF\xBF",                         /* surrogates */
		"\xF4\x90\x80\x80", "\xF5\x80\x80\x80", /* above U+10FFFF */
		"\xC5", "\xE2\x82", "\xF0\x9F\x98",     /* cut short */
	};
	char form[8];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct span s = span_text(cases[i]);

		for (size_t at = 0; at < s.n; at++) {
			struct text_piece piece = text_piece_at(s, at);

			snprintf(form, sizeof(form), "\\x%02X", s.at[at]);
			assert_int_equal(piece.n, 1);
			assert_false(piece.safe);
			assert_string_equal(piece.form, form);
			assert_int_equal(piece.width, 4);
		}
	}
	/* What follows a sequence cut short is not swallowed. */
	assert_piece("\xE2\x82"
		     "a",
		3, 1, "\\xE2", false);
	assert_piece("\xC5\xC5\x9F", 3, 1, "\\xC5", false);
}

static void first_unsafe_place_is_told(void **state)
{
	size_t where = 99;

	(void)state;
	assert_true(text_is_safe(span_text(""), &where));
	assert_true(text_is_safe(span_text("Sözleşme\n\nMadde 1 – ücret: 5 ₺"), &where));
	assert_int_equal(where, 99);
	assert_false(text_is_safe(span_text("şa\x1B[2J"), &where));
	assert_int_equal(where, 3);
	assert_false(text_is_safe(span_text("e\xCC\x81"), NULL));
	assert_false(text_is_safe(span_of("a\0b", 3), &where));
	assert_int_equal(where, 1);
	assert_false(text_is_safe(span_text("satır\r\n"), &where));
	assert_int_equal(where, 6);
}

static void assert_line(const char *text, unsigned columns, const char *line, unsigned used)
{
	struct bytes out = {0};

	bytes_append_text(&out, "|");
	assert_int_equal(text_line(span_text(text), columns, &out), used);
	assert_string_equal(bytes_text(&out) + 1, line);
	assert_int_equal(out.at[0], '|');
	bytes_free(&out);
}

static void a_line_is_cut_by_columns(void **state)
{
	(void)state;
	assert_line("AYŞE YILMAZ", 11, "AYŞE YILMAZ", 11);
	assert_line("AYŞE YILMAZ", 10, "AYŞE YILM…", 10);
	assert_line("AYŞE YILMAZ", 1, "…", 1);
	assert_line("AYŞE YILMAZ", 0, "", 0);
	assert_line("", 0, "", 0);
	assert_line("a\nb", 3, "a b", 3);
	assert_line("a\x1B[0m", 10, "a\\u{1B}[0m", 10);
	assert_line("a\x1B[0m", 7, "a…", 2);
	assert_line("\xFF", 4, "\\xFF", 4);
	assert_line("\xFF", 3, "…", 1);
}

static void width_is_that_of_the_line(void **state)
{
	(void)state;
	assert_int_equal(text_width(span_text("")), 0);
	assert_int_equal(text_width(span_text("Şçğ ₺")), 5);
	assert_int_equal(text_width(span_text("a\nb")), 3);
	assert_int_equal(text_width(span_text("a\xE2\x80\xAE")), 9);
}

static void assert_rows(const char *text, unsigned columns, const char *const *rows)
{
	struct bytes out = {0};
	size_t count = text_wrap(span_text(text), columns, &out), i;
	const struct text_row *row = (const struct text_row *)(const void *)out.at;

	assert_int_equal(out.n, count * sizeof(*row));
	for (i = 0; i < count && rows[i]; i++) {
		assert_int_equal(row[i].n, strlen(rows[i]));
		assert_memory_equal(text + row[i].at, rows[i], row[i].n);
	}
	assert_int_equal(i, count);
	assert_null(rows[i]);
	bytes_free(&out);
}

#define ROWS(...) ((const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static void wraps_at_blanks(void **state)
{
	(void)state;
	assert_rows("", 10, ROWS());
	assert_rows("bir iki üç", 10, ROWS("bir iki üç"));
	assert_rows("bir iki üç", 9, ROWS("bir iki", "üç"));
	assert_rows("bir iki üç", 7, ROWS("bir iki", "üç"));
	assert_rows("bir iki üç", 6, ROWS("bir", "iki üç"));
	assert_rows("şşşş şşşş", 4, ROWS("şşşş", "şşşş"));
	assert_rows("bir    iki", 5, ROWS("bir  ", "iki"));
	assert_rows("bir    iki", 8, ROWS("bir", "iki"));
	assert_rows("bir\xC2\xA0iki", 5, ROWS("bir\xC2\xA0i", "ki"));
}

static void wraps_at_line_feeds(void **state)
{
	(void)state;
	assert_rows("a\nb", 10, ROWS("a", "b"));
	assert_rows("a\n\nb\n", 10, ROWS("a", "", "b"));
	assert_rows("\n\n", 10, ROWS("", ""));
	assert_rows("abc\ndef", 3, ROWS("abc", "def"));
	assert_rows("abc   \ndef", 3, ROWS("abc", "def"));
	assert_rows("abc   ", 3, ROWS("abc"));
	assert_rows("  girinti", 20, ROWS("  girinti"));
}

static void breaks_words_that_have_no_room(void **state)
{
	(void)state;
	assert_rows("abcdefgh", 3, ROWS("abc", "def", "gh"));
	assert_rows("ab cdefgh", 3, ROWS("ab", "cde", "fgh"));
	assert_rows("  abcdef", 4, ROWS("  ab", "cdef"));
	assert_rows("    abc", 2, ROWS("  ", "ab", "c"));
	assert_rows("abc", 1, ROWS("a", "b", "c"));
	/* The visible form of an unsafe piece is never torn. */
	assert_rows("a\x1B"
		    "b",
		7, ROWS("a\x1B", "b"));
	assert_rows("ab\x1B", 7, ROWS("ab", "\x1B"));
	assert_rows("a\xE2\x80\xAE"
		    "b",
		3, ROWS("a", "\xE2\x80\xAE", "b"));
}

/* Each byte of s in exactly one row, or a blank or line feed between two; each row whole pieces, no
 * wider than columns unless it is one piece. */
static void assert_covered(struct span s, unsigned columns, const struct bytes *rows)
{
	const struct text_row *row = (const struct text_row *)(const void *)rows->at;
	size_t count = rows->n / sizeof(*row), at = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned width = 0, pieces = 0;
		struct text_piece piece;
		size_t feeds = 0;

		for (; at < row[i].at; at++) {
			assert_true(s.at[at] == ' ' || s.at[at] == '\n');
			feeds += s.at[at] == '\n';
		}
		assert_true(feeds <= 1);
		assert_int_equal(at, row[i].at);
		for (; at < row[i].at + row[i].n; at += piece.n, pieces++) {
			piece = text_piece_at(s, at);
			assert_false(piece.line_end);
			width += piece.width;
		}
		assert_int_equal(at, row[i].at + row[i].n);
		assert_true(width <= columns || pieces == 1);
	}
	for (; at < s.n; at++)
		assert_true(s.at[at] == ' ' || s.at[at] == '\n');
}

/* xorshift, so that a failure comes again with the same seed everywhere. */
static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void random_texts_are_covered(void **state)
{
	static const char *const parts[] = {"a", "b", " ", " ", "  ", "\n", "ş", "₺", "\x1B",
		"\xFF", "\xE2\x80\xAE", "\xE2\x80", "uzun", "kelime", "\xF0\x9F\x98\x80", "\t"};
	uint32_t seed = 20240607;
	struct bytes text = {0}, rows = {0};

	(void)state;
	for (int round = 0; round < 3000; round++) {
		unsigned columns = 1 + next_random(&seed) % 30, n = next_random(&seed) % 120;

		bytes_clear(&text);
		bytes_clear(&rows);
		for (unsigned i = 0; i < n; i++)
			bytes_append_text(&text,
				parts[next_random(&seed) % (sizeof(parts) / sizeof(*parts))]);
		text_wrap(bytes_span(&text), columns, &rows);
		assert_covered(bytes_span(&text), columns, &rows);
	}
	bytes_free(&text);
	bytes_free(&rows);
}

static void plain_texts(void **state)
{
	static const char *const others[] = {
		"", "a b", "a\n", "a/b", "a.b", "a+b", "a=", "a%", "ş"};

	(void)state;
	assert_true(text_is_plain("azAZ09-_", 9));
	assert_false(text_is_plain("azAZ09-_", 8));
	assert_true(text_is_plain("-", SIZE_MAX));
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_false(text_is_plain(others[i], SIZE_MAX));
}

static void tckn_check_digits(void **state)
{
	static const char *const wrong[] = {"", "1000000014", "100000001460", "00000000000",
		"10000000147", "10000000156", "1000000014a", "1000000 146", "01234567890"};
	char tckn[] = "10000000146";

	(void)state;
	assert_true(text_is_tckn(tckn));
	assert_true(text_is_tckn("19191919190"));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_false(text_is_tckn(wrong[i]));
	/* Each single wrong digit is found. */
	for (int i = 0; i < 11; i++) {
		char right = tckn[i];

		for (char digit = '0'; digit <= '9'; digit++) {
			tckn[i] = digit;
			assert_int_equal(text_is_tckn(tckn), digit == right);
		}
		tckn[i] = right;
	}
}

static void tckn_is_masked(void **state)
{
	char out[12];

	(void)state;
	text_mask_tckn("12345678946", out);
	assert_string_equal(out, "123******46");
	text_mask_tckn("1234567894", out);
	assert_string_equal(out, "***********");
	text_mask_tckn("1234567894a", out);
	assert_string_equal(out, "***********");
	text_mask_tckn("", out);
	assert_string_equal(out, "***********");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_are_shown_as_they_are),
		cmocka_unit_test(unsafe_code_points_are_escaped_by_class),
		cmocka_unit_test(invalid_utf8_is_escaped_byte_by_byte),
		cmocka_unit_test(first_unsafe_place_is_told),
		cmocka_unit_test(a_line_is_cut_by_columns),
		cmocka_unit_test(width_is_that_of_the_line),
		cmocka_unit_test(wraps_at_blanks),
		cmocka_unit_test(wraps_at_line_feeds),
		cmocka_unit_test(breaks_words_that_have_no_room),
		cmocka_unit_test(random_texts_are_covered),
		cmocka_unit_test(plain_texts),
		cmocka_unit_test(tckn_check_digits),
		cmocka_unit_test(tckn_is_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

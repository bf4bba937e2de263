#include "unit.h"

#include <stdio.h>

#include "tui/keys.h"

/* Keys in short: characters as they are, the rest by name. */
static void append_key(char *out, size_t size, const struct key *key)
{
	static const char *const names[] = {[PRESSED_ENTER] = "Enter",
		[PRESSED_ESCAPE] = "Esc",
		[PRESSED_TAB] = "Tab",
		[PRESSED_BACKTAB] = "Backtab",
		[PRESSED_BACKSPACE] = "Backspace",
		[PRESSED_DELETE] = "Delete",
		[PRESSED_UP] = "Up",
		[PRESSED_DOWN] = "Down",
		[PRESSED_LEFT] = "Left",
		[PRESSED_RIGHT] = "Right",
		[PRESSED_HOME] = "Home",
		[PRESSED_END] = "End",
		[PRESSED_PAGE_UP] = "PgUp",
		[PRESSED_PAGE_DOWN] = "PgDn",
		[PRESSED_WHEEL_UP] = "WheelUp",
		[PRESSED_WHEEL_DOWN] = "WheelDown"};
	size_t n = strlen(out);

	if (key->pressed == PRESSED_CHARACTER)
		snprintf(out + n, size - n, "%s", key->text);
	else if (key->pressed == PRESSED_CONTROL)
		snprintf(out + n, size - n, "<C-%c>", (char)key->number);
	else if (key->pressed == PRESSED_FUNCTION)
		snprintf(out + n, size - n, "<F%u>", key->number);
	else if (key->pressed == PRESSED_CLICK)
		snprintf(out + n, size - n, "<%u,%u>", key->row, key->column);
	else
		snprintf(out + n, size - n, "<%s>", names[key->pressed]);
	n = strlen(out);
	if (key->pasted)
		snprintf(out + n, size - n, "'");
}

static void decode(struct keys *k, int64_t now, const char *bytes, char *out, size_t size)
{
	struct span input = span_text(bytes);
	struct key key;

	out[0] = '\0';
	while (keys_next(k, now, &input, &key))
		append_key(out, size, &key);
}

static const struct {
	const char *bytes, *keys;
} cases[] = {
	{"0123\r", "0123<Enter>"},
	{"01\r\n2\n", "01<Enter>2<Enter>"},
	{"\033[A\033[B\033[C\033[D\033OA\033OH\033[F", "<Up><Down><Right><Left><Up><Home><End>"},
	{"\033[5~\033[6~\033[3~\033[1~\033[4~", "<PgUp><PgDn><Delete><Home><End>"},
	{"\033OP\033[[A\033[[B\033[11~\033[12~\033OR", "<F1><F1><F2><F1><F2><F3>"},
	{"\t\033[Z\177\b", "<Tab><Backtab><Backspace><Backspace>"},
	{"\003\014\032\034", "<C-C><C-L><C-Z><C-\\>"},
	{"\033[<0;10;5M\033[<0;10;5m\033[<64;1;1M\033[<65;1;1M\033[<2;3;3M",
		"<4,9><WheelUp><WheelDown>"},
	{"\033[<0;0;0M\033[<M\033[<0;99999999999;1M", "<0,99998>"},
	{"\033[200~0 1-2\033[201~3", "0' '1'-'2'3"},
	{"\033[200~1\r2\033[A3\033[201~", "1'<Enter>'2'3'"},
	{"çğ\xE2\x86\x90", "çğ←"},
	{"\xC3"
	 "a\xFF",
		"\xC3"
		"a\xFF"},
	{"\033[1;5A\033[999~x\033[?1;2cy", "<Up>xy"},
	{"\033"
	 "a",
		"<Esc>a"},
	{"\033\033[A", "<Esc><Up>"},
};

static void decodes_what_terminals_send(void **state)
{
	char out[256];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct keys k = {0};

		decode(&k, 0, cases[i].bytes, out, sizeof(out));
		assert_string_equal(out, cases[i].keys);
		assert_int_equal(k.n, 0);
	}
}

/* The same keys come out however the bytes are cut. */
static void decodes_byte_by_byte(void **state)
{
	char out[256], one[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct keys k = {0};

		out[0] = '\0';
		for (const char *at = cases[i].bytes; *at; at++) {
			decode(&k, 0, (char[]){*at, '\0'}, one, sizeof(one));
			strcat(out, one);
		}
		assert_string_equal(out, cases[i].keys);
	}
}

static void escape_key_is_escape_after_a_while(void **state)
{
	struct keys k = {0};
	struct key key;
	char out[64];

	(void)state;
	assert_true(keys_deadline(&k) == INT64_MAX);
	decode(&k, 100, "\033", out, sizeof(out));
	assert_string_equal(out, "");
	assert_int_equal(keys_deadline(&k), 100 + KEYS_ESCAPE_MS);
	assert_false(keys_flush(&k, 110, &key));
	assert_true(keys_flush(&k, 100 + KEYS_ESCAPE_MS, &key));
	assert_int_equal(key.pressed, PRESSED_ESCAPE);
	/* A sequence that was cut off is no key. */
	decode(&k, 200, "\033[1", out, sizeof(out));
	assert_false(keys_flush(&k, 300, &key));
	assert_int_equal(k.n, 0);
}

static void paste_without_end_ends(void **state)
{
	struct keys k = {0};
	char out[64];

	(void)state;
	decode(&k, 0, "\033[200~1", out, sizeof(out));
	assert_string_equal(out, "1'");
	decode(&k, 500, "2", out, sizeof(out));
	assert_string_equal(out, "2'");
	decode(&k, 501 + KEYS_PASTE_MS, "3\r", out, sizeof(out));
	assert_string_equal(out, "3<Enter>");
}

static void nothing_is_held_after_a_wipe(void **state)
{
	struct keys k = {0};
	char out[64];

	(void)state;
	decode(&k, 0, "\033[12345", out, sizeof(out));
	keys_wipe(&k);
	for (size_t i = 0; i < sizeof(k.held); i++)
		assert_int_equal(k.held[i], 0);
	decode(&k, 0, "7", out, sizeof(out));
	assert_string_equal(out, "7");
	assert_int_equal(k.held[0], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_what_terminals_send),
		cmocka_unit_test(decodes_byte_by_byte),
		cmocka_unit_test(escape_key_is_escape_after_a_while),
		cmocka_unit_test(paste_without_end_ends),
		cmocka_unit_test(nothing_is_held_after_a_wipe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit.h"

#include "portal/fields.h"

#include <stdio.h>

static void read_form(const char *text, struct fields *f, enum err wanted)
{
	*f = (struct fields){0};
	assert_int_equal(fields_read_urlencoded(span_text(text), f, NULL), wanted);
}

static void a_form_is_read(void **state)
{
	struct fields f;

	(void)state;
	read_form("a=1&b=&c&&ad=%C5%9Ei%C5%9Fli+1%2b1&x%26=%3D", &f, ERR_OK);
	assert_int_equal(f.count, 5);
	assert_string_equal(fields_find(&f, "a"), "1");
	assert_string_equal(fields_find(&f, "b"), "");
	assert_string_equal(fields_find(&f, "c"), "");
	assert_string_equal(fields_find(&f, "ad"), "Şişli 1+1");
	assert_string_equal(fields_find(&f, "x&"), "=");
	assert_null(fields_find(&f, "d"));
	assert_null(fields_find(&f, ""));
	fields_wipe(&f);
	assert_null(fields_find(&f, "a"));
}

static void a_form_of_another_kind_is_refused(void **state)
{
	static const char *const table[] = {
		"a=1&a=2",            /* twice */
		"a=%",                /* half a byte */
		"a=%4",               /* */
		"a=%4g",              /* */
		"a=%00",              /* NUL */
		"a%00b=1",            /* */
		"a=%0D%0ALocation:x", /* controls */
		"a=%1B[2J",           /* */
		"a=%C2%9B",           /* C1 */
		"a=%FF",              /* not UTF-8 */
		"a=%C0%AF",           /* overlong */
		"a=%ED%A0%80",        /* surrogate */
		"=1",                 /* no name */
	};
	struct fields f;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		read_form(table[i], &f, ERR_REQUEST);
		fields_wipe(&f);
	}
}

static void a_form_is_bounded(void **state)
{
	struct bytes text = {0};
	struct fields f;

	(void)state;
	for (int i = 0; i < FIELDS_MAX; i++)
		bytes_append_format(&text, "f%d=%d&", i, i);
	read_form(bytes_text(&text), &f, ERR_OK);
	assert_string_equal(fields_find(&f, "f31"), "31");
	fields_wipe(&f);
	bytes_append_text(&text, "more=1");
	read_form(bytes_text(&text), &f, ERR_REQUEST);
	fields_wipe(&f);
	bytes_clear(&text);
	bytes_append_text(&text, "a=");
	while (text.n < FIELDS_SIZE_MAX)
		bytes_append_byte(&text, 'x');
	read_form(bytes_text(&text), &f, ERR_OK);
	fields_wipe(&f);
	bytes_append_byte(&text, 'x');
	read_form(bytes_text(&text), &f, ERR_REQUEST);
	fields_wipe(&f);
	bytes_free(&text);
}

static void cookies_are_read(void **state)
{
	struct fields f = {0};

	(void)state;
	fields_read_cookies(NULL, &f);
	assert_int_equal(f.count, 0);
	fields_read_cookies(
		"lang=en; __Host-eonay=AB12;broken; bad=\x01; =x;lang=tr; q=\"a b\" ;e=a=b", &f);
	assert_string_equal(fields_find(&f, "lang"), "en"); /* the first */
	assert_string_equal(fields_find(&f, "__Host-eonay"), "AB12");
	assert_string_equal(fields_find(&f, "broken"), "");
	assert_null(fields_find(&f, "bad"));
	assert_string_equal(fields_find(&f, "q"), "\"a b\"");
	assert_string_equal(fields_find(&f, "e"), "a=b");
	fields_wipe(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_is_read),
		cmocka_unit_test(a_form_of_another_kind_is_refused),
		cmocka_unit_test(a_form_is_bounded),
		cmocka_unit_test(cookies_are_read),
	};

	return cmocka_run_group_tests_name("portal fields", tests, NULL, NULL);
}

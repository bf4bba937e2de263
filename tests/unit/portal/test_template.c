#include "unit.h"

#include "portal/web/asset.h"
#include "portal/web/template.h"

static enum err render(
	const char *text, const char *values, enum language language, struct bytes *out)
{
	json_t *root = json_loads(values, 0, NULL);
	enum err code;

	assert_non_null(root);
	bytes_clear(out);
	code = template_render_text(span_text(text), root, language, out, NULL);
	json_decref(root);
	return code;
}

static void templates_are_filled(void **state)
{
	static const struct {
		const char *text, *values, *wanted;
	} table[] = {
		{"", "{}", ""},
		{"a {{x}} b {{ y }}{{nothing}}.", "{\"x\":\"Ş\",\"y\":-7}", "a Ş b -7."},
		{"{{x}}", "{\"x\":\"<b a=\\\"'&\\u202e\\u0001\\n\"}",
			"&lt;b a=&quot;&#39;&amp;\\u{202E}\\u{1}\n"},
		{"{{#l}}[{{n}}{{x}}]{{/l}}", "{\"x\":0,\"l\":[{\"n\":1},{\"n\":2,\"x\":3}]}",
			"[10][23]"},
		{"{{#l}}{{.}};{{/l}}", "{\"l\":[\"a\",\"<\"]}", "a;&lt;;"},
		{"{{#l}}x{{/l}}{{^l}}none{{/l}}", "{\"l\":[]}", "none"},
		{"{{#a}}1{{/a}}{{#b}}2{{/b}}{{#c}}3{{/c}}{{#d}}4{{/d}}{{#e}}5{{/e}}{{#f}}6{{/f}}",
			"{\"a\":true,\"b\":false,\"c\":\"\",\"d\":\"x\",\"e\":0,\"f\":null}", "14"},
		{"{{#o}}{{a}}{{/o}}{{o.a}}{{o.b}}", "{\"o\":{\"a\":\"1\"}}", "11"},
		{"{{#a}}{{#a}}x{{/a}}{{/a}}", "{\"a\":true}", "x"},
		{"{{! a comment }}x", "{}", "x"},
		{"{{#t}}Ana\n\t Sayfa{{/t}}", "{}", "Home"},
		{"{{#t}}Bu söz sözlükte yok {{x}}{{/t}}", "{\"x\":\"<\"}",
			"Bu söz sözlükte yok &lt;"},
	};
	struct bytes out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(
			render(table[i].text, table[i].values, LANGUAGE_ENGLISH, &out), ERR_OK);
		assert_string_equal(bytes_text(&out), table[i].wanted);
	}
	assert_int_equal(render("{{#t}}Ana Sayfa{{/t}}", "{}", LANGUAGE_TURKISH, &out), ERR_OK);
	assert_string_equal(bytes_text(&out), "Ana Sayfa");
	bytes_free(&out);
}

static void nothing_goes_out_unescaped(void **state)
{
	static const char *const table[] = {"{{{x}}}", "{{&x}}", "{{=<% %>=}}", "{{x", "{{}}",
		"{{#x}}", "{{#x}}{{/y}}", "{{/x}}", "{{>nothing}}", "{{>../secret}}", "{{#}}{{/}}"};
	struct bytes out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		assert_int_equal(
			render(table[i], "{\"x\":\"<\"}", LANGUAGE_TURKISH, &out), ERR_INTERNAL);
	bytes_free(&out);
}

/* Each is well-formed for no values and in every language. */
static void all_embedded_templates_are_well_formed(void **state)
{
	struct bytes out = {0};
	json_t *values = json_object();
	size_t count = 0;

	(void)state;
	for (const struct asset *at = assets; at->name; at++) {
		size_t n = strlen(at->name);

		assert_int_equal(strlen(at->hash), 64);
		if (n < 5 || strcmp(at->name + n - 5, ".html") != 0)
			continue;
		count++;
		for (int language = 0; language < LANGUAGE_COUNT; language++)
			assert_int_equal(template_render_text(span_of(at->at, at->n), values,
						 (enum language)language, &out, NULL),
				ERR_OK);
	}
	assert_true(count >= 4);
	assert_int_equal(template_render("failure", values, LANGUAGE_TURKISH, &out, NULL), ERR_OK);
	assert_int_equal(
		template_render("nothing", values, LANGUAGE_TURKISH, &out, NULL), ERR_INTERNAL);
	json_decref(values);
	bytes_free(&out);
}

static void languages_are_known_by_their_tags(void **state)
{
	(void)state;
	assert_int_equal(language_of("en", LANGUAGE_TURKISH), LANGUAGE_ENGLISH);
	assert_int_equal(language_of("tr", LANGUAGE_ENGLISH), LANGUAGE_TURKISH);
	assert_int_equal(language_of("de", LANGUAGE_ENGLISH), LANGUAGE_ENGLISH);
	assert_int_equal(language_of(NULL, LANGUAGE_TURKISH), LANGUAGE_TURKISH);
	assert_string_equal(translate(LANGUAGE_ENGLISH, "Süre doldu."), "Time is up.");
	assert_string_equal(translate(LANGUAGE_TURKISH, "Süre doldu."), "Süre doldu.");
	assert_string_equal(
		translate(LANGUAGE_ENGLISH, ""), ""); /* and not the catalogue's header */
	assert_string_equal(translate(LANGUAGE_ENGLISH, "yok"), "yok");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates_are_filled),
		cmocka_unit_test(nothing_goes_out_unescaped),
		cmocka_unit_test(all_embedded_templates_are_well_formed),
		cmocka_unit_test(languages_are_known_by_their_tags),
	};

	return cmocka_run_group_tests_name("portal templates", tests, NULL, NULL);
}

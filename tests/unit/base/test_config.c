#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/config.h"

struct settings {
	char *name;
	char *must;
	long seconds;
	bool kiosk;
	int theme;
};

static const char *const themes[] = {"blue", "mono", NULL};

static const struct config_setting table[] = {
	{"screen.name", CONFIG_TEXT, offsetof(struct settings, name), 0, 0, NULL, "Kurum"},
	{"service.url", CONFIG_TEXT, offsetof(struct settings, must), 1, 0, NULL, ""},
	{"screen.idle.seconds", CONFIG_NUMBER, offsetof(struct settings, seconds), 10, 3600, NULL,
		"120"},
	{"kiosk", CONFIG_SWITCH, offsetof(struct settings, kiosk), 0, 0, NULL, "true"},
	{"screen.theme", CONFIG_CHOICE, offsetof(struct settings, theme), 0, 0, themes, "mono"},
};
#define TABLE table, sizeof(table) / sizeof(*table)

static enum err read_text(const char *text, struct settings *s, struct error *e)
{
	return config_read_text("x.conf", span_text(text), TABLE, s, e);
}

static void assert_refused(const char *text, enum err code, const char *where)
{
	struct settings s = {0};
	struct error e = {0};

	assert_int_equal(read_text(text, &s, &e), code);
	assert_int_equal(e.code, code);
	assert_string_equal(e.where, where);
	assert_null(s.name);
	assert_null(s.must);
}

static void assert_standard(const struct settings *s)
{
	assert_string_equal(s->name, "Kurum");
	assert_string_equal(s->must, "");
	assert_int_equal(s->seconds, 120);
	assert_true(s->kiosk);
	assert_int_equal(s->theme, 1);
}

static void an_empty_file_leaves_the_defaults(void **state)
{
	struct settings s = {0};

	(void)state;
	assert_int_equal(read_text("# nothing\n", &s, NULL), ERR_OK);
	assert_standard(&s);
	config_release(TABLE, &s);
	assert_null(s.name);
	assert_null(s.must);
}

static void all_types_are_read(void **state)
{
	struct settings s = {0};

	(void)state;
	assert_int_equal(read_text("kiosk = false;\n"
				   "screen: { name = \"Tapu ve Kadastro\"; theme = \"blue\"; idle: "
				   "{ seconds = 30; }; };\n"
				   "service: { url = \"https://x\"; };\n",
				 &s, NULL),
		ERR_OK);
	assert_string_equal(s.name, "Tapu ve Kadastro");
	assert_string_equal(s.must, "https://x");
	assert_int_equal(s.seconds, 30);
	assert_false(s.kiosk);
	assert_int_equal(s.theme, 0);
	config_release(TABLE, &s);
}

static void syntax_errors_name_the_line(void **state)
{
	(void)state;
	assert_refused(
		"kiosk = true;\n\nscreen = {\n", ERR_CONFIG_SYNTAX, "x.conf:4: syntax error");
	assert_refused("kiosk = maybe;", ERR_CONFIG_SYNTAX, "x.conf:1: syntax error");
	assert_refused("kiosk = true;\nkiosk = false;\n", ERR_CONFIG_SYNTAX,
		"x.conf:2: duplicate setting name");
}

static void unknown_settings_are_named(void **state)
{
	(void)state;
	assert_refused("kiosk = true;\nkiosc = true;\n", ERR_CONFIG_UNKNOWN, "x.conf:2: kiosc");
	assert_refused("screen: {\n  idle: {\n    second = 3; }; };\n", ERR_CONFIG_UNKNOWN,
		"x.conf:3: screen.idle.second");
	assert_refused("other: { name = \"\"; };\n", ERR_CONFIG_UNKNOWN, "x.conf:1: other");
	assert_refused("scree: { };\n", ERR_CONFIG_UNKNOWN, "x.conf:1: scree");
}

static void wrong_types_are_named(void **state)
{
	(void)state;
	assert_refused("kiosk = 1;", ERR_CONFIG_TYPE, "x.conf:1: kiosk");
	assert_refused("kiosk = \"true\";", ERR_CONFIG_TYPE, "x.conf:1: kiosk");
	assert_refused("screen = 3;", ERR_CONFIG_TYPE, "x.conf:1: screen");
	assert_refused("screen: { name = 3; };", ERR_CONFIG_TYPE, "x.conf:1: screen.name");
	assert_refused("screen: { name: { a = 3; }; };", ERR_CONFIG_TYPE, "x.conf:1: screen.name");
	assert_refused("screen: { theme = 0; };", ERR_CONFIG_TYPE, "x.conf:1: screen.theme");
	assert_refused("screen: { idle: { seconds = 12.5; }; };", ERR_CONFIG_TYPE,
		"x.conf:1: screen.idle.seconds");
	assert_refused("screen: { idle: { seconds = \"12\"; }; };", ERR_CONFIG_TYPE,
		"x.conf:1: screen.idle.seconds");
	assert_refused("service: {\n url = [\"/a\"]; };", ERR_CONFIG_TYPE, "x.conf:2: service.url");
	assert_refused("service: { url = (\"/a\", { b = 1; }); };", ERR_CONFIG_TYPE,
		"x.conf:1: service.url");
}

static void values_out_of_bounds_are_named(void **state)
{
	(void)state;
	assert_refused("screen: { idle: { seconds = 9; }; };", ERR_CONFIG_VALUE,
		"x.conf:1: screen.idle.seconds");
	assert_refused("screen: { idle: { seconds = 3601; }; };", ERR_CONFIG_VALUE,
		"x.conf:1: screen.idle.seconds");
	assert_refused("screen: { idle: { seconds = 99999999999L; }; };", ERR_CONFIG_VALUE,
		"x.conf:1: screen.idle.seconds");
	assert_refused(
		"screen: { theme = \"green\"; };", ERR_CONFIG_VALUE, "x.conf:1: screen.theme");
	assert_refused("service: { url = \"\"; };", ERR_CONFIG_VALUE, "x.conf:1: service.url");
	assert_refused(
		"screen: { name = \"\\x1b[2J\"; };", ERR_CONFIG_VALUE, "x.conf:1: screen.name");
	assert_refused("screen: { name = \"a\\nb\"; };", ERR_CONFIG_VALUE, "x.conf:1: screen.name");
	assert_refused("screen: { name = \"\xFF\"; };", ERR_CONFIG_VALUE, "x.conf:1: screen.name");
}

static void includes_and_nul_are_refused(void **state)
{
	struct settings s = {0};
	struct error e = {0};

	(void)state;
	assert_refused("kiosk = true;\n@include \"/etc/shadow\"\n", ERR_CONFIG_SYNTAX,
		"x.conf:2: @include");
	assert_refused(" \t@include \"/etc/shadow\"\n", ERR_CONFIG_SYNTAX, "x.conf:1: @include");
	assert_int_equal(
		config_read_text("x.conf", span_of("kiosk = true;\n\0x", 16), TABLE, &s, &e),
		ERR_CONFIG_SYNTAX);
	assert_string_equal(e.where, "x.conf:2: NUL");
}

static void a_long_name_leaves_room_for_the_setting(void **state)
{
	char name[400];
	struct settings s = {0};
	struct error e = {0};

	(void)state;
	memset(name, 'd', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(
		config_read_text(name, span_text("kiosc = 1;"), TABLE, &s, &e), ERR_CONFIG_UNKNOWN);
	assert_non_null(strstr(e.where, "ddd:1: kiosc"));
}

static void write_file(const char *path, size_t n)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	for (size_t i = 0; i < n; i++)
		fputc('#', file);
	assert_int_equal(fclose(file), 0);
}

static void files_may_be_missing_only_where_optional(void **state)
{
	char path[] = "/tmp/eonay-config-XXXXXX";
	int fd = mkstemp(path);
	struct settings s = {0};
	struct error e = {0};

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(config_load(path, false, TABLE, &s, &e), ERR_OK);
	assert_standard(&s);
	config_release(TABLE, &s);
	write_file(path, CONFIG_FILE_MAX + 1);
	assert_int_equal(config_load(path, true, TABLE, &s, &e), ERR_TOO_LARGE);
	unlink(path);
	assert_int_equal(config_load(path, false, TABLE, &s, &e), ERR_FILE_READ);
	assert_non_null(strstr(e.where, path));
	assert_int_equal(config_load(path, true, TABLE, &s, NULL), ERR_OK);
	assert_standard(&s);
	config_release(TABLE, &s);
	assert_int_equal(config_load("/", true, TABLE, &s, &e), ERR_FILE_READ);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_file_leaves_the_defaults),
		cmocka_unit_test(all_types_are_read),
		cmocka_unit_test(syntax_errors_name_the_line),
		cmocka_unit_test(unknown_settings_are_named),
		cmocka_unit_test(wrong_types_are_named),
		cmocka_unit_test(values_out_of_bounds_are_named),
		cmocka_unit_test(includes_and_nul_are_refused),
		cmocka_unit_test(a_long_name_leaves_room_for_the_setting),
		cmocka_unit_test(files_may_be_missing_only_where_optional),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "job/settings.h"

static enum err load_text(const char *text, struct settings *s, struct error *e)
{
	char path[] = "/tmp/eonay-settings-XXXXXX";
	FILE *f = fdopen(mkstemp(path), "w");
	enum err code;

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	code = settings_load(path, s, e);
	unlink(path);
	return code;
}

static void assert_same(const struct settings *a, const struct settings *b)
{
	assert_string_equal(a->institution, b->institution);
	assert_int_equal(a->language, b->language);
	assert_int_equal(a->kiosk, b->kiosk);
	assert_int_equal(a->shuffle_pad, b->shuffle_pad);
	assert_int_equal(a->mouse, b->mouse);
	assert_int_equal(a->idle_seconds, b->idle_seconds);
	assert_string_equal(a->save_directory, b->save_directory);
	assert_string_equal(a->service_url, b->service_url);
	assert_string_equal(a->service_ca, b->service_ca);
	assert_string_equal(a->service_pin, b->service_pin);
	assert_string_equal(a->kiosk_name, b->kiosk_name);
	assert_int_equal(a->connect_seconds, b->connect_seconds);
	assert_int_equal(a->request_seconds, b->request_seconds);
	assert_string_equal(a->reader, b->reader);
	assert_int_equal(a->card_seconds, b->card_seconds);
	assert_int_equal(a->qualified, b->qualified);
	assert_string_equal(a->trust, b->trust);
	assert_string_equal(a->log_target, b->log_target);
	assert_int_equal(a->log_level, b->log_level);
}

/* conf/eonay.conf shows every setting with its default: it must not drift from the program. */
static void test_shipped_file_is_the_defaults(void **state)
{
	struct settings standard, shipped;
	struct error e;

	(void)state;
	assert_int_equal(load_text("", &standard, &e), ERR_OK);
	assert_int_equal(settings_load(CONF "/eonay.conf", &shipped, &e), ERR_OK);
	assert_same(&standard, &shipped);
	assert_int_equal(standard.language, LANGUAGE_TR);
	assert_int_equal(standard.qualified, QUALIFIED_REQUIRED);
	settings_release(&standard);
	settings_release(&shipped);
}

/* A longer one would have every code refused. */
static void test_a_terminal_has_a_name_that_services_take(void **state)
{
	static const char most[] = "123456789 123456789 123456789 123456789 123456789 123456789 Ş";
	struct settings s;
	struct error e;
	char text[128];

	(void)state;
	assert_int_equal(strlen(most), 62);
	snprintf(text, sizeof(text), "service: { kiosk_name = \"%s!\"; };", most);
	assert_int_equal(load_text(text, &s, &e), ERR_OK);
	settings_release(&s);
	snprintf(text, sizeof(text), "service: { kiosk_name = \"%s!!\"; };", most);
	assert_int_equal(load_text(text, &s, &e), ERR_CONFIG_VALUE);
	assert_non_null(strstr(e.where, "service.kiosk_name"));
}

static void test_choices_are_read_into_their_enums(void **state)
{
	struct settings s;
	struct error e;

	(void)state;
	assert_int_equal(
		load_text("screen: { language = \"en\"; kiosk = true; };\n"
			  "card: { certificates = \"any\"; };\nlog: { level = \"debug\"; };\n",
			&s, &e),
		ERR_OK);
	assert_int_equal(s.language, LANGUAGE_EN);
	assert_true(s.kiosk);
	assert_int_equal(s.qualified, QUALIFIED_ANY);
	assert_int_equal(s.log_level, LOG_LEVEL_DEBUG);
	settings_release(&s);
}

static void test_a_wrong_setting_is_named_with_its_line(void **state)
{
	struct settings s;
	struct error e;

	(void)state;
	assert_int_equal(load_text("service: {\n\turll = \"\";\n};\n", &s, &e), ERR_CONFIG_UNKNOWN);
	assert_non_null(strstr(e.where, ":2: service.urll"));
	assert_int_equal(
		load_text("\nservice: { connect_seconds = \"x\"; };\n", &s, &e), ERR_CONFIG_TYPE);
	assert_non_null(strstr(e.where, ":2: service.connect_seconds"));
	assert_int_equal(load_text("card: { deadline_seconds = 0; };\n", &s, &e), ERR_CONFIG_VALUE);
	assert_non_null(strstr(e.where, ":1: card.deadline_seconds"));
}

static void test_a_named_file_must_be_there(void **state)
{
	struct settings s;
	struct error e;

	(void)state;
	assert_int_equal(settings_load("/nowhere/eonay.conf", &s, &e), ERR_FILE_READ);
	assert_non_null(strstr(e.where, "/nowhere/eonay.conf"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shipped_file_is_the_defaults),
		cmocka_unit_test(test_a_terminal_has_a_name_that_services_take),
		cmocka_unit_test(test_choices_are_read_into_their_enums),
		cmocka_unit_test(test_a_wrong_setting_is_named_with_its_line),
		cmocka_unit_test(test_a_named_file_must_be_there),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}

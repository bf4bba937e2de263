/* A configuration file of any content: read whole or refused with a place, nothing left behind. */
#include <stddef.h>
#include <stdlib.h>

#include "base/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const char *__lsan_default_suppressions(void);

/* libconfig 1.5 forgets the string that it was reading when the syntax is wrong; the program ends
 * then. Only the strings: a tree that we forget is still found. */
const char *__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\nleak:libconfig_yylex\n";
}

struct settings {
	char *name;
	long seconds;
	bool kiosk;
	int theme;
	char *url;
};

static const char *const themes[] = {"blue", "mono", NULL};

static const struct config_setting table[] = {
	{"screen.name", CONFIG_TEXT, offsetof(struct settings, name), 1, 0, NULL, "Kurum"},
	{"screen.idle.seconds", CONFIG_NUMBER, offsetof(struct settings, seconds), 10, 3600, NULL,
		"120"},
	{"kiosk", CONFIG_SWITCH, offsetof(struct settings, kiosk), 0, 0, NULL, "true"},
	{"screen.theme", CONFIG_CHOICE, offsetof(struct settings, theme), 0, 0, themes, "mono"},
	{"service.url", CONFIG_TEXT, offsetof(struct settings, url), 0, 0, NULL, ""},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t count = sizeof(table) / sizeof(*table);
	struct settings s = {0};
	struct error e = {0};

	if (config_read_text("x", span_of(data, size), table, count, &s, &e)) {
		if (e.code == ERR_OK || !e.where[0] || s.name || s.url)
			abort();
		return 0;
	}
	if (s.seconds < 10 || s.seconds > 3600 || s.theme < 0 || s.theme > 1 || !s.name[0] ||
		!s.url)
		abort();
	config_release(table, count, &s);
	return 0;
}

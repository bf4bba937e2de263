#include "base/config.h"

#include <errno.h>
#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define PATH_LENGTH 128 /* of a setting; our longest has 30 */
#define NAME_SHOWN                                                                                 \
	96 /* bytes of a file's name in e->where: its end, so that line and setting have room */

/* What a walk through a parsed file carries along. */
struct load {
	const char *name;
	const struct config_setting *settings;
	size_t count;
	void *into;
	struct error *e;
};

static enum err fail(const struct load *l, enum err code, unsigned line, const char *what)
{
	size_t n = strlen(l->name);
	bool cut = n > NAME_SHOWN;

	return error_set(l->e, code, "%s%s:%u: %s", cut ? "…" : "",
		cut ? l->name + n - NAME_SHOWN : l->name, line, what);
}

static void *place_of(const struct config_setting *setting, void *into)
{
	return (char *)into + setting->offset;
}

/* Index of word in choices, -1 when it is none of them. */
static int choice_index(const char *const *choices, const char *word)
{
	for (int i = 0; choices[i]; i++) {
		if (strcmp(choices[i], word) == 0)
			return i;
	}
	return -1;
}

static void put_text(char **place, const char *text)
{
	free(*place);
	*place = must_strdup(text);
}

static void put_standard(const struct config_setting *setting, void *into)
{
	const char *standard = setting->standard;
	void *place = place_of(setting, into);

	switch (setting->type) {
	case CONFIG_TEXT:
		*(char **)place = must_strdup(standard);
		break;
	case CONFIG_NUMBER:
		*(long *)place = strtol(standard, NULL, 10);
		break;
	case CONFIG_SWITCH:
		*(bool *)place = strcmp(standard, "true") == 0;
		break;
	case CONFIG_CHOICE:
		*(int *)place = choice_index(setting->choices, standard);
		break;
	}
}

void config_release(const struct config_setting *settings, size_t count, void *into)
{
	for (size_t i = 0; i < count; i++) {
		if (settings[i].type == CONFIG_TEXT) {
			char **place = place_of(&settings[i], into);

			free(*place);
			*place = NULL;
		}
	}
}

/* A text that may be shown, on one line, not empty where it must not be, and not too long. */
static bool is_good_text(const struct config_setting *setting, const char *text)
{
	return text_is_safe(span_text(text), NULL) && !strchr(text, '\n') &&
	       (*text || setting->min < 1) &&
	       (setting->max == 0 || strlen(text) <= (size_t)setting->max);
}

static enum err take_text(
	const struct config_setting *setting, const config_setting_t *found, void *place)
{
	const char *text = config_setting_get_string(found);

	if (!text)
		return ERR_CONFIG_TYPE;
	if (!is_good_text(setting, text))
		return ERR_CONFIG_VALUE;
	put_text(place, text);
	return ERR_OK;
}

static enum err take_number(
	const struct config_setting *setting, const config_setting_t *found, long *place)
{
	int type = config_setting_type(found);
	long long value;

	if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
		return ERR_CONFIG_TYPE;
	value = type == CONFIG_TYPE_INT ? config_setting_get_int(found)
					: config_setting_get_int64(found);
	if (value < setting->min || value > setting->max)
		return ERR_CONFIG_VALUE;
	*place = (long)value;
	return ERR_OK;
}

static enum err take_switch(const config_setting_t *found, bool *place)
{
	if (config_setting_type(found) != CONFIG_TYPE_BOOL)
		return ERR_CONFIG_TYPE;
	*place = config_setting_get_bool(found);
	return ERR_OK;
}

static enum err take_choice(
	const struct config_setting *setting, const config_setting_t *found, int *place)
{
	const char *word = config_setting_get_string(found);
	int index;

	if (!word)
		return ERR_CONFIG_TYPE;
	index = choice_index(setting->choices, word);
	if (index < 0)
		return ERR_CONFIG_VALUE;
	*place = index;
	return ERR_OK;
}

static enum err take(
	const struct config_setting *setting, const config_setting_t *found, void *into)
{
	void *place = place_of(setting, into);

	switch (setting->type) {
	case CONFIG_TEXT:
		return take_text(setting, found, place);
	case CONFIG_NUMBER:
		return take_number(setting, found, place);
	case CONFIG_SWITCH:
		return take_switch(found, place);
	case CONFIG_CHOICE:
		return take_choice(setting, found, place);
	}
	return ERR_INTERNAL;
}

static const struct config_setting *known_setting(const struct load *l, const char *path)
{
	for (size_t i = 0; i < l->count; i++) {
		if (strcmp(l->settings[i].path, path) == 0)
			return &l->settings[i];
	}
	return NULL;
}

/* Whether some known setting lies in the group path. */
static bool is_known_group(const struct load *l, const char *path)
{
	size_t n = strlen(path);

	for (size_t i = 0; i < l->count; i++) {
		if (strncmp(l->settings[i].path, path, n) == 0 && l->settings[i].path[n] == '.')
			return true;
	}
	return false;
}

/* Groups nest no deeper than the paths of the table, since an unknown group ends the walk. */
static enum err walk(const struct load *l, const config_setting_t *group, const char *prefix)
{
	enum err e = ERR_OK;
	int n = config_setting_length(group);

	for (int i = 0; i < n && !e; i++) {
		const config_setting_t *found = config_setting_get_elem(group, (unsigned)i);
		unsigned line = config_setting_source_line(found);
		const struct config_setting *setting;
		char path[PATH_LENGTH];

		snprintf(path, sizeof(path), "%s%s%s", prefix, *prefix ? "." : "",
			config_setting_name(found));
		setting = known_setting(l, path);
		if (setting)
			e = take(setting, found, l->into);
		else if (!is_known_group(l, path))
			e = ERR_CONFIG_UNKNOWN;
		else if (!config_setting_is_group(found))
			e = ERR_CONFIG_TYPE;
		else {
			if ((e = walk(l, found, path)))
				return e;
			continue;
		}
		if (e)
			return fail(l, e, line, path);
	}
	return e;
}

/* libconfig would open what @include names, and would take a NUL for the end of the file: the first
 * line that has either, 0 when there is none. libconfig 1.5 knows @include at the beginning of a
 * line only. */
static unsigned forbidden_line(struct span content, const char **what)
{
	static const char include[] = "@include";
	unsigned line = 1;
	bool begins = true;

	for (size_t i = 0; i < content.n; i++) {
		uint8_t c = content.at[i];

		*what = c == '\0' ? "NUL" : include;
		if (c == '\0' || (begins && span_equal(span_first(span_from(content, i),
							       sizeof(include) - 1),
						    span_text(include))))
			return line;
		begins = c == '\n' || (begins && (c == ' ' || c == '\t'));
		line += c == '\n';
	}
	return 0;
}

static enum err read_settings(const struct load *l, struct span content)
{
	struct bytes text = {0};
	const char *what;
	unsigned line = forbidden_line(content, &what);
	config_t config;
	enum err e;

	if (line)
		return fail(l, ERR_CONFIG_SYNTAX, line, what);
	config_init(&config);
	bytes_append(&text, content);
	if (config_read_string(&config, bytes_text(&text)) == CONFIG_TRUE)
		e = walk(l, config_root_setting(&config), "");
	else
		e = fail(l, ERR_CONFIG_SYNTAX, (unsigned)config_error_line(&config),
			config_error_text(&config));
	config_destroy(&config);
	bytes_free(&text);
	return e;
}

enum err config_read_text(const char *name, struct span content,
	const struct config_setting *settings, size_t count, void *into, struct error *e)
{
	const struct load l = {name, settings, count, into, e};
	enum err code;

	for (size_t i = 0; i < count; i++)
		put_standard(&settings[i], into);
	code = read_settings(&l, content);
	if (code)
		config_release(settings, count, into);
	return code;
}

/* Appends the file's content to out; nothing for an optional file that is not there. */
static enum err read_file(const char *path, bool optional, struct bytes *out, struct error *e)
{
	FILE *file = fopen(path, "re");
	uint8_t block[4096];
	size_t n;
	enum err code = ERR_OK;

	if (!file && optional && errno == ENOENT)
		return ERR_OK;
	if (!file)
		return error_set_errno(e, ERR_FILE_READ, "%s", path);
	while (!code && (n = fread(block, 1, sizeof(block), file)) > 0) {
		bytes_append(out, span_of(block, n));
		if (out->n > CONFIG_FILE_MAX)
			code = error_set(e, ERR_TOO_LARGE, "%s", path);
	}
	if (!code && ferror(file))
		code = error_set_errno(e, ERR_FILE_READ, "%s", path);
	fclose(file);
	return code;
}

enum err config_load(const char *path, bool optional, const struct config_setting *settings,
	size_t count, void *into, struct error *e)
{
	struct bytes content = {0};
	enum err code;

	code = read_file(path, optional, &content, e);
	if (!code)
		code = config_read_text(path, bytes_span(&content), settings, count, into, e);
	bytes_free(&content);
	return code;
}

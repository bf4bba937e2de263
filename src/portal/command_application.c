#include "portal/command.h"

#include "base/clock.h"
#include "base/text.h"
#include "portal/store/store_registry.h"

#include <stdio.h>
#include <string.h>

/* Indexed by enum application_state. */
static const char *const words[] = {"received", "checked", "issued", "delivered", "refused"};

#define WORDS (sizeof(words) / sizeof(*words))

/* State and note, as they stand behind the arguments that come first. */
static enum err take_state(
	const struct options *o, size_t first, struct application *a, struct error *e)
{
	const char *word = o->argument_count > first ? o->arguments[first] : words[0];
	const char *note = o->argument_count > first + 1 ? o->arguments[first + 1] : "";
	size_t i = 0;

	while (i < WORDS && strcmp(word, words[i]) != 0)
		i++;
	if (i == WORDS)
		return error_set(e, ERR_USAGE, "application %s", word);
	if (o->argument_count > first + 2 || strlen(note) >= sizeof(a->note) ||
		strchr(note, '\n') || !text_is_safe(span_text(note), NULL))
		return error_set(e, ERR_USAGE, "application: note");
	a->state = (enum application_state)i;
	memcpy(a->note, note, strlen(note) + 1);
	a->changed = clock_wall_s();
	return ERR_OK;
}

static enum err judge_new(struct options *o, struct error *e)
{
	struct application a;
	enum err code = options_take_person(o, e);

	return code ? code : take_state(o, 1, &a, e);
}

static enum err add(struct store *store, const struct options *o, struct error *e)
{
	struct application a = {0};
	enum err code = take_state(o, 1, &a, e);

	memcpy(a.tckn, o->person, sizeof(a.tckn));
	if (!code)
		code = id_generate(a.id, e);
	a.created = a.changed;
	if (!code)
		code = store_add_application(store, &a, e);
	if (!code)
		printf("%s\n", a.id);
	return code;
}

static bool print_line(const struct application *a, void *context)
{
	char changed[20];

	(void)context;
	clock_format_local(a->changed, changed);
	printf("%s %-9s %s  %s\n", a->id, words[a->state], changed, a->note);
	return true;
}

static enum err list(struct store *store, const struct options *o, struct error *e)
{
	return store_list_applications(store, o->person, print_line, NULL, e);
}

static enum err judge_change(struct options *o, struct error *e)
{
	struct application a;

	if (o->argument_count < 3 || !id_is_wellformed(span_text(o->arguments[1])))
		return error_set(e, ERR_USAGE, "status NUMBER STATE [NOTE]");
	return take_state(o, 2, &a, e);
}

static enum err status(struct store *store, const struct options *o, struct error *e)
{
	struct application a = {0};
	enum err code = take_state(o, 2, &a, e);

	memcpy(a.id, o->arguments[1], sizeof(a.id));
	return code ? code : store_change_application(store, &a, e);
}

enum err command_application(const struct options *o, struct error *e)
{
	static const struct command_action actions[] = {{"add", true, judge_new, add},
		{"list", false, options_take_person, list}, {"status", false, judge_change, status},
		{0}};

	return command_act(actions, "application", o, e);
}

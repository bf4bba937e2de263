#include "portal/command.h"

#include "base/text.h"

#include <limits.h>
#include <string.h>

void command_print(FILE *to, const char *text)
{
	struct bytes line = {0};

	text_line(span_text(text), UINT_MAX, &line);
	fputs(bytes_text(&line), to);
	bytes_free(&line);
}

enum err command_on_store(const struct options *o, bool create, command_deed *run, struct error *e)
{
	struct portal_settings settings = {0};
	struct store *store = NULL;
	enum err code = options_settings(o, &settings, e);

	if (!code)
		code = store_open(settings.database, create, &store, e);
	if (!code) {
		store_set_actor(store, "command");
		code = run(store, o, e);
	}
	if (!code && fflush(stdout) != 0)
		code = error_set_errno(e, ERR_FILE_WRITE, "stdout");
	store_close(store);
	settings_release(&settings);
	return code;
}

enum err command_act(const struct command_action *actions, const char *command,
	const struct options *o, struct error *e)
{
	const char *name = o->argument_count ? o->arguments[0] : "";
	struct options judged = *o;
	enum err code;

	while (actions->name && strcmp(name, actions->name) != 0)
		actions++;
	if (!actions->name)
		return error_set(e, ERR_USAGE, "%s %s", command, name);
	code = actions->judge(&judged, e);
	return code ? code : command_on_store(&judged, actions->create, actions->run, e);
}

#include "portal/command.h"

#include <string.h>

enum err command_act(const struct command_action *actions, const char *command,
	const struct options *o, struct error *e)
{
	struct portal_settings settings = {0};
	struct store *store = NULL;
	const char *name = o->argument_count ? o->arguments[0] : "";
	enum err code;

	while (actions->name && strcmp(name, actions->name) != 0)
		actions++;
	if (!actions->name)
		return error_set(e, ERR_USAGE, "%s %s", command, name);
	code = options_settings(o, &settings, e);
	if (!code)
		code = store_open(settings.database, actions->create, &store, e);
	if (!code) {
		store_set_actor(store, "command");
		code = actions->run(store, o, e);
	}
	store_close(store);
	settings_release(&settings);
	return code;
}

#include "portal/command.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>

static bool print_session(const struct session *s, void *context)
{
	char created[20], masked[12];

	(void)context;
	clock_format_local(s->created, created);
	text_mask_tckn(s->tckn, masked);
	return printf("%s  %-9s  %s  %s  %s\n", s->id, session_state_name(s, clock_wall_s()),
		       created, masked, s->person) > 0;
}

enum err command_list(const struct options *o, struct error *e)
{
	struct portal_settings settings = {0};
	struct store *store = NULL;
	enum err code = options_settings(o, &settings, e);

	if (!code)
		code = store_open(settings.database, false, &store, e);
	if (!code)
		code = store_list(store, print_session, NULL, e);
	if (!code && fflush(stdout) != 0)
		code = error_set_errno(e, ERR_FILE_WRITE, "stdout");
	store_close(store);
	settings_release(&settings);
	return code;
}

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

static enum err list(struct store *store, const struct options *o, struct error *e)
{
	(void)o;
	return store_list(store, print_session, NULL, e);
}

enum err command_list(const struct options *o, struct error *e)
{
	return command_on_store(o, false, list, e);
}

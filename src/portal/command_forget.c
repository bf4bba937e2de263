#include "portal/command.h"

#include "base/clock.h"
#include "portal/store/store_forget.h"

#include <stdio.h>

#define DAY_S 86400

/* A consent goes when its retention is over, whatever else is asked for. */
static struct forget_limits limits_of(
	const struct options *o, const struct portal_settings *settings)
{
	int64_t now = clock_wall_s();
	struct forget_limits l = {.others = now - o->older_than * DAY_S,
		.withdrawn = now - settings->withdrawn_days * DAY_S,
		.consents = now - settings->consent_days * DAY_S,
		.now = now - settings->grace_s};

	if (o->tckn)
		l.others = now + 1;
	if (l.withdrawn > l.others)
		l.withdrawn = l.others;
	if (l.consents > l.others)
		l.consents = l.others;
	return l;
}

static enum err forget(const struct options *o, const struct portal_settings *settings,
	const char *tckn, struct error *e)
{
	const struct forget_limits limits = limits_of(o, settings);
	struct forgotten f;
	struct store *store = NULL;
	enum err code = store_open(settings->database, false, &store, e);

	if (!code) {
		store_set_actor(store, "command");
		code = store_forget(store, tckn, &limits, &f, e);
	}
	if (!code)
		printf(_("Silinen: %lld oturum, %lld imza, %lld giriş.\n"
			 "Saklama süresi dolmadığı için kalan: %lld onay.\n"),
			(long long)f.sessions, (long long)f.consents, (long long)f.browsers,
			(long long)f.kept);
	store_close(store);
	return code;
}

enum err command_forget(const struct options *o, struct error *e)
{
	struct portal_settings settings = {0};
	char tckn[12] = "";
	enum err code;

	if ((o->tckn != NULL) == (o->older_than >= 0))
		return error_set(e, ERR_USAGE, "--tckn | --older-than");
	code = options_settings(o, &settings, e);
	if (!code && o->tckn)
		code = options_tckn(o, tckn, e);
	if (!code)
		code = forget(o, &settings, tckn, e);
	if (!code && fflush(stdout) != 0)
		code = error_set_errno(e, ERR_FILE_WRITE, "stdout");
	settings_release(&settings);
	return code;
}

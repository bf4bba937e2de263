#include "portal/demo/demo.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

enum err demo_open(const char *directory, struct demo **out, struct error *e)
{
	struct demo *d = must_zalloc(sizeof(*d));
	enum err code = ERR_OK;

	if (mkdir(directory, 0700) != 0 && errno != EEXIST)
		code = error_set_errno(e, ERR_FILE_WRITE, "%s", directory);
	if (!code)
		code = idp_open(directory, &d->idp, e);
	if (!code)
		code = pki_open(directory, &d->pki, e);
	*out = code ? NULL : d;
	if (code)
		demo_close(d);
	return code;
}

void demo_close(struct demo *d)
{
	if (!d)
		return;
	idp_close(d->idp);
	pki_close(d->pki);
	free(d->origin);
	free(d);
}

void demo_set_origin(struct demo *d, const char *origin)
{
	idp_set_origin(d->idp, origin);
	settings_replace(&d->origin, origin);
}

void demo_fill_settings(const struct demo *d, struct portal_settings *settings)
{
	pki_fill_settings(d->pki, d->origin, settings);
}

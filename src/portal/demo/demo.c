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
	free(d);
}

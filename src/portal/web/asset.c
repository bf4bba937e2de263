#include "portal/web/asset.h"

#include <string.h>

const struct asset *asset_find(const char *name)
{
	for (const struct asset *at = assets; at->name; at++) {
		if (strcmp(at->name, name) == 0)
			return at;
	}
	return NULL;
}

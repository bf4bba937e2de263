/* The files that are embedded at build (src/portal/web/sources.am lists them): templates, styles, scripts, pictures,
 * the English catalogue. */
#ifndef EONAY_PORTAL_WEB_ASSET_H
#define EONAY_PORTAL_WEB_ASSET_H

#include <stddef.h>
#include <stdint.h>

struct asset {
	const char *name; /* "landing.html" */
	const uint8_t *at;
	size_t n;
	const char *hash; /* SHA-256 of the content, hexadecimal */
};

/* What src/portal/web/embed writes; ended by an entry without a name. */
extern const struct asset assets[];

/* The file with this name, NULL when there is none. */
const struct asset *asset_find(const char *name);

#endif

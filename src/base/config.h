/* Reading configuration files in libconfig format against a table of known settings. Unknown or
 * ill-typed settings are errors that name file, line and setting. The library of its own
 * libbaseconfig.a: programs that read no configuration need not load libconfig (CONFIG_LIBS before
 * BASE_LIBS when linking). */
#ifndef EONAY_BASE_CONFIG_H
#define EONAY_BASE_CONFIG_H

#include "base/bytes.h"
#include "base/error.h"

#define CONFIG_FILE_MAX (64 * 1024) /* bytes; ours have a few KiB with all comments */

enum config_type {
	CONFIG_TEXT, /* char *, owned by the struct filled, never NULL; "" is allowed unless min is
			1 */
	CONFIG_NUMBER, /* long; bounds min..max */
	CONFIG_SWITCH, /* bool */
	CONFIG_CHOICE, /* int: index into choices */
};

/* One known setting and where its value goes. */
struct config_setting {
	const char *path; /* as in libconfig: "service.url" */
	enum config_type type;
	size_t offset;              /* offsetof() in the struct that config_load() fills */
	long min, max;              /* CONFIG_NUMBER; CONFIG_TEXT: min 1 means not empty, max
				       (not 0) is of its bytes */
	const char *const *choices; /* CONFIG_CHOICE, NULL-ended */
	const char *standard;       /* the default in text form */
};

/* Fills into with the defaults, then with what the file at path says. A missing file is an error
 * unless optional. ERR_FILE_READ, ERR_TOO_LARGE, ERR_CONFIG_SYNTAX, ERR_CONFIG_UNKNOWN,
 * ERR_CONFIG_TYPE, ERR_CONFIG_VALUE (out of bounds, no such choice, a text that is not safe to
 * show: base/text.h); e->where is "FILE:LINE: setting". On an error nothing stays allocated in
 * into. @include is not allowed. */
enum err config_load(const char *path, bool optional, const struct config_setting *settings,
	size_t count, void *into, struct error *e);

/* As config_load() for a file's content that is at hand already; name stands for FILE in e->where.
 */
enum err config_read_text(const char *name, struct span content,
	const struct config_setting *settings, size_t count, void *into, struct error *e);

/* Releases the strings that config_load() put into the struct. */
void config_release(const struct config_setting *settings, size_t count, void *into);

#endif

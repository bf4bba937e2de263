/* A file's bytes without reading them into memory. */
#ifndef EONAY_CLI_MAPPING_H
#define EONAY_CLI_MAPPING_H

#include "base/bytes.h"
#include "base/error.h"

/* A zeroed struct is closed and valid. */
struct mapping {
	struct span bytes; /* at is never NULL, also for an empty file */
	void *at;
	size_t n;
};

/* Maps the regular file at path. ERR_FILE_READ. The caller ends it with mapping_close(). A file
 * that is made shorter meanwhile ends the process with a message and ERR_FILE_READ's exit status.
 */
enum err mapping_open(const char *path, struct mapping *m, struct error *e);
void mapping_close(struct mapping *m);

#endif

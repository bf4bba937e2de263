/* Reading a whole file of bounded size. */
#ifndef EONAY_BASE_LOAD_H
#define EONAY_BASE_LOAD_H

#include "base/bytes.h"
#include "base/error.h"

/* Appends the content of the file at path (max bytes at most) to out; "-" is the standard input. On
 * an error out is as before. ERR_FILE_READ, ERR_TOO_LARGE. */
enum err load_file(const char *path, size_t max, struct bytes *out, struct error *e);

#endif

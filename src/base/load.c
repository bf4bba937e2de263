#include "base/load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Reads to the end; one byte more than max tells that it is too large. */
static enum err read_all(int fd, const char *path, size_t max, struct bytes *out, struct error *e)
{
	uint8_t piece[16384];
	size_t room = max + 1;
	ssize_t n;

	while (room > 0 &&
		(n = read(fd, piece, room < sizeof(piece) ? room : sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(e, ERR_FILE_READ, "%s", path);
		bytes_append(out, span_of(piece, (size_t)n));
		room -= (size_t)n;
	}
	explicit_bzero(piece, sizeof(piece));
	return room > 0 ? ERR_OK : error_set(e, ERR_TOO_LARGE, "%s: > %zu bytes", path, max);
}

enum err load_file(const char *path, size_t max, struct bytes *out, struct error *e)
{
	bool standard_input = strcmp(path, "-") == 0;
	int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	size_t before = out->n;
	enum err code;

	if (fd < 0)
		return error_set_errno(e, ERR_FILE_READ, "%s", path);
	code = read_all(fd, path, max, out, e);
	if (code)
		out->n = before;
	if (!standard_input)
		close(fd);
	return code;
}

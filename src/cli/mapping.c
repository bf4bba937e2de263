#include "cli/mapping.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The kernel's answer to reading behind a file's new end; async-signal-safe calls only. */
static void on_truncated(int signal_number)
{
	static const char words[] = "eonay: K-010 the file became shorter while it was read\n";

	(void)signal_number;
	if (write(STDERR_FILENO, words, sizeof(words) - 1) < 0)
		_exit(1);
	_exit(error_exit_status(ERR_FILE_READ));
}

static enum err map(int fd, const char *path, struct mapping *m, struct error *e)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return error_set_errno(e, ERR_FILE_READ, "%s", path);
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return error_set_errno(e, ERR_FILE_READ, "%s", path);
	}
	if (!S_ISREG(st.st_mode)) {
		errno = ENODEV; /* a pipe or a terminal can't be mapped */
		return error_set_errno(e, ERR_FILE_READ, "%s", path);
	}
	m->bytes = span_of("", 0);
	if (st.st_size == 0)
		return ERR_OK;
	m->at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (m->at == MAP_FAILED) {
		m->at = NULL;
		return error_set_errno(e, ERR_FILE_READ, "%s", path);
	}
	m->n = (size_t)st.st_size;
	m->bytes = span_of(m->at, m->n);
	signal(SIGBUS, on_truncated);
	return ERR_OK;
}

enum err mapping_open(const char *path, struct mapping *m, struct error *e)
{
	/* O_NONBLOCK: a pipe without a writer is refused at once instead of waited for. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	enum err code;

	*m = (struct mapping){.at = NULL};
	if (fd < 0)
		return error_set_errno(e, ERR_FILE_READ, "%s", path);
	code = map(fd, path, m, e);
	close(fd);
	return code;
}

void mapping_close(struct mapping *m)
{
	if (m->at)
		munmap(m->at, m->n);
	*m = (struct mapping){.at = NULL};
}

#include "cli/sweeper.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRIES 100 /* others may still be writing into it while they end */
#define TRY_MS 20

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	remove(path);
	return 0;
}

/* Waits for the end of the pipe, which nobody writes to, then removes the directory. The terminal's signals are for the
 * other process. */
_Noreturn static void sweep(const char *directory, int end)
{
	char byte;

	setsid();
	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_IGN);
	close_range(0, (unsigned)end - 1, 0);
	close_range((unsigned)end + 1, UINT_MAX, 0);
	while (read(end, &byte, 1) < 0 && errno == EINTR)
		continue;
	for (int i = 0; i < TRIES; i++) {
		nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
		if (access(directory, F_OK) != 0)
			break;
		poll(NULL, 0, TRY_MS);
	}
	_exit(EXIT_SUCCESS);
}

enum err sweeper_start(struct sweeper *s, struct error *e)
{
	int ends[2];

	*s = (struct sweeper){.end = -1};
	snprintf(s->directory, sizeof(s->directory), "/tmp/eonay-demo-XXXXXX");
	if (!mkdtemp(s->directory))
		return error_set_errno(e, ERR_DEMO, "%s", s->directory);
	if (pipe2(ends, O_CLOEXEC) != 0 || (s->pid = fork()) < 0) {
		rmdir(s->directory);
		return error_set_errno(e, ERR_DEMO, "%s", "fork");
	}
	if (s->pid == 0)
		sweep(s->directory, ends[0]);
	close(ends[0]);
	s->end = ends[1];
	return ERR_OK;
}

void sweeper_stop(struct sweeper *s)
{
	if (s->pid <= 0)
		return;
	close(s->end);
	while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	s->pid = 0;
}

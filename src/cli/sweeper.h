/* A private directory that is gone when the program is, however it ended. */
#ifndef EONAY_CLI_SWEEPER_H
#define EONAY_CLI_SWEEPER_H

#include <sys/types.h>

#include "base/error.h"

#define SWEEPER_PATH_MAX 64

struct sweeper {
	char directory[SWEEPER_PATH_MAX]; /* 0700, below /tmp */
	pid_t pid;                        /* the process that waits for our end */
	int end;                          /* open as long as we live */
};

/* Makes the directory and starts the process. ERR_DEMO. Before secrets are there, since a copy of the process waits. */
enum err sweeper_start(struct sweeper *s, struct error *e);

/* Removes the directory now and waits until it is gone. A zeroed struct is allowed. */
void sweeper_stop(struct sweeper *s);

#endif

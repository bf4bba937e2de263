/* Programs of ours that a command runs beside itself. They die with it, whatever ends it. */
#ifndef EONAY_CLI_PROCESS_H
#define EONAY_CLI_PROCESS_H

#include <sys/types.h>

#include "base/bytes.h"
#include "base/error.h"

#define PROCESS_ARGUMENTS_MAX 16 /* behind the program's name */

/* One of our programs and how it is called. Arguments are NULL-ended and must hold no secret: every user can read
 * them. */
struct process_call {
	const char *name;
	const char *folder; /* where it is installed */
	const char *arguments[PROCESS_ARGUMENTS_MAX + 1];
};

/* Starts it; its standard output is a pipe whose other end comes to *out (NULL: /dev/null), input and error are
 * /dev/null. ERR_DEMO. */
enum err process_start(const struct process_call *call, pid_t *pid, int *out, struct error *e);

/* Runs it to its end and gives what it wrote, at most 4 KiB; text may be NULL. ERR_DEMO when it does not end well, or not
 * within seconds. */
enum err process_run(
	const struct process_call *call, int seconds, struct bytes *text, struct error *e);

/* The first line that comes through fd, without its end. ERR_DEMO when none comes within seconds. */
enum err process_read_line(int fd, int seconds, struct bytes *line, struct error *e);

/* Asks it to end, and makes it; it is gone afterwards. pid 0 or less: nothing to do. */
void process_stop(pid_t pid);

#endif

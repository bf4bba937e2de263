#include "cli/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/program.h"

#define OUTPUT_MAX 4096 /* a code and a line about it */
#define STOP_MS 3000    /* a service's time to finish what it is doing */
#define STOP_STEP_MS 10

/* In the new process. Only async-signal-safe calls. */
_Noreturn static void become(
	const char *path, const struct process_call *call, pid_t parent, int out)
{
	const char *arguments[PROCESS_ARGUMENTS_MAX + 2] = {call->name};
	int null = open("/dev/null", O_RDWR);

	for (int i = 0; call->arguments[i]; i++)
		arguments[i + 1] = call->arguments[i];
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(EXIT_FAILURE);
	if (dup2(null, STDIN_FILENO) < 0 || dup2(out < 0 ? null : out, STDOUT_FILENO) < 0 ||
		dup2(null, STDERR_FILENO) < 0)
		_exit(EXIT_FAILURE);
	close_range(3, UINT_MAX, 0);
	setpgid(0, 0); /* Ctrl-C is for the one on the screen, which ends us in order */
	execv(path, (char *const *)arguments);
	_exit(EXIT_FAILURE);
}

static enum err start(const struct process_call *call, pid_t *pid, int out, struct error *e)
{
	char path[PATH_MAX];
	pid_t parent = getpid();

	if (!program_find(call->name, call->folder, path, sizeof(path)))
		return error_set_errno(e, ERR_DEMO, "%s", path);
	*pid = fork();
	if (*pid < 0)
		return error_set_errno(e, ERR_DEMO, "%s", "fork");
	if (*pid == 0)
		become(path, call, parent, out);
	return ERR_OK;
}

enum err process_start(const struct process_call *call, pid_t *pid, int *out, struct error *e)
{
	int ends[2];
	enum err code;

	if (!out)
		return start(call, pid, -1, e);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return error_set_errno(e, ERR_DEMO, "%s", "pipe2");
	code = start(call, pid, ends[1], e);
	close(ends[1]);
	if (code)
		close(ends[0]);
	else
		*out = ends[0];
	return code;
}

/* Appends what comes next. False at the end, or when until has passed. */
static bool read_some(int fd, int64_t until, struct bytes *text)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int64_t left = until - clock_monotonic_ms();
	char piece[256];
	ssize_t n;

	if (left <= 0 || text->n >= OUTPUT_MAX || poll(&p, 1, (int)left) <= 0)
		return false;
	n = read(fd, piece, sizeof(piece));
	if (n > 0)
		bytes_append(text, span_of(piece, (size_t)n));
	explicit_bzero(piece, sizeof(piece));
	return n > 0;
}

static enum err end_well(pid_t pid, const char *name, struct error *e)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return ERR_OK;
	return error_set(e, ERR_DEMO, "%s: %d", name,
		WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
}

enum err process_run(
	const struct process_call *call, int seconds, struct bytes *text, struct error *e)
{
	int64_t until = clock_monotonic_ms() + seconds * 1000;
	struct bytes all = {0};
	pid_t pid;
	int out;
	enum err code = process_start(call, &pid, &out, e);

	if (code)
		return code;
	while (read_some(out, until, &all))
		continue;
	close(out);
	if (clock_monotonic_ms() >= until)
		kill(pid, SIGKILL);
	code = end_well(pid, call->name, e);
	if (code == ERR_OK && text)
		bytes_append(text, bytes_span(&all));
	bytes_wipe(&all);
	return code;
}

enum err process_read_line(int fd, int seconds, struct bytes *line, struct error *e)
{
	int64_t until = clock_monotonic_ms() + seconds * 1000;
	char *end;

	do {
		end = line->n ? memchr(line->at, '\n', line->n) : NULL;
	} while (!end && read_some(fd, until, line));
	if (!end)
		return error_set(e, ERR_DEMO, "%s", "no line");
	line->n = (size_t)(end - (char *)line->at);
	return ERR_OK;
}

void process_stop(pid_t pid)
{
	int64_t until = clock_monotonic_ms() + STOP_MS;

	if (pid <= 0)
		return;
	kill(pid, SIGTERM);
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		if (clock_monotonic_ms() >= until)
			kill(pid, SIGKILL);
		poll(NULL, 0, STOP_STEP_MS);
	}
}

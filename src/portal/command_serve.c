#include "portal/command.h"

#include "base/clock.h"
#include "base/log.h"
#include "portal/serving.h"
#include "portal/supervisor.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define FORGET_EVERY_MS 60000

/* Whoever started us learns the port, and that we serve. */
static enum err tell_ready(int fd, unsigned port, struct error *e)
{
	char line[16];
	int n = snprintf(line, sizeof(line), "%u\n", port);

	supervisor_ready();
	if (fd < 0)
		return ERR_OK;
	if (write(fd, line, (size_t)n) != n)
		return error_set_errno(e, ERR_FILE_WRITE, "--ready-fd %d", fd);
	close(fd);
	return ERR_OK;
}

/* Whatever is wrong with the new settings, we go on with the old ones. */
static void reload(struct serving *s)
{
	struct error e = {0};

	supervisor_reloading();
	if (serving_reload(s, &e))
		log_failure("reload", &e);
	else
		log_write(LOG_LEVEL_INFO, "settings and certificates were read anew");
	supervisor_ready();
}

static void run_until_signal(struct serving *s, const sigset_t *signals)
{
	const struct timespec second = {.tv_sec = 1};
	int64_t forgotten = clock_monotonic_ms();
	int signal_number;

	while ((signal_number = sigtimedwait(signals, NULL, &second)) < 0 ||
		signal_number == SIGHUP) {
		if (signal_number == SIGHUP)
			reload(s);
		if (serving_tick(s))
			supervisor_alive();
		if (clock_monotonic_ms() - forgotten < FORGET_EVERY_MS)
			continue;
		serving_forget(s);
		forgotten = clock_monotonic_ms();
	}
}

/* Threads inherit the mask: the signals that concern us come to run_until_signal() alone. */
static void hold_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

enum err command_serve(const struct options *o, struct error *e)
{
	struct serving s = {0};
	sigset_t signals;
	enum err code;

	hold_signals(&signals);
	code = serving_prepare(&s, o, e);
	if (!code)
		code = serving_start(&s, e);
	if (!code)
		code = tell_ready(o->ready_fd, s.port, e);
	if (!code) {
		log_write(LOG_LEVEL_INFO, "serving on %s, port %u", s.settings.listen_address,
			s.port);
		run_until_signal(&s, &signals);
		log_write(LOG_LEVEL_INFO, "stopping");
		supervisor_stopping();
	} else {
		log_failure("start", e);
	}
	serving_stop(&s);
	return code;
}

#include "job/worker.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/program.h"
#include "job/frame.h"
#include "job/message.h"

#define WORKER_PROGRAM "eonay-worker"
#define RESTART_PAUSE_MS 1000 /* a worker that dies at once is not started more often than this */
#define NETWORK_GRACE_MS 2000 /* libcurl's own limits come first; this is for when they don't */

struct worker {
	enum worker_kind kind;
	const struct settings *settings;
	uint16_t card_port;
	pid_t pid; /* 0: none */
	int fd;    /* -1: none */
	struct frame_in in;
	struct frame_out out;
	enum job_kind running; /* JOB_NONE: no request under way */
	int stage;             /* of the request, -1 before the first */
	bool reading;          /* the card worker said that it is reading a card */
	int64_t deadline;      /* of the request or the reading; INT64_MAX: none */
	int64_t restart_at;    /* when there is no process */
	int64_t started;
	char reading_reader[128]; /* the reader whose card is being read */
	uint32_t reading_events;
	char skip_reader[128]; /* the reader whose card made a worker hang */
	uint32_t skip_events;
};

static const char *const kind_argument[] = {[WORKER_CARD] = "card", [WORKER_NETWORK] = "network"};

/* In the child: the socket becomes standard input, nothing else stays open but standard error
 * unless that is a terminal, which belongs to the screen. A session of its own keeps the terminal's
 * signals away. */
static void run_program(const char *path, enum worker_kind kind, int fd)
{
	char *arguments[] = {(char *)WORKER_PROGRAM, (char *)kind_argument[kind], NULL};
	sigset_t none;
	int null;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	null = open("/dev/null", O_RDWR);
	if (null < 0 || dup2(fd, 0) < 0 || dup2(null, 1) < 0 || (isatty(2) && dup2(null, 2) < 0))
		_exit(1);
	close_range(3, ~0U, 0);
	execv(path, arguments);
	_exit(1);
}

static void copy_text(char *out, size_t room, const char *from)
{
	snprintf(out, room, "%s", from ? from : "");
}

/* The first message tells the worker all that it needs. */
static void queue_setup(struct worker *w)
{
	const struct settings *s = w->settings;
	struct message_setup setup = {
		.card_port = w->card_port,
		.any_certificate = s->qualified == QUALIFIED_ANY,
		.connect_ms = s->connect_seconds * 1000,
		.request_ms = s->request_seconds * 1000,
		.log_level = (uint8_t)s->log_level,
		.skip_events = w->skip_events,
	};
	struct bytes message = {0};

	copy_text(setup.reader, sizeof(setup.reader), s->reader);
	copy_text(setup.trust, sizeof(setup.trust), s->trust);
	copy_text(setup.service_url, sizeof(setup.service_url), s->service_url);
	copy_text(setup.service_ca, sizeof(setup.service_ca), s->service_ca);
	copy_text(setup.service_pin, sizeof(setup.service_pin), s->service_pin);
	copy_text(setup.kiosk_name, sizeof(setup.kiosk_name), s->kiosk_name);
	copy_text(setup.log_target, sizeof(setup.log_target), s->log_target);
	copy_text(setup.skip_reader, sizeof(setup.skip_reader), w->skip_reader);
	message_encode_setup(&setup, &message);
	frame_queue(&w->out, &message);
}

/* Starts the process. False when the system gives none; it is tried again after a pause. */
static bool start(struct worker *w)
{
	char path[PATH_MAX];
	int pair[2];

	w->started = clock_monotonic_ms();
	w->restart_at = w->started + RESTART_PAUSE_MS;
	if (!program_find(WORKER_PROGRAM, PKGLIBEXECDIR, path, sizeof(path)))
		return false;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return false;
	w->pid = fork();
	if (w->pid == 0)
		run_program(path, w->kind, pair[1]);
	close(pair[1]);
	if (w->pid < 0) {
		w->pid = 0;
		close(pair[0]);
		return false;
	}
	w->fd = pair[0];
	fcntl(w->fd, F_SETFL, O_NONBLOCK);
	queue_setup(w);
	frame_flush(w->fd, &w->out);
	return true;
}

/* Ends the process, if there is one, and forgets what was under way. */
static void stop(struct worker *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
	if (w->pid > 0) {
		kill(w->pid, SIGKILL);
		waitpid(w->pid, NULL, 0);
	}
	w->pid = 0;
	frame_in_clear(&w->in);
	bytes_wipe(&w->out.bytes);
	w->out.sent = 0;
	w->running = JOB_NONE;
	w->reading = false;
	w->deadline = INT64_MAX;
}

enum err worker_open(enum worker_kind kind, const struct settings *settings,
	uint16_t virtual_card_port, struct worker **out, struct error *e)
{
	struct worker *w = must_zalloc(sizeof(*w));
	char path[PATH_MAX];

	*w = (struct worker){.kind = kind,
		.settings = settings,
		.card_port = virtual_card_port,
		.fd = -1,
		.deadline = INT64_MAX};
	if (!program_find(WORKER_PROGRAM, PKGLIBEXECDIR, path, sizeof(path))) {
		free(w);
		return error_set_errno(e, ERR_WORKER_DIED, "%s", path);
	}
	start(w);
	*out = w;
	return ERR_OK;
}

void worker_close(struct worker *w)
{
	if (!w)
		return;
	stop(w);
	free(w);
}

int worker_fd(const struct worker *w)
{
	return w->fd;
}

short worker_poll_events(const struct worker *w)
{
	return w->out.bytes.n > w->out.sent ? POLLIN | POLLOUT : POLLIN;
}

int64_t worker_deadline(const struct worker *w)
{
	return w->fd < 0 ? w->restart_at : w->deadline;
}

bool worker_busy(const struct worker *w)
{
	return w->running != JOB_NONE;
}

/* How long a job may take from now on. Hashing and checking a file takes as long as the file is
 * large, so only what needs the card is timed there. */
static int64_t limit_of(const struct worker *w, enum job_kind kind)
{
	int64_t now = clock_monotonic_ms();

	if (w->kind == WORKER_NETWORK)
		return now + (w->settings->connect_seconds + w->settings->request_seconds) * 1000 +
		       NETWORK_GRACE_MS;
	if (kind == JOB_SIGN_FILE)
		return INT64_MAX;
	return now + w->settings->card_seconds * 1000;
}

enum err worker_send(struct worker *w, struct job_request *request, struct error *e)
{
	struct bytes message = {0};
	enum job_kind kind = request->kind;

	if (worker_busy(w)) {
		job_request_free(request);
		return error_set(e, ERR_BUSY, "%s", kind_argument[w->kind]);
	}
	if (w->fd < 0 && !start(w)) {
		job_request_free(request);
		return error_set(e, ERR_WORKER_DIED, "%s", kind_argument[w->kind]);
	}
	message_encode_request(request, &message);
	job_request_free(request);
	frame_queue(&w->out, &message);
	w->running = kind;
	w->stage = -1;
	w->deadline = limit_of(w, kind);
	frame_flush(w->fd, &w->out);
	return ERR_OK;
}

/* A card that made the worker hang is left alone by the next one. */
static void skip_hanging_card(struct worker *w)
{
	if (!w->reading)
		return;
	memcpy(w->skip_reader, w->reading_reader, sizeof(w->skip_reader));
	w->skip_events = w->reading_events;
}

/* From there on what only the worker knows is whether a PIN or PUK has left. */
static bool has_reached_signing(const struct worker *w)
{
	return w->kind == WORKER_CARD && w->running != JOB_NONE && w->stage >= STAGE_SIGNING;
}

/* The process is gone or is made to go: the result that says so. */
static void give_up(struct worker *w, enum err why, int64_t now, struct job_result *out)
{
	const bool pin_sent = has_reached_signing(w);
	enum job_kind kind = w->running;

	if (kind == JOB_NONE)
		kind = w->kind == WORKER_CARD ? JOB_CARDS : JOB_NONE;
	if (why == ERR_DEADLINE)
		skip_hanging_card(w);
	stop(w);
	*out = (struct job_result){.kind = kind};
	error_set(&out->error, why, "%s", kind_argument[w->kind]);
	out->error.pin_sent = pin_sent;
	if (kind == JOB_CARDS) {
		out->cards = must_zalloc(sizeof(*out->cards));
		out->cards->error = out->error;
	}
	log_failure("worker", &out->error);
	if (now - w->started >= RESTART_PAUSE_MS)
		start(w);
}

/* Which card is being read, if any. */
static void note_reading(struct worker *w, const struct cards *cards)
{
	w->reading = cards->reading;
	for (unsigned i = 0; i < cards->reader_count; i++) {
		const struct cards_reader *r = &cards->readers[i];

		if (r->state != ERR_BUSY)
			continue;
		memcpy(w->reading_reader, r->name, sizeof(w->reading_reader));
		w->reading_events = r->events;
		return;
	}
}

/* Keeps the clock of what is under way. */
static void note_result(struct worker *w, const struct job_result *r)
{
	if (r->kind == JOB_PROGRESS) {
		if ((int)r->stage <= w->stage)
			return; /* only what moves on earns more time */
		w->stage = (int)r->stage;
		w->deadline = limit_of(w, r->stage == STAGE_SIGNING ? JOB_SIGN : w->running);
		return;
	}
	if (r->kind == JOB_CARDS)
		note_reading(w, r->cards);
	else
		w->running = JOB_NONE;
	if (w->running == JOB_NONE)
		w->deadline = w->reading ? limit_of(w, JOB_CARDS) : INT64_MAX;
}

/* A whole message is in: out of it comes a result, unless it makes no sense. */
static bool take_result(struct worker *w, int64_t now, struct job_result *out)
{
	*out = (struct job_result){0};
	if (!message_decode_result(span_of(w->in.body, w->in.n), out)) {
		give_up(w, ERR_WIRE, now, out);
		return true;
	}
	frame_in_clear(&w->in);
	note_result(w, out);
	return true;
}

/* What a person can do about it is another thing with a card than with a service. */
static enum err too_late(const struct worker *w)
{
	return w->kind == WORKER_NETWORK ? ERR_SERVICE_UNREACHABLE : ERR_DEADLINE;
}

bool worker_receive(struct worker *w, int64_t now_ms, struct job_result *out)
{
	enum err status;

	if (w->fd < 0) {
		if (now_ms >= w->restart_at)
			start(w);
		return false;
	}
	if (frame_flush(w->fd, &w->out) == ERR_WORKER_DIED) {
		give_up(w, ERR_WORKER_DIED, now_ms, out);
		return out->kind != JOB_NONE;
	}
	status = frame_read(w->fd, &w->in);
	if (status == ERR_OK)
		return take_result(w, now_ms, out);
	if (status != ERR_END) {
		give_up(w, status, now_ms, out);
		return out->kind != JOB_NONE;
	}
	if (now_ms >= w->deadline) {
		give_up(w, too_late(w), now_ms, out);
		return out->kind != JOB_NONE;
	}
	return false;
}

void worker_cancel(struct worker *w)
{
	if (w->running == JOB_NONE)
		return;
	stop(w);
	start(w);
}

void worker_wait(const struct worker *w, int64_t until)
{
	struct pollfd p = {.fd = worker_fd(w), .events = worker_poll_events(w)};
	int64_t deadline = worker_deadline(w) < until ? worker_deadline(w) : until;
	int64_t left = deadline - clock_monotonic_ms();

	if (left < 0)
		left = 0;
	poll(&p, 1, left > INT_MAX ? -1 : (int)left);
}

enum err worker_run(struct worker *w, struct job_request *request, struct job_result *out,
	void (*other)(const struct job_result *, void *), void *context)
{
	enum job_kind kind = request->kind;
	enum err status = worker_send(w, request, &out->error);

	out->kind = kind;
	if (status)
		return status;
	for (;;) {
		while (worker_receive(w, clock_monotonic_ms(), out)) {
			if (out->kind == kind)
				return out->error.code;
			if (other)
				other(out, context);
			job_result_free(out);
		}
		worker_wait(w, INT64_MAX);
	}
}

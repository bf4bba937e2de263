#include "tui/app.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/save.h"
#include "job/worker.h"
#include "sign/digest.h"
#include "tui/flow.h"
#include "tui/keys.h"
#include "tui/term.h"
#include "tui/view.h"
#include "tui/words.h"

#define FAREWELL_MS                                                                                \
	1000           /* how long the end waits for the service to hear of an abandoned session */
#define RESULTS_MAX 16 /* of one worker between two looks at the keys */
#define SIGNALLED 128  /* exit status of a program that a signal ended is 128 + its number */

enum input { INPUT_TERMINAL, INPUT_SIGNAL, INPUT_TIMER, INPUT_CARD, INPUT_NETWORK, INPUT_COUNT };

struct app {
	const struct settings *settings;
	struct flow flow;
	struct view view;
	struct keys keys;
	struct worker *card, *network;
	struct job_request
		waiting; /* for the network worker, which is still busy with an abandoned session */
	int signals, timer;
	int language;
	char home[SAVE_PATH_MAX];
	bool flushed;    /* what was read with the last key is to be dropped */
	bool code_spent; /* of the demonstration */
	bool ended;
	int status;
};

static void step(struct app *a, struct event *event);

static void step_kind(struct app *a, enum event_kind kind)
{
	step(a, &(struct event){.kind = kind});
}

/* A request that could not be handed over has failed like one that was. */
static void hand_over(struct app *a, struct worker *w, struct job_request *request)
{
	struct job_result failed = {.kind = request->kind};

	if (request->kind == JOB_NONE || !worker_send(w, request, &failed.error))
		return;
	if (failed.kind != JOB_ABANDON)
		step(a, &(struct event){.kind = EVENT_RESULT, .result = &failed});
}

static void to_network(struct app *a, struct job_request *request)
{
	if (request->kind == JOB_NONE)
		return;
	if (!worker_busy(a->network)) {
		hand_over(a, a->network, request);
		return;
	}
	job_request_free(&a->waiting);
	a->waiting = *request;
}

/* What still waits is given up alone: the service is to hear that the session before has ended. */
static void cancel_network(struct app *a)
{
	if (a->waiting.kind == JOB_NONE)
		worker_cancel(a->network);
	job_request_free(&a->waiting);
}

static void hash_content(struct app *a)
{
	struct event hashed = {.kind = EVENT_HASHED};

	if (digest_of(DIGEST_SHA256, bytes_span(&a->flow.content), hashed.sha256, &hashed.error) ==
		ERR_OK)
		step(a, &hashed);
	else
		log_failure("digest", &hashed.error);
}

/* Where signed contents go when nobody says otherwise: to the account's own directory, as the system knows it, for
 * there is no environment. Asked before the screen is there: a directory of accounts may take its time. */
static void find_home(struct app *a)
{
	const struct passwd *account = getpwuid(getuid());

	snprintf(a->home, sizeof(a->home), "%s",
		account && account->pw_dir[0] == '/' ? account->pw_dir : "/tmp");
}

static const char *save_directory(const struct app *a)
{
	return *a->settings->save_directory ? a->settings->save_directory : a->home;
}

static bool propose_path(const struct app *a, char path[SAVE_PATH_MAX])
{
	time_t signed_at = (time_t)a->flow.signed_at;
	struct tm local;
	char stem[64];

	if (!localtime_r(&signed_at, &local) ||
		strftime(stem, sizeof(stem), "e-onay-%Y%m%d-%H%M%S", &local) == 0)
		return false;
	return save_propose(save_directory(a), stem, "p7s", path);
}

static void propose(struct app *a)
{
	char path[SAVE_PATH_MAX];
	struct event event = {.kind = EVENT_PROPOSED, .path = path};

	if (propose_path(a, path))
		save_check(path, &event.error);
	else
		event = (struct event){.kind = EVENT_PROPOSED};
	step(a, &event);
}

/* Another name beside the one that is taken: its directory, its stem, a number. */
static bool propose_beside(const char *taken, char path[SAVE_PATH_MAX])
{
	char directory[SAVE_PATH_MAX], stem[SAVE_PATH_MAX];
	const char *slash = strrchr(taken, '/'), *name = slash ? slash + 1 : taken,
		   *dot = strrchr(name, '.');

	snprintf(directory, sizeof(directory), "%.*s", slash ? (int)(slash - taken + 1) : 2,
		slash ? taken : "./");
	snprintf(stem, sizeof(stem), "%.*s", dot ? (int)(dot - name) : (int)strlen(name), name);
	return save_propose(directory, stem, dot ? dot + 1 : "p7s", path);
}

static void save(struct app *a)
{
	const struct span cms = bytes_span(&a->flow.cms);
	char path[SAVE_PATH_MAX];
	struct event event = {.kind = EVENT_SAVED};

	if (save_new_file(a->flow.path, &cms, 1, &event.error) == ERR_FILE_EXISTS &&
		propose_beside(a->flow.path, path))
		event.path = path;
	if (event.error.code)
		log_failure("save", &event.error);
	step(a, &event);
}

static void carry_out(struct app *a, struct effects *effects)
{
	if (effects->what & EFFECT_FLUSH_INPUT) {
		term_flush_input();
		keys_wipe(&a->keys);
		a->flushed = true;
	}
	if (effects->what & EFFECT_WIPE_TERMINAL)
		term_redraw();
	if (effects->what & EFFECT_CANCEL)
		cancel_network(a);
	if (a->flow.language != a->language)
		words_language(a->language = a->flow.language);
	to_network(a, &effects->network);
	hand_over(a, a->card, &effects->card);
	if (effects->what & EFFECT_HASH)
		hash_content(a);
	if (effects->what & EFFECT_PROPOSE)
		propose(a);
	if (effects->what & EFFECT_SAVE)
		save(a);
	if (effects->what & EFFECT_QUIT)
		a->ended = true;
}

/* The one place where time and chance come in. */
static void step(struct app *a, struct event *event)
{
	struct effects effects;

	event->now = clock_monotonic_ms();
	event->wall = clock_wall_s();
	if (event->kind != EVENT_TIME &&
		getrandom(event->random, sizeof(event->random), 0) != sizeof(event->random))
		abort(); /* cannot happen for so few bytes once the system is up: getrandom(2) */
	flow_step(&a->flow, event, &effects);
	carry_out(a, &effects);
}

/* A demonstration has a new code ready when its code is gone and the first screen is there again. */
static void renew_code(struct app *a)
{
	const struct app_demo *demo = a->view.demo;

	if (!a->code_spent || a->flow.screen != SCREEN_CODE)
		return;
	a->code_spent = false;
	if (demo && demo->renew)
		demo->renew(demo->context);
}

static void draw(struct app *a)
{
	renew_code(a);
	view_draw(&a->view, &a->flow);
	term_show();
	if (a->flow.screen != SCREEN_CONTRACT || a->view.shown < a->flow.content.n ||
		a->flow.end_seen)
		return;
	/* It is on the screen now, and only now. */
	step(a, &(struct event){.kind = EVENT_SHOWN, .offset = a->view.shown});
	view_draw(&a->view, &a->flow);
	term_show();
}

static void on_key(struct app *a, const struct key *key)
{
	struct event event = {0};

	if (key->pressed == PRESSED_CONTROL && key->number == 'L')
		term_redraw();
	if (view_key(&a->view, &a->flow, key, &event))
		step(a, &event);
	explicit_bzero(&event, sizeof(event));
	/* The next key of the same read may press what this one has put on the screen. */
	view_draw(&a->view, &a->flow);
}

static void hang_up(struct app *a)
{
	a->ended = true;
	a->status = SIGNALLED + SIGHUP;
}

static void read_keys(struct app *a)
{
	uint8_t bytes[256];
	ssize_t n = term_read(bytes, sizeof(bytes));
	struct span input = span_of(bytes, n > 0 ? (size_t)n : 0);
	struct key key;

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
		hang_up(a);
		return;
	}
	a->flushed = false;
	while (!a->ended && !a->flushed && keys_next(&a->keys, clock_monotonic_ms(), &input, &key))
		on_key(a, &key);
	explicit_bzero(bytes, sizeof(bytes));
	explicit_bzero(&key, sizeof(key));
}

static void read_signal(struct app *a)
{
	struct signalfd_siginfo info;

	if (read(a->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGWINCH) {
		term_resized();
		return;
	}
	a->ended = true;
	a->status = SIGNALLED + (int)info.ssi_signo;
}

static const char *const job_names[] = {[JOB_CARDS] = "cards",
	[JOB_SIGN] = "sign",
	[JOB_UNBLOCK] = "unblock",
	[JOB_OPEN] = "open",
	[JOB_SUBMIT] = "submit",
	[JOB_DONE] = "done",
	[JOB_ABANDON] = "abandon"};

static bool is_spent(const struct job_result *result)
{
	enum err code = result->error.code;

	return result->kind == JOB_OPEN &&
	       (code == ERR_OK || code == ERR_CODE_EXPIRED || code == ERR_CODE_USED);
}

static void receive(struct app *a, struct worker *w)
{
	struct job_result result;

	/* Not more: a worker that never stops talking must not keep us from the keys. */
	for (int i = 0; i < RESULTS_MAX && worker_receive(w, clock_monotonic_ms(), &result); i++) {
		if (result.error.code && result.kind <= JOB_ABANDON && job_names[result.kind])
			log_failure(job_names[result.kind], &result.error);
		a->code_spent |= is_spent(&result);
		step(a, &(struct event){.kind = EVENT_RESULT, .result = &result});
		job_result_free(&result);
	}
	if (w == a->network && a->waiting.kind != JOB_NONE && !worker_busy(w)) {
		struct job_request request = a->waiting;

		a->waiting = (struct job_request){0};
		hand_over(a, w, &request);
	}
}

static int64_t earliest(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* One shot for the next visible change, the Esc key, or a worker's deadline; nothing in between wakes us. */
static void arm_timer(struct app *a)
{
	int64_t next = flow_next_change(&a->flow);
	struct itimerspec at = {0};

	next = earliest(next, keys_deadline(&a->keys));
	next = earliest(next, worker_deadline(a->card));
	next = earliest(next, worker_deadline(a->network));
	if (next != INT64_MAX) {
		at.it_value.tv_sec = next / 1000;
		at.it_value.tv_nsec = next % 1000 * 1000000;
		if (at.it_value.tv_sec == 0 && at.it_value.tv_nsec == 0)
			at.it_value.tv_nsec = 1; /* zero would disarm */
	}
	timerfd_settime(a->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

static void on_timer(struct app *a)
{
	uint64_t times;
	struct key key;

	if (read(a->timer, &times, sizeof(times)) != sizeof(times))
		return;
	if (keys_flush(&a->keys, clock_monotonic_ms(), &key))
		on_key(a, &key);
	step_kind(a, EVENT_TIME);
}

static void turn(struct app *a)
{
	struct pollfd inputs[INPUT_COUNT] = {
		[INPUT_TERMINAL] = {.fd = STDIN_FILENO, .events = POLLIN},
		[INPUT_SIGNAL] = {.fd = a->signals, .events = POLLIN},
		[INPUT_TIMER] = {.fd = a->timer, .events = POLLIN},
		[INPUT_CARD] = {.fd = worker_fd(a->card), .events = worker_poll_events(a->card)},
		[INPUT_NETWORK] = {.fd = worker_fd(a->network),
			.events = worker_poll_events(a->network)},
	};

	arm_timer(a);
	if (poll(inputs, INPUT_COUNT, -1) < 0)
		return;
	if (inputs[INPUT_SIGNAL].revents)
		read_signal(a);
	if (inputs[INPUT_TIMER].revents)
		on_timer(a);
	if (inputs[INPUT_CARD].revents || inputs[INPUT_TIMER].revents)
		receive(a, a->card);
	if (inputs[INPUT_NETWORK].revents || inputs[INPUT_TIMER].revents)
		receive(a, a->network);
	if (!a->ended && inputs[INPUT_TERMINAL].revents)
		read_keys(a);
}

/* Tells the service that the session ends here, if one is open, and gives it a moment to hear it. */
static void say_farewell(struct app *a)
{
	int64_t until = clock_monotonic_ms() + FAREWELL_MS;
	struct flow *f = &a->flow;

	if (f->in_session && !f->accepted && !worker_busy(a->network) && f->now < f->deadline) {
		struct job_request request = {.kind = JOB_ABANDON};

		memcpy(request.abandon.session, f->session.id, sizeof(request.abandon.session));
		request.abandon.reason = flow_abandon_reason(f);
		secret_set(&request.abandon.token, secret_span(&f->session.token));
		hand_over(a, a->network, &request);
	}
	while (worker_busy(a->network) && clock_monotonic_ms() < until) {
		struct pollfd input = {worker_fd(a->network), worker_poll_events(a->network), 0};
		struct job_result result;

		poll(&input, 1, (int)(until - clock_monotonic_ms()));
		while (worker_receive(a->network, clock_monotonic_ms(), &result))
			job_result_free(&result);
	}
}

/* Signals come as input: blocked here, and unblocked in the workers by whoever starts them. SIGTSTP and SIGQUIT would
 * leave a kiosk with a shell, or a terminal nobody has restored. */
static bool watch_signals(struct app *a)
{
	sigset_t set;

	signal(SIGTSTP, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	a->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	a->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	return a->signals >= 0 && a->timer >= 0;
}

static void set_up(struct app *a, const struct settings *settings, const struct app_demo *demo)
{
	const struct flow_settings flow = {
		.kiosk = settings->kiosk,
		.shuffle = settings->shuffle_pad,
		.can_save = !settings->kiosk || *settings->save_directory,
		.idle_ms = settings->idle_seconds * 1000,
		.language = settings->language,
	};

	*a = (struct app){
		.settings = settings, .language = settings->language, .signals = -1, .timer = -1};
	a->view.institution = settings->institution;
	a->view.demo = demo;
	if (flow.can_save && !*settings->save_directory)
		find_home(a);
	flow_init(&a->flow, &flow, clock_monotonic_ms());
	words_language(a->language);
}

static enum err open_all(struct app *a, const struct app_demo *demo, struct error *e)
{
	const struct term_settings terminal = {
		.mouse = a->settings->mouse,
		.wipe_scrollback = a->settings->kiosk,
	};
	enum err code;

	if (!watch_signals(a))
		return error_set_errno(e, ERR_INTERNAL, "signalfd, timerfd");
	/* The screen first: a person sees it while the workers start. */
	if ((code = term_open(&terminal, e)))
		return code;
	draw(a);
	if ((code = worker_open(WORKER_CARD, a->settings, demo ? demo->card_port : 0, &a->card, e)))
		return code;
	return worker_open(WORKER_NETWORK, a->settings, 0, &a->network, e);
}

static void close_all(struct app *a)
{
	job_request_free(&a->waiting);
	worker_close(a->card);
	worker_close(a->network);
	view_free(&a->view);
	flow_free(&a->flow);
	keys_wipe(&a->keys);
	term_close();
	if (a->signals >= 0)
		close(a->signals);
	if (a->timer >= 0)
		close(a->timer);
}

enum err app_run(
	const struct settings *settings, const struct app_demo *demo, int *status, struct error *e)
{
	struct app a;
	enum err code;

	set_up(&a, settings, demo);
	code = open_all(&a, demo, e);
	if (code)
		log_failure("start", e);
	while (!code && !a.ended) {
		draw(&a);
		turn(&a);
	}
	if (!code)
		say_farewell(&a);
	close_all(&a);
	*status = a.status;
	return code;
}

#include "portal/command.h"

#include "base/clock.h"
#include "base/load.h"
#include "base/log.h"
#include "portal/consent.h"
#include "portal/demo/demo.h"
#include "portal/http.h"
#include "portal/listen.h"
#include "portal/login/login.h"
#include "portal/policy.h"
#include "portal/store/store_browser.h"
#include "portal/web/stream.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define PEM_MAX 65536 /* bytes of a certificate chain or key file */
#define STOP_GRACE_MS 5000
#define FORGET_EVERY_MS 60000

/* Everything that serving needs; a zeroed struct can be closed. */
struct serving {
	struct portal_settings settings;
	struct portal portal;
	struct bytes certificate, private_key; /* PEM; empty without TLS */
	struct http *http;
	unsigned port;
};

static enum err load_tls(struct serving *s, struct error *e)
{
	enum err code;

	if (*s->settings.certificate == '\0')
		return ERR_OK;
	code = load_file(s->settings.certificate, PEM_MAX, &s->certificate, e);
	if (!code)
		code = load_file(s->settings.private_key, PEM_MAX, &s->private_key, e);
	return code;
}

static enum err open_store(struct serving *s, struct error *e)
{
	enum err code = settings_load_key(&s->settings, &s->portal.key, e);

	if (!code)
		code = store_open(s->settings.database, true, &s->portal.store, e);
	return code;
}

/* Where browsers on this machine reach us. */
static void tell_origin(struct serving *s, bool tls)
{
	const char *address = s->settings.listen_address, *colon = strrchr(address, ':');
	struct bytes origin = {0};

	bytes_append_format(&origin, "%s://%.*s:%u", tls ? "https" : "http", (int)(colon - address),
		address, s->port);
	idp_set_origin(s->portal.demo->idp, bytes_text(&origin));
	bytes_free(&origin);
}

static enum err open_login(struct serving *s, bool tls, struct error *e)
{
	enum err code;

	if (s->portal.demo)
		tell_origin(s, tls);
	code = login_open(&s->settings, s->portal.demo, &s->portal.login, e);
	if (!code && s->portal.login->origin.n)
		s->portal.form_action = bytes_text(&s->portal.login->origin);
	return code;
}

static enum err start_http(struct serving *s, struct error *e)
{
	bool tls = s->certificate.n > 0;
	int fd;
	enum err code = listen_open(s->settings.listen_address, tls, &fd, &s->port, e);

	if (code)
		return code;
	code = open_login(s, tls, e);
	if (code) {
		close(fd);
		return code;
	}
	return http_start(&s->portal, &s->settings, fd, tls ? bytes_text(&s->certificate) : NULL,
		tls ? bytes_text(&s->private_key) : NULL, &s->http, e);
}

/* Each connection is a descriptor. What the system does not allow shows when there are so many. */
static void allow_descriptors(long connections)
{
	const rlim_t wanted = (rlim_t)connections + 128;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static enum err start(struct serving *s, const struct options *o, struct error *e)
{
	const struct ratelimit_settings limits = settings_limits(&s->settings);
	enum err code;

	allow_descriptors(s->settings.connections);
	s->portal.limits = ratelimit_new(&limits);
	s->portal.events =
		events_new((size_t)s->settings.streams, (size_t)s->settings.streams_per_address);
	s->portal.lifetime_s = s->settings.lifetime_s;
	s->portal.workers = workers_start((size_t)s->settings.threads);
	if (!s->portal.workers)
		return error_set(e, ERR_INTERNAL, "threads");
	s->portal.grace_s = s->settings.grace_s;
	s->portal.browser_idle_s = s->settings.browser_idle_s;
	s->portal.browser_lifetime_s = s->settings.browser_lifetime_s;
	pthread_mutex_init(&s->portal.limits_mutex, NULL);
	if ((code = load_tls(s, e)) || (code = policy_open(&s->settings, &s->portal.policy, e)) ||
		(code = consent_load(s->settings.consent_text_file, &s->portal.consent, e)) ||
		(code = open_store(s, e)))
		return code;
	if ((code = stream_watch(&s->portal, e)))
		return code;
	if (o->demo && (code = demo_open(o->demo, &s->portal.demo, e)))
		return code;
	return start_http(s, e);
}

static void stop(struct serving *s)
{
	if (s->http)
		http_stop(s->http, STOP_GRACE_MS);
	else if (s->portal.workers)
		workers_stop(s->portal.workers);
	store_close(s->portal.store); /* and with it the watch, which hands work in */
	if (s->portal.workers)
		workers_free(s->portal.workers);
	texts_free(&s->portal.consent);
	policy_close(&s->portal.policy);
	login_close(s->portal.login);
	demo_close(s->portal.demo);
	ratelimit_free(s->portal.limits);
	events_free(s->portal.events);
	bytes_free(&s->certificate);
	bytes_wipe(&s->private_key);
	explicit_bzero(&s->portal.key, sizeof(s->portal.key));
}

/* Whoever started us learns the port, and that we serve. */
static enum err tell_ready(int fd, unsigned port, struct error *e)
{
	char line[16];
	int n = snprintf(line, sizeof(line), "%u\n", port);

	if (fd < 0)
		return ERR_OK;
	if (write(fd, line, (size_t)n) != n)
		return error_set_errno(e, ERR_FILE_WRITE, "--ready-fd %d", fd);
	close(fd);
	return ERR_OK;
}

static void forget_expired(struct serving *s)
{
	int64_t now = clock_wall_s();
	struct error e = {0};

	if (store_forget_expired(s->portal.store, now - s->settings.remember_s, &e))
		log_failure("forgetting expired codes", &e);
	if (store_forget_browsers(s->portal.store, now - s->settings.browser_idle_s,
		    now - s->settings.browser_lifetime_s, now, &e))
		log_failure("forgetting browser sessions", &e);
}

static void run_until_signal(struct serving *s, const sigset_t *signals)
{
	const struct timespec second = {.tv_sec = 1};
	int64_t forgotten = clock_monotonic_ms();

	while (sigtimedwait(signals, NULL, &second) < 0) {
		http_tick(s->http);
		if (clock_monotonic_ms() - forgotten < FORGET_EVERY_MS)
			continue;
		forget_expired(s);
		forgotten = clock_monotonic_ms();
	}
}

/* Threads inherit the mask: the signals that end us come to run_until_signal() alone. */
static void hold_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

enum err command_serve(const struct options *o, struct error *e)
{
	struct serving s = {0};
	sigset_t signals;
	enum err code = options_settings(o, &s.settings, e);

	hold_signals(&signals);
	if (!code)
		code = log_open("eonay-portal", s.settings.log_target,
			(enum log_level)s.settings.log_level, e);
	if (!code)
		code = start(&s, o, e);
	if (!code)
		code = tell_ready(o->ready_fd, s.port, e);
	if (!code) {
		log_write(LOG_LEVEL_INFO, "serving on %s, port %u", s.settings.listen_address,
			s.port);
		run_until_signal(&s, &signals);
		log_write(LOG_LEVEL_INFO, "stopping");
	} else {
		log_failure("start", e);
	}
	stop(&s);
	settings_release(&s.settings);
	return code;
}

#include "portal/serving.h"

#include "base/clock.h"
#include "base/load.h"
#include "base/log.h"
#include "portal/consent.h"
#include "portal/demo/demo.h"
#include "portal/journal.h"
#include "portal/listen.h"
#include "portal/login/login.h"
#include "portal/policy.h"
#include "portal/settings_check.h"
#include "portal/store/store_browser.h"
#include "portal/supervisor.h"
#include "portal/tls.h"
#include "portal/web/stream.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define PEM_MAX 65536 /* bytes of a certificate chain or key file */
#define STOP_GRACE_MS 5000

/* What can change while we serve. A zeroed struct can be released. */
struct changeable {
	struct portal_settings settings;
	struct bytes certificate, private_key;
	struct acceptance_policy policy;
	struct texts consent;
	struct login_setup *login;
};

static void release_changeable(struct changeable *c)
{
	policy_close(&c->policy); /* it and the login refer to the settings */
	login_close(c->login);
	texts_free(&c->consent);
	bytes_free(&c->certificate);
	bytes_wipe(&c->private_key);
	settings_release(&c->settings);
}

/* A file of which nothing is left must not look like no TLS. */
static enum err load_pem(const char *path, const char *setting, struct bytes *out, struct error *e)
{
	enum err code;

	if (*path == '\0')
		return error_set(e, ERR_CONFIG_VALUE, "%s", setting);
	code = load_file(path, PEM_MAX, out, e);
	return code || out->n ? code : error_set(e, ERR_CONFIG_VALUE, "%s: %s", setting, path);
}

static enum err load_tls(struct changeable *c, struct error *e)
{
	const struct portal_settings *s = &c->settings;
	enum err code;

	if (*s->certificate == '\0' && *s->private_key == '\0')
		return ERR_OK;
	code = load_pem(s->certificate, "listen.certificate", &c->certificate, e);
	return code ? code : load_pem(s->private_key, "listen.private_key", &c->private_key, e);
}

/* With --demo some of the settings are the demo's, which knows them when it knows our port: start_http(). */
static enum err open_policy(const struct serving *s, struct changeable *c, struct error *e)
{
	enum err code;

	if (s->options->demo && !s->portal.demo)
		return ERR_OK;
	if (s->portal.demo)
		demo_fill_settings(s->portal.demo, &c->settings);
	code = policy_open(
		&c->settings, s->portal.demo ? c->settings.certificate : "", &c->policy, e);
	return code ? code : login_open(&c->settings, s->portal.demo, &c->login, e);
}

/* Loads what the settings of c name. */
static enum err load_changeable(const struct serving *s, struct changeable *c, struct error *e)
{
	enum err code = settings_check(&c->settings, e);

	if (!code)
		code = load_tls(c, e);
	if (!code)
		code = open_policy(s, c, e);
	if (!code)
		code = consent_load(c->settings.consent_text_file, &c->consent, e);
	return code;
}

#define EXCHANGE(a, b)                                                                             \
	do {                                                                                       \
		__typeof__(a) exchanged = a;                                                       \
		a = b;                                                                             \
		b = exchanged;                                                                     \
	} while (0)

/* The service gets what is in c, and c what the service had. No request may be under way. */
static void exchange(struct serving *s, struct changeable *c)
{
	const struct ratelimit_settings limits = settings_limits(&c->settings);

	EXCHANGE(s->settings, c->settings);
	EXCHANGE(s->certificate, c->certificate);
	EXCHANGE(s->private_key, c->private_key);
	EXCHANGE(s->portal.policy, c->policy);
	EXCHANGE(s->portal.consent, c->consent);
	EXCHANGE(s->portal.login, c->login);
	s->portal.lifetime_s = s->settings.lifetime_s;
	s->portal.grace_s = s->settings.grace_s;
	s->portal.browser_idle_s = s->settings.browser_idle_s;
	s->portal.browser_lifetime_s = s->settings.browser_lifetime_s;
	s->portal.metrics_readers = s->settings.metrics;
	if (s->portal.acts)
		limits_configure(
			s->portal.acts, (const long[LIMIT_COUNT]){s->settings.logins_per_minute,
						s->settings.codes_per_minute});
	if (s->portal.guesses)
		guesses_configure(s->portal.guesses, &limits);
}

static enum err open_store(struct serving *s, struct error *e)
{
	const struct ratelimit_settings limits = settings_limits(&s->settings);
	enum err code = settings_load_key(&s->settings, &s->portal.key, e);

	if (!code)
		code = store_open(s->settings.database, true, &s->portal.store, e);
	if (!code)
		s->portal.guesses = guesses_new(s->portal.store, &s->portal.key, &limits);
	return code;
}

/* Where browsers on this machine, and we ourselves, reach us. */
static void tell_origin(struct serving *s, bool tls)
{
	const char *address = s->settings.listen_address, *colon = strrchr(address, ':');
	struct bytes origin = {0};

	bytes_append_format(&origin, "%s://%.*s:%u", tls ? "https" : "http", (int)(colon - address),
		address, s->port);
	demo_set_origin(s->portal.demo, bytes_text(&origin));
	bytes_free(&origin);
}

static enum err open_demo(struct serving *s, bool tls, struct error *e)
{
	enum err code;

	if (!s->portal.demo)
		return ERR_OK;
	tell_origin(s, tls);
	demo_fill_settings(s->portal.demo, &s->settings);
	code = policy_open(&s->settings, s->settings.certificate, &s->portal.policy, e);
	return code ? code : login_open(&s->settings, s->portal.demo, &s->portal.login, e);
}

static enum err listen_somewhere(struct serving *s, bool tls, int *fd, struct error *e)
{
	enum err code = supervisor_socket(fd, e);

	if (code)
		return code;
	return *fd >= 0 ? listen_inherit(*fd, tls, &s->port, e)
			: listen_open(s->settings.listen_address, tls, fd, &s->port, e);
}

static enum err start_http(struct serving *s, struct error *e)
{
	bool tls = s->certificate.n > 0;
	int fd;
	enum err code = listen_somewhere(s, tls, &fd, e);

	if (code)
		return code;
	code = open_demo(s, tls, e);
	if (!code)
		code = options_settings(s->options, &s->first, e);
	if (code) {
		close(fd);
		return code;
	}
	return http_start(&s->portal, &s->first, fd, tls ? bytes_text(&s->certificate) : NULL,
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

static enum err open_journal(const struct portal_settings *s, struct error *e)
{
	return journal_open("eonay-portal", s->log_target, (enum log_level)s->log_level, e);
}

enum err serving_prepare(struct serving *s, const struct options *o, struct error *e)
{
	enum err code = options_settings(o, &s->settings, e);

	s->options = o;
	return code ? code : open_journal(&s->settings, e);
}

enum err serving_start(struct serving *s, struct error *e)
{
	struct changeable c = {.settings = s->settings};
	enum err code = load_changeable(s, &c, e);

	s->portal.acts = limits_new();
	s->settings = (struct portal_settings){0};
	exchange(s, &c);
	if (code)
		return code;
	allow_descriptors(s->settings.connections);
	s->portal.metrics = metrics_new();
	s->portal.events =
		events_new((size_t)s->settings.streams, (size_t)s->settings.streams_per_address);
	s->portal.workers = workers_start((size_t)s->settings.threads);
	if (!s->portal.workers)
		return error_set(e, ERR_INTERNAL, "threads");
	if ((code = open_store(s, e)) || (code = stream_watch(&s->portal, e)))
		return code;
	if (s->options->demo && (code = demo_open(s->options->demo, &s->portal.demo, e)))
		return code;
	return start_http(s, e);
}

/* New connections get the new certificate; those that there are keep theirs. */
static enum err renew_certificate(struct serving *s, struct changeable *c, struct error *e)
{
	if ((c->certificate.n > 0) != (s->certificate.n > 0))
		return error_set(e, ERR_CONFIG_VALUE, "listen.certificate: TLS on or off: restart");
	if (c->certificate.n == 0)
		return ERR_OK;
	return tls_set_certificate(bytes_text(&c->certificate), bytes_text(&c->private_key), e);
}

enum err serving_reload(struct serving *s, struct error *e)
{
	struct changeable c = {0};
	enum err code = options_settings(s->options, &c.settings, e);

	c.settings.threads = s->settings.threads; /* those of the start, which a login goes by */
	if (!code)
		code = load_changeable(s, &c, e);
	if (!code)
		code = open_journal(&c.settings, e);
	if (!code && (code = renew_certificate(s, &c, e)))
		open_journal(&s->settings, NULL);
	if (!code) {
		workers_pause(s->portal.workers);
		exchange(s, &c);
		workers_resume(s->portal.workers);
	}
	release_changeable(&c);
	return code;
}

bool serving_tick(struct serving *s)
{
	http_tick(s->http);
	return workers_progress(s->portal.workers);
}

/* What ran out before is nobody's business any more, nor a kiosk's that may still hand a signature in. */
static int64_t remembered_from(const struct portal_settings *s, int64_t now)
{
	return now - (s->remember_s > s->grace_s ? s->remember_s : s->grace_s);
}

void serving_forget(struct serving *s)
{
	int64_t now = clock_wall_s();
	struct error e = {0};

	if (store_forget_expired(s->portal.store, remembered_from(&s->settings, now), &e))
		log_failure("forgetting expired codes", &e);
	if (store_forget_browsers(s->portal.store, now - s->settings.browser_idle_s,
		    now - s->settings.browser_lifetime_s, now, &e))
		log_failure("forgetting browser sessions", &e);
	if (store_forget_wrong(s->portal.store, clock_wall_ms(), &e))
		log_failure("forgetting wrong codes", &e);
}

void serving_stop(struct serving *s)
{
	struct changeable c = {0};

	if (s->http)
		http_stop(s->http, STOP_GRACE_MS);
	else if (s->portal.workers)
		workers_stop(s->portal.workers);
	store_close(s->portal.store); /* and with it the watch, which hands work in */
	if (s->portal.workers)
		workers_free(s->portal.workers);
	demo_close(s->portal.demo);
	settings_release(&s->first);
	guesses_free(s->portal.guesses);
	s->portal.guesses = NULL;
	limits_free(s->portal.acts);
	s->portal.acts = NULL;
	events_free(s->portal.events);
	metrics_free(s->portal.metrics);
	exchange(s, &c);
	release_changeable(&c);
	explicit_bzero(&s->portal.key, sizeof(s->portal.key));
}

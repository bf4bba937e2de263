/* The readers of the PC/SC daemon. A thread waits in a blocking SCardGetStatusChange() over all
 * readers and the pseudo reader that stands for plugging and unplugging, and writes what it sees
 * into a list that others copy. */
#include <config.h> /* _GNU_SOURCE for pthread_timedjoin_np() */

#include "card/reader_pcsc.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define PNP_READER "\\\\?PnP?\\Notification"
#define RETRY_MS 1000      /* while no daemon is there, nothing tells when one comes */
#define RETRY_FIRST_MS 100 /* after a daemon went away: a restart takes about so long */
#define CANCEL_MS                                                                                  \
	20 /* SCardCancel() is lost when the thread is just not waiting: again, until it ends */

struct pcsc_readers {
	struct readers base;
	char *only;
	pthread_t thread;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t first; /* the thread has looked once */
	bool looked;
	int changed; /* eventfd: the list is new */
	int stop;    /* eventfd: the thread is to end */
	bool stopping;
	SCARDCONTEXT context;
	bool has_context;
	enum err status;
	LONG cause;
	struct reader_state list[READERS_MAX];
	size_t count;
};

/* What the thread knows between two waits. */
struct watch {
	SCARD_READERSTATE states[READERS_MAX + 1]; /* the last one is the pseudo reader */
	char names[READERS_MAX][READER_NAME_MAX];
	size_t count;
};

static void signal_fd(int fd)
{
	uint64_t one = 1;
	ssize_t written = write(fd, &one, sizeof(one));

	(void)written; /* a full counter is readable all the same */
}

static void publish(struct pcsc_readers *r, enum err status, LONG cause,
	const struct reader_state *list, size_t count)
{
	bool news;

	pthread_mutex_lock(&r->lock);
	news = r->status != status || r->count != count ||
	       (count > 0 && memcmp(r->list, list, count * sizeof(*list)) != 0);
	r->status = status;
	r->cause = cause;
	r->count = count;
	if (count > 0)
		memcpy(r->list, list, count * sizeof(*list));
	r->looked = true;
	pthread_cond_broadcast(&r->first);
	pthread_mutex_unlock(&r->lock);
	if (news)
		signal_fd(r->changed);
}

static enum err status_of(DWORD state)
{
	if (state & SCARD_STATE_MUTE)
		return ERR_CARD_MUTE;
	if (state & SCARD_STATE_EXCLUSIVE)
		return ERR_CARD_HELD;
	return state & SCARD_STATE_PRESENT ? ERR_OK : ERR_NO_CARD;
}

static struct reader_state state_of(const SCARD_READERSTATE *s)
{
	struct reader_state out;

	memset(&out, 0, sizeof(out)); /* publish() compares bytes */
	strncpy(out.name, s->szReader, sizeof(out.name) - 1);
	out.status = status_of(s->dwEventState);
	out.events = (uint16_t)(s->dwEventState >> 16);
	if (out.status == ERR_OK || out.status == ERR_CARD_HELD) {
		out.atr_n = s->cbAtr < ATR_MAX ? s->cbAtr : ATR_MAX;
		memcpy(out.atr, s->rgbAtr, out.atr_n);
	}
	return out;
}

static void publish_states(struct pcsc_readers *r, const struct watch *w)
{
	struct reader_state list[READERS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < w->count; i++) {
		if (!(w->states[i].dwEventState & SCARD_STATE_UNKNOWN))
			list[count++] = state_of(&w->states[i]);
	}
	publish(r, count > 0 ? ERR_OK : ERR_NO_READER, 0, list, count);
}

/* The names in the daemon's list, each behind the other with a NUL between. */
static void take_names(struct watch *w, const char *names, size_t n, const char *only)
{
	w->count = 0;
	for (size_t i = 0; i < n && names[i] && w->count < READERS_MAX;
		i += strnlen(names + i, n - i) + 1) {
		if (only && strcmp(names + i, only) != 0)
			continue;
		strncpy(w->names[w->count], names + i, READER_NAME_MAX - 1);
		w->count++;
	}
	memset(w->states, 0, sizeof(w->states));
	for (size_t i = 0; i < w->count; i++)
		w->states[i].szReader = w->names[i];
	w->states[w->count].szReader = PNP_READER;
}

static LONG list_names(struct pcsc_readers *r, struct watch *w)
{
	char names[READERS_MAX * READER_NAME_MAX + 1] = "";
	DWORD n = sizeof(names) - 1;
	LONG result = SCardListReaders(r->context, NULL, names, &n);

	memset(w, 0, sizeof(*w));
	if (result == SCARD_E_NO_READERS_AVAILABLE) {
		n = 0;
		result = SCARD_S_SUCCESS;
	}
	if (result == SCARD_S_SUCCESS)
		take_names(w, names, n, r->only);
	return result;
}

static bool is_stopping(struct pcsc_readers *r)
{
	bool stopping;

	pthread_mutex_lock(&r->lock);
	stopping = r->stopping;
	pthread_mutex_unlock(&r->lock);
	return stopping;
}

/* Waits for changes in the readers of w until the set of readers changes (SCARD_S_SUCCESS) or the
 * daemon fails. */
static LONG watch_states(struct pcsc_readers *r, struct watch *w)
{
	SCARD_READERSTATE *pnp = &w->states[w->count];
	LONG result = SCardGetStatusChange(r->context, 0, w->states, w->count + 1);

	while (!is_stopping(r)) {
		if (result == SCARD_E_UNKNOWN_READER)
			return SCARD_S_SUCCESS;
		if (result && result != SCARD_E_TIMEOUT)
			return result;
		publish_states(r, w);
		for (size_t i = 0; i <= w->count; i++)
			w->states[i].dwCurrentState =
				w->states[i].dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
		result = SCardGetStatusChange(r->context, INFINITE, w->states, w->count + 1);
		if (!result && pnp->dwEventState & SCARD_STATE_CHANGED)
			return SCARD_S_SUCCESS;
	}
	return SCARD_E_CANCELLED;
}

static void set_context(struct pcsc_readers *r, SCARDCONTEXT context, bool has)
{
	pthread_mutex_lock(&r->lock);
	r->context = context;
	r->has_context = has;
	pthread_mutex_unlock(&r->lock);
}

/* As long as the daemon is there. */
static LONG watch_daemon(struct pcsc_readers *r, bool *reached)
{
	struct watch w;
	SCARDCONTEXT context;
	LONG result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);

	if (result)
		return result;
	set_context(r, context, true);
	while (!result && !is_stopping(r)) {
		if ((result = list_names(r, &w)))
			break;
		*reached = true;
		result = watch_states(r, &w);
	}
	set_context(r, 0, false);
	SCardReleaseContext(context);
	return result;
}

static void pause_ms(const struct pcsc_readers *r, int ms)
{
	struct pollfd wait = {.fd = r->stop, .events = POLLIN};

	poll(&wait, 1, ms);
}

/* Why there is no list. Anything unheard of means that the daemon can't be used. */
static enum err absence(LONG result, bool reached)
{
	enum err code = pcsc_meaning(result);

	if (code == ERR_ACCESS_DENIED)
		return code;
	return reached ? ERR_DAEMON_RESTARTED : ERR_NO_DAEMON;
}

static void *watch_thread(void *of)
{
	struct pcsc_readers *r = of;

	while (!is_stopping(r)) {
		bool reached = false;
		LONG result = watch_daemon(r, &reached);

		if (is_stopping(r))
			break;
		publish(r, absence(result, reached), result, NULL, 0);
		pause_ms(r, reached ? RETRY_FIRST_MS : RETRY_MS);
	}
	return NULL;
}

static int pcsc_fd(const struct readers *base)
{
	return ((const struct pcsc_readers *)base)->changed;
}

static enum err pcsc_list(
	struct readers *base, struct reader_state *out, size_t *count, struct error *e)
{
	struct pcsc_readers *r = (struct pcsc_readers *)base;
	uint64_t news;
	ssize_t n = read(r->changed, &news, sizeof(news));
	enum err status;
	LONG cause;

	(void)n; /* nothing new is no failure */
	pthread_mutex_lock(&r->lock);
	while (!r->looked)
		pthread_cond_wait(&r->first, &r->lock);
	status = r->status;
	cause = r->cause;
	*count = r->count;
	if (r->count > 0)
		memcpy(out, r->list, r->count * sizeof(*out));
	pthread_mutex_unlock(&r->lock);
	if (status == ERR_OK)
		return ERR_OK;
	if (status == ERR_NO_READER && r->only) /* there may be others */
		return error_set(e, status, "card.reader = %s", r->only);
	return cause ? error_set_pcsc(e, status, (uint32_t)cause, "pcscd")
		     : error_set(e, status, "pcscd");
}

static bool joined(pthread_t thread)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += CANCEL_MS * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	return pthread_timedjoin_np(thread, NULL, &until) == 0;
}

static void pcsc_close(struct readers *base)
{
	struct pcsc_readers *r = (struct pcsc_readers *)base;

	pthread_mutex_lock(&r->lock);
	r->stopping = true;
	pthread_mutex_unlock(&r->lock);
	signal_fd(r->stop);
	do {
		pthread_mutex_lock(&r->lock);
		if (r->has_context)
			SCardCancel(r->context);
		pthread_mutex_unlock(&r->lock);
	} while (!joined(r->thread));
	close(r->changed);
	close(r->stop);
	pthread_cond_destroy(&r->first);
	pthread_mutex_destroy(&r->lock);
	free(r->only);
	free(r);
}

/* A kiosk bound to its reader does not so much as connect to another one. */
static enum err connect_bound(
	struct readers *base, const char *name, struct reader **out, struct error *e)
{
	const struct pcsc_readers *r = (const struct pcsc_readers *)base;

	if (r->only && strcmp(r->only, name) != 0)
		return error_set(e, ERR_READER_NAME, "%s", name);
	return pcsc_connect(base, name, out, e);
}

static const struct readers_ops ops = {
	.close = pcsc_close,
	.fd = pcsc_fd,
	.list = pcsc_list,
	.connect = connect_bound,
};

enum err readers_open_pcsc(const char *only, struct readers **out, struct error *e)
{
	struct pcsc_readers *r = must_zalloc(sizeof(*r));

	*out = NULL;
	r->base = (struct readers){.ops = &ops, .trace = -1};
	r->only = only ? must_strdup(only) : NULL;
	r->status = ERR_NO_READER;
	r->changed = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->first, NULL);
	if (r->changed < 0 || r->stop < 0 || pthread_create(&r->thread, NULL, watch_thread, r)) {
		error_set_errno(e, ERR_INTERNAL, "eventfd, thread");
		free(r->only);
		free(r);
		return ERR_INTERNAL;
	}
	*out = &r->base;
	return ERR_OK;
}

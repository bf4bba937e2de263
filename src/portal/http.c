#include "portal/http_exchange.h"

#include "base/clock.h"
#include "base/log.h"
#include "portal/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Memory of a connection for its headers; longer ones are refused with 431. */
#define HEADER_MEMORY 16384

/* TLS 1.2 and 1.3 with forward secrecy and AEAD ciphers only. */
#define TLS_PRIORITIES                                                                             \
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:"   \
	"+CHACHA20-POLY1305:-SHA1"

/* Threads that read and send; what may block is run by the workers. */
#define HTTP_THREADS 2

static void __attribute__((format(printf, 2, 0)))
log_library(void *context, const char *format, va_list args)
{
	char line[512];

	(void)context;
	vsnprintf(line, sizeof(line), format, args);
	line[strcspn(line, "\r\n")] = '\0';
	log_write(LOG_LEVEL_DEBUG, "libmicrohttpd: %s", line);
}

/* The library tells of the end before it closes the socket, so that a socket in our list is never
 * another's. */
static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
	enum MHD_ConnectionNotificationCode what)
{
	struct http *h = context;
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	if (what == MHD_CONNECTION_NOTIFY_STARTED && info) {
		*socket_context =
			connections_add(h->connections, info->connect_fd, clock_monotonic_ms());
	} else if (what == MHD_CONNECTION_NOTIFY_CLOSED && *socket_context) {
		connections_remove(h->connections, *socket_context);
		*socket_context = NULL;
	}
}

static struct MHD_Daemon *start_daemon(struct http *h, const struct portal_settings *s, int fd)
{
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, (void *)tls_copy_certificate},
		{MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)TLS_PRIORITIES},
		{MHD_OPTION_END, 0, NULL},
	};
	unsigned flags =
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME;

	if (h->tls)
		flags |= MHD_USE_TLS;
	else
		tls[0] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
	return MHD_start_daemon(flags, 0, NULL, NULL, http_on_request, h,
		MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL, MHD_OPTION_ARRAY, tls,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, HTTP_THREADS,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)s->connections,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		(unsigned)(*s->proxies ? s->connections : s->connections_per_address),
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)s->request_s,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_MEMORY,
		MHD_OPTION_URI_LOG_CALLBACK, http_on_begin, h, MHD_OPTION_NOTIFY_COMPLETED,
		http_on_completed, h, MHD_OPTION_NOTIFY_CONNECTION, on_connection, h,
		MHD_OPTION_END);
}

static void release(struct http *h)
{
	tls_forget_certificate();
	connections_free(h->connections);
	free(h);
}

enum err http_start(struct portal *p, const struct portal_settings *settings, int fd,
	const char *certificate, const char *private_key, struct http **out, struct error *e)
{
	struct http *h;
	enum err code = certificate ? tls_set_certificate(certificate, private_key, e) : ERR_OK;

	if (code) {
		close(fd);
		return code;
	}
	h = must_zalloc(sizeof(*h));
	h->portal = p;
	h->tls = certificate != NULL;
	h->proxies = settings->proxies;
	h->connections = connections_new(settings->request_s * 1000);
	h->daemon = start_daemon(h, settings, fd);
	*out = h->daemon ? h : NULL;
	if (h->daemon)
		return ERR_OK;
	release(h);
	return error_set(e, ERR_LISTEN, "libmicrohttpd");
}

/* Stops the listening alone. */
static void quiesce(struct MHD_Daemon *daemon)
{
	int fd = MHD_quiesce_daemon(daemon);

	if (fd != MHD_INVALID_SOCKET)
		close(fd);
}

void http_tick(struct http *h)
{
	connections_end_overdue(h->connections, clock_monotonic_ms());
	events_tick(h->portal->events, clock_monotonic_ms());
}

void http_stop(struct http *h, int64_t grace_ms)
{
	const struct timespec moment = {.tv_nsec = 10000000};
	int64_t until = clock_monotonic_ms() + grace_ms;

	quiesce(h->daemon);
	events_close(h->portal->events);
	while (h->under_way > 0 && clock_monotonic_ms() < until)
		nanosleep(&moment, NULL);
	/* The library wants no connection suspended when it is stopped. */
	workers_stop(h->portal->workers);
	MHD_stop_daemon(h->daemon);
	release(h);
}

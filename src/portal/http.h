/* The HTTP library (libmicrohttpd) and the limits that keep clients from pinning the service. */
#ifndef EONAY_PORTAL_HTTP_H
#define EONAY_PORTAL_HTTP_H

#include "portal/routes.h"
#include "portal/settings.h"

struct http;

/* settings must outlive *out. Starts serving p, whose workers run, on the listening socket fd, which it takes. certificate and private_key: PEM
 * text, NULL without TLS. ERR_LISTEN. *out is ended by http_stop(). */
enum err http_start(struct portal *p, const struct portal_settings *settings, int fd,
	const char *certificate, const char *private_key, struct http **out, struct error *e);

/* Ends connections that have taken too long; called every second or so. */
void http_tick(struct http *h);

/* Takes no further connections, ends streams of events, lets requests under way end (for at
 * most grace_ms), stops the workers, and stops. */
void http_stop(struct http *h, int64_t grace_ms);

#endif

/* The service while it runs: everything that it needs, from the settings to the listening socket. */
#ifndef EONAY_PORTAL_SERVING_H
#define EONAY_PORTAL_SERVING_H

#include "portal/http.h"
#include "portal/options.h"

/* A zeroed struct can be stopped. */
struct serving {
	const struct options *options;
	struct portal_settings settings;
	struct portal_settings first; /* of the start: what cannot change refers to them */
	struct portal portal;
	struct bytes certificate, private_key; /* PEM; empty without TLS */
	struct http *http;
	unsigned port;
};

/* Reads the settings and opens the log. Errors of options_settings() and log_open(). */
enum err serving_prepare(struct serving *s, const struct options *o, struct error *e);

/* Starts to serve. On an error what was started is left to serving_stop(). */
enum err serving_start(struct serving *s, struct error *e);

/* Reads settings, certificates, CAs and texts anew, and takes them over between two requests; when one of them is not in
 * order, all stays as it was. What only holds from a start on (where to listen, the store, numbers of threads and
 * connections) is not taken over. */
enum err serving_reload(struct serving *s, struct error *e);

/* Called every second or so. True when the workers are well (workers_progress()). */
bool serving_tick(struct serving *s);

/* Forgets what has run out. */
void serving_forget(struct serving *s);

void serving_stop(struct serving *s);

#endif

/* Parts of portal_load, which lets many clients loose on a running service. Whatever goes wrong ends it with a word. */
#ifndef EONAY_BENCH_LOAD_H
#define EONAY_BENCH_LOAD_H

#include "base/bytes.h"
#include "portal/code.h"

#include <curl/curl.h>
#include <sys/types.h>

#define LOAD_URLS_MAX 8
#define LOAD_CLIENTS_MAX 256
#define LOAD_CSRF_MAX 80
#define LOAD_COOKIE_MAX 128
#define LOAD_TOKEN_MAX 80

/* The service: one instance or several, which take turns. */
struct service_under_load {
	const char *urls[LOAD_URLS_MAX];
	pid_t pids[LOAD_URLS_MAX];
	size_t count;
	char cookie[LOAD_COOKIE_MAX]; /* a browser session, as "NAME=ID" */
};

/* ----- load_link.c */

/* The connections of one client, one to each instance. */
struct link {
	const struct service_under_load *service;
	CURL *handles[LOAD_URLS_MAX];
	struct curl_slist *headers;
	struct bytes body; /* of the last answer */
};
struct link *link_open(const struct service_under_load *service);
void link_close(struct link *l);

struct call {
	const char *method;
	const char *path;
	const char *type;          /* of the body, or NULL */
	const char *authorization; /* or NULL: then the browser session is told */
	struct span body;
};

/* Asks the instance whose turn it is; the status of the answer, whose body goes into l->body. */
long link_call(struct link *l, size_t turn, const struct call *call);

/* Where the last answer of that instance sends the browser, or NULL. */
const char *link_location(struct link *l, size_t turn);

/* Copies what stands between before and after in the last answer; false when that is not there. */
bool link_extract(struct link *l, const char *before, const char *after, char *out, size_t size);

/* ----- load_run.c */

/* A signing session on its way. */
struct load_session {
	char id[PORTAL_ID_DIGITS + 1];
	char code[PORTAL_CODE_DIGITS + 1];
	char token[LOAD_TOKEN_MAX];
};

/* Sends the sessions through the pages and the kiosks' requests with so many clients at once, stage by stage, and prints
 * for each "STAGE RATE P50_MS P99_MS CPU_MS CLIENT_MS": requests in a second, how long they took, and what one cost the
 * service's processors, and ours. Without a signature it ends with the opened sessions. */
void load_run(const struct service_under_load *service, int clients, struct load_session *sessions,
	int count, struct span signature);

/* ----- load_hold.c */

/* Opens so many sessions and streams of events, and prints "STATE RSS_KIB" before, between and after. */
void load_hold(const struct service_under_load *service, int clients, int sessions, int streams);

/* ----- load_bare.c */

/* Verifies the signature with its chain in a loop, with one thread and with one for each processor, and prints
 * "bare THREADS RATE CPU_MS" of each. */
void load_bare(const char *trust_file, struct span signature, struct span content);

/* ----- load_process.c */

double load_now_s(void);

/* Seconds of processor that this program has used, and that the instances have. */
double load_own_cpu_s(void);
double load_cpu_s(const struct service_under_load *service);

/* Memory that they hold. */
long load_rss_kib(const struct service_under_load *service);

/* Ends the program. */
_Noreturn void load_fail(const char *what, const char *where);

#endif

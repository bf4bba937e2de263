/* A worker process seen from the program that uses it. Each is a fresh start of eonay-worker,
 * connected by a socket pair, with a deadline for each request: past it, it is killed and a new one
 * started. What happens in there can neither freeze nor crash the screen. */
#ifndef EONAY_JOB_WORKER_H
#define EONAY_JOB_WORKER_H

#include "job/job.h"
#include "job/settings.h"

enum worker_kind { WORKER_CARD, WORKER_NETWORK };

struct worker;

/* Starts the worker. virtual_card_port: 0 for PC/SC; else the worker waits for eonay-vcard on this
 * port of 127.0.0.1 (demo) and sees that card alone. settings must outlive the worker. */
enum err worker_open(enum worker_kind kind, const struct settings *settings,
	uint16_t virtual_card_port, struct worker **out, struct error *e);

/* Ends the process (which resets the card if it is in the middle of it) and waits for it. NULL is
 * allowed. */
void worker_close(struct worker *w);

/* What to poll, and for what (POLLIN, with POLLOUT while a request is still being handed over).
 * Both change: ask each time. The descriptor is -1 while a worker that died is not yet restarted.
 */
int worker_fd(const struct worker *w);
short worker_poll_events(const struct worker *w);

/* Monotonic milliseconds (clock.h) at which worker_receive() must be called at the latest,
 * INT64_MAX for never. */
int64_t worker_deadline(const struct worker *w);

/* Hands a request over; it is wiped and released here in any case. One request at a time: ERR_BUSY.
 */
enum err worker_send(struct worker *w, struct job_request *request, struct error *e);

/* Is a request under way? */
bool worker_busy(const struct worker *w);

/* The next result, false when there is none now; call again until false. Never blocks. A worker
 * that died or passed its deadline is restarted and gives the running request's kind (JOB_CARDS
 * when there was none) with ERR_WORKER_DIED, or ERR_DEADLINE of a card and ERR_SERVICE_UNREACHABLE
 * of a service. The caller frees *out with job_result_free(). */
bool worker_receive(struct worker *w, int64_t now_ms, struct job_result *out);

/* Gives the running request up: the worker is restarted, and no result of that request comes any
 * more. Not for a JOB_SIGN or JOB_UNBLOCK that has reached STAGE_SIGNING. */
void worker_cancel(struct worker *w);

/* Waits until there is something to receive, at most until the worker's deadline or the time until
 * (monotonic milliseconds, INT64_MAX for none). For commands; a loop of its own polls. */
void worker_wait(const struct worker *w, int64_t until);

/* Convenience for commands: sends and waits for this request's own result; results of other kinds
 * go to other (may be NULL), which must not free them. */
enum err worker_run(struct worker *w, struct job_request *request, struct job_result *out,
	void (*other)(const struct job_result *, void *), void *context);

#endif

/* Threads that run what may block, in the order in which it came. */
#ifndef EONAY_PORTAL_WORKERS_H
#define EONAY_PORTAL_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

struct workers;

/* A piece of work, kept by whoever hands it in until it runs; next is the queue's. */
struct work {
	void (*run)(struct work *work);
	struct work *next;
};

/* NULL when no thread can be had. Ended by workers_stop() and workers_free(). */
struct workers *workers_start(size_t threads);

/* Runs work on one of the threads; run may release it. There is no bound but that of who hands in: the service's is the
 * number of its connections. False: the threads have been stopped. */
bool workers_submit(struct workers *w, struct work *work);

/* Waits until no work is under way, and lets none begin until workers_resume(). */
void workers_pause(struct workers *w);
void workers_resume(struct workers *w);

/* Has any work ended since the last time that this was asked, or is none there? Work that waits long behind other work is
 * no sign of threads that hang. */
bool workers_progress(struct workers *w);

/* Runs what was handed in, and ends the threads; from then on nothing is taken. */
void workers_stop(struct workers *w);

/* After workers_stop(). */
void workers_free(struct workers *w);

#endif

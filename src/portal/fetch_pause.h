/* Servers that did not answer in time are left alone for a while, so that they hold no threads that others could work on:
 * each question to one waits up to its deadline. When the while is over, one question tries. */
#ifndef EONAY_PORTAL_FETCH_PAUSE_H
#define EONAY_PORTAL_FETCH_PAUSE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define FETCH_PAUSES_MAX 16

/* A zeroed struct with an initialised mutex knows of no pause. Safe for threads. */
struct fetch_pauses {
	pthread_mutex_t mutex;
	struct {
		char *server; /* NULL: free */
		int64_t until;
	} at[FETCH_PAUSES_MAX];
};

/* May the server of this URL be asked now (monotonic ms)? If that is a try, nobody else may for timeout_ms. */
bool fetch_pauses_let(struct fetch_pauses *p, const char *url, int64_t now, long timeout_ms);

/* It answered, or was not there, which costs nobody any time. */
void fetch_pauses_end(struct fetch_pauses *p, const char *url);

/* It did not answer: it is left alone for twice its time. */
void fetch_pauses_begin(struct fetch_pauses *p, const char *url, int64_t now, long timeout_ms);

void fetch_pauses_free(struct fetch_pauses *p);

#endif

#include "portal/workers.h"

#include "base/bytes.h"

#include <pthread.h>
#include <stdlib.h>

struct workers {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct work *first, **end;
	bool stopping, paused;
	size_t running;
	bool ended; /* some work, since workers_progress() */
	size_t count;
	pthread_t threads[];
};

/* The oldest piece of work; NULL when there is none left and none will come. */
static struct work *take(struct workers *w)
{
	struct work *work;

	pthread_mutex_lock(&w->mutex);
	while (w->paused || (!w->first && !w->stopping))
		pthread_cond_wait(&w->changed, &w->mutex);
	work = w->first;
	if (work)
		w->first = work->next;
	if (!w->first)
		w->end = &w->first;
	w->running += work != NULL;
	pthread_mutex_unlock(&w->mutex);
	return work;
}

static void *run_thread(void *context)
{
	struct workers *w = context;
	struct work *work;

	while ((work = take(w))) {
		work->run(work);
		pthread_mutex_lock(&w->mutex);
		w->running--;
		w->ended = true;
		if (w->paused)
			pthread_cond_broadcast(&w->changed);
		pthread_mutex_unlock(&w->mutex);
	}
	return NULL;
}

struct workers *workers_start(size_t threads)
{
	struct workers *w = must_zalloc(sizeof(*w) + threads * sizeof(*w->threads));

	pthread_mutex_init(&w->mutex, NULL);
	pthread_cond_init(&w->changed, NULL);
	w->end = &w->first;
	while (w->count < threads &&
		pthread_create(&w->threads[w->count], NULL, run_thread, w) == 0)
		w->count++;
	if (w->count > 0)
		return w;
	workers_free(w);
	return NULL;
}

bool workers_submit(struct workers *w, struct work *work)
{
	bool taken;

	work->next = NULL;
	pthread_mutex_lock(&w->mutex);
	taken = !w->stopping;
	if (taken) {
		*w->end = work;
		w->end = &work->next;
		pthread_cond_signal(&w->changed);
	}
	pthread_mutex_unlock(&w->mutex);
	return taken;
}

void workers_pause(struct workers *w)
{
	pthread_mutex_lock(&w->mutex);
	w->paused = true;
	while (w->running > 0)
		pthread_cond_wait(&w->changed, &w->mutex);
	pthread_mutex_unlock(&w->mutex);
}

void workers_resume(struct workers *w)
{
	pthread_mutex_lock(&w->mutex);
	w->paused = false;
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->mutex);
}

bool workers_progress(struct workers *w)
{
	bool progress;

	pthread_mutex_lock(&w->mutex);
	progress = w->ended || (w->running == 0 && !w->first);
	w->ended = false;
	pthread_mutex_unlock(&w->mutex);
	return progress;
}

void workers_stop(struct workers *w)
{
	pthread_mutex_lock(&w->mutex);
	w->stopping = true;
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->mutex);
	for (size_t i = 0; i < w->count; i++)
		pthread_join(w->threads[i], NULL);
}

void workers_free(struct workers *w)
{
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->mutex);
	free(w);
}

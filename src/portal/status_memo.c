#include "portal/status_memo.h"

#include <pthread.h>
#include <stdlib.h>

#define NOTES_MAX 16 /* certificates */

struct status_memo {
	pthread_mutex_t mutex;
	struct {
		struct bytes certificate;
		int64_t until;
	} note[NOTES_MAX];
};

struct status_memo *status_memo_new(void)
{
	struct status_memo *m = must_zalloc(sizeof(*m));

	pthread_mutex_init(&m->mutex, NULL);
	return m;
}

void status_memo_free(struct status_memo *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < NOTES_MAX; i++)
		bytes_free(&m->note[i].certificate);
	pthread_mutex_destroy(&m->mutex);
	free(m);
}

bool status_memo_has(struct status_memo *m, struct span certificate, int64_t now)
{
	bool has = false;

	pthread_mutex_lock(&m->mutex);
	for (size_t i = 0; !has && i < NOTES_MAX; i++)
		has = now < m->note[i].until &&
		      span_equal(bytes_span(&m->note[i].certificate), certificate);
	pthread_mutex_unlock(&m->mutex);
	return has;
}

/* In place of the note that is over first. */
void status_memo_note(struct status_memo *m, struct span certificate, int64_t until)
{
	size_t place = 0;

	pthread_mutex_lock(&m->mutex);
	for (size_t i = 1; i < NOTES_MAX; i++) {
		if (m->note[i].until < m->note[place].until)
			place = i;
	}
	bytes_clear(&m->note[place].certificate);
	bytes_append(&m->note[place].certificate, certificate);
	m->note[place].until = until;
	pthread_mutex_unlock(&m->mutex);
}

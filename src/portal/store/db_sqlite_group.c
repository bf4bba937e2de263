#include "portal/store/db_sqlite.h"

#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

#define GROUP_MAX 64 /* members, so that the first does not wait for ever */

struct sqlite_group {
	unsigned joined;
	atomic_uint members; /* those that still want to know how it ended */
	sem_t ended;         /* posted for each that waits, when code and error stand */
	enum err code;
	struct error error;
};

/* A thread that is woken wants the mutex, so it is free before. */
static void give_writer(struct sqlite *s)
{
	s->writing = false;
	pthread_mutex_unlock(&s->mutex);
	pthread_cond_signal(&s->writer_free);
}

static enum err begin_group(struct sqlite *s, struct error *e)
{
	enum err code = sqlite_execute(s->writer, "BEGIN IMMEDIATE", e);

	if (code)
		return code;
	s->group = must_zalloc(sizeof(*s->group));
	sem_init(&s->group->ended, 0, 0);
	return ERR_OK;
}

static void end_group(struct sqlite *s, struct sqlite_group *group, enum err code)
{
	if (!code)
		code = sqlite_execute(s->writer, "COMMIT", &group->error);
	if (code && !sqlite3_get_autocommit(s->writer->db))
		sqlite_execute(s->writer, "ROLLBACK", NULL);
	group->code = code;
	pthread_mutex_lock(&s->mutex);
	s->group = NULL;
	give_writer(s);
	for (unsigned i = 1; i < group->joined; i++)
		sem_post(&group->ended);
}

static void wait_for_group(struct sqlite_group *group)
{
	while (sem_wait(&group->ended) != 0) /* EINTR */
		;
}

static enum err leave_group(struct sqlite_group *group, struct error *e)
{
	enum err code = group->code;

	if (code && e)
		*e = group->error;
	if (atomic_fetch_sub(&group->members, 1) == 1) {
		sem_destroy(&group->ended);
		free(group);
	}
	return code;
}

/* Commits for all, or waits for the one that does. One that can't go on takes all back with it: those
 * before wait for somebody to end it. */
static enum err end_member(struct sqlite *s, enum err code, struct error *e)
{
	struct sqlite_group *group = s->group;
	bool last;

	atomic_fetch_add(&group->members, 1);
	group->joined++;
	pthread_mutex_lock(&s->mutex);
	last = code || s->waiting == 0 || group->joined == GROUP_MAX;
	if (last)
		pthread_mutex_unlock(&s->mutex);
	else
		give_writer(s);
	if (last)
		end_group(s, group, code);
	else
		wait_for_group(group);
	return leave_group(group, e);
}

/* A member that can not begin ends the group, too: those before it wait for that. */
enum err sqlite_group_enter(struct sqlite *s, struct error *e)
{
	enum err code = ERR_OK;

	pthread_mutex_lock(&s->mutex);
	s->waiting++;
	while (s->writing)
		pthread_cond_wait(&s->writer_free, &s->mutex);
	s->waiting--;
	s->writing = true;
	pthread_mutex_unlock(&s->mutex);
	if (!s->group && (code = begin_group(s, e))) {
		pthread_mutex_lock(&s->mutex);
		give_writer(s);
		return code;
	}
	code = sqlite_execute(s->writer, "SAVEPOINT member", &s->group->error);
	return code ? end_member(s, code, e) : ERR_OK;
}

/* Ends the member's savepoint. SQLite takes the whole transaction back by itself when the disk is
 * full or fails (sqlite.org/lang_transaction.html, 3.1): then it is lost for all members. */
static enum err end_savepoint(
	struct sqlite *s, bool keep, const struct error *cause, struct error *e)
{
	if (keep)
		return sqlite_execute(s->writer, "RELEASE member", e);
	if (!sqlite3_get_autocommit(s->writer->db))
		return sqlite_execute(s->writer, "ROLLBACK TO member; RELEASE member", e);
	return error_set(e, ERR_STORE, "%s", cause ? cause->where : "sqlite");
}

enum err sqlite_group_leave(struct sqlite *s, bool keep, struct error *e)
{
	return end_member(s, end_savepoint(s, keep, e, &s->group->error), e);
}

#include "portal/store/db_sqlite.h"

#include <stdlib.h>

#define GROUP_MAX 64 /* members, so that the first does not wait for ever */

struct sqlite_group {
	unsigned members; /* those that still want to know how it ended */
	unsigned joined;
	bool ended;
	enum err code;
	struct error error;
};

static void give_writer(struct sqlite *s)
{
	s->writing = false;
	pthread_cond_signal(&s->writer_free);
}

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
	if (!s->group) {
		code = sqlite_execute(s->writer, "BEGIN IMMEDIATE", e);
		if (!code)
			s->group = must_zalloc(sizeof(*s->group));
	}
	if (!code)
		code = sqlite_execute(s->writer, "SAVEPOINT member", e);
	if (!code)
		return ERR_OK;
	pthread_mutex_lock(&s->mutex);
	give_writer(s);
	pthread_mutex_unlock(&s->mutex);
	return code;
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

static void end_group(struct sqlite *s, struct sqlite_group *group, enum err code)
{
	pthread_mutex_unlock(&s->mutex);
	if (!code)
		code = sqlite_execute(s->writer, "COMMIT", &group->error);
	if (code && !sqlite3_get_autocommit(s->writer->db))
		sqlite_execute(s->writer, "ROLLBACK", NULL);
	pthread_mutex_lock(&s->mutex);
	group->code = code;
	group->ended = true;
	s->group = NULL;
	give_writer(s);
	pthread_cond_broadcast(&s->group_done);
}

enum err sqlite_group_leave(struct sqlite *s, bool keep, struct error *e)
{
	struct sqlite_group *group = s->group;
	enum err code = end_savepoint(s, keep, e, &group->error);

	pthread_mutex_lock(&s->mutex);
	group->members++;
	group->joined++;
	if (!code && s->waiting > 0 && group->joined < GROUP_MAX) {
		give_writer(s);
		while (!group->ended)
			pthread_cond_wait(&s->group_done, &s->mutex);
	} else {
		end_group(s, group, code);
	}
	code = group->code;
	if (code && e)
		*e = group->error;
	if (--group->members == 0)
		free(group);
	pthread_mutex_unlock(&s->mutex);
	return code;
}

#include "portal/web/stream.h"

#include "base/clock.h"
#include "base/log.h"
#include "portal/answer.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The state, and why it was abandoned. */
static void write_news(
	const struct portal *p, const struct session *session, char out[EVENTS_NEWS_MAX])
{
	snprintf(out, EVENTS_NEWS_MAX, "{\"state\":\"%s\",\"reason\":\"%s\"}",
		session_state_shown(session, clock_wall_s(), p->grace_s), session->reason);
}

/* Tells the browsers that wait for the session id of its state now. */
static void publish(struct portal *p, const char *id)
{
	char news[EVENTS_NEWS_MAX];
	struct session session;
	struct error e = {0};

	if (store_find_by_id(p->store, id, &session, &e)) {
		log_failure("news of a session", &e);
		return;
	}
	write_news(p, &session, news);
	events_publish(p->events, id, news);
}

/* A session has changed: work for the workers, as the store must not be asked by whoever tells. */
struct news {
	struct work work; /* first, so that it is the news, too */
	struct portal *portal;
	char id[PORTAL_ID_DIGITS + 1];
};

static void run_news(struct work *work)
{
	struct news *news = (struct news *)work;

	publish(news->portal, news->id);
	free(news);
}

/* What changes from here on is worth another look. */
static void run_look(struct work *work)
{
	struct news *news = (struct news *)work;
	struct portal *p = news->portal;
	struct bytes ids = {0};

	p->looking = false;
	events_list_awaited(p->events, &ids);
	for (size_t at = 0; at < ids.n; at += sizeof(news->id))
		publish(p, (const char *)ids.at + at);
	bytes_free(&ids);
	free(news);
}

static void hand_in(struct portal *p, void (*run)(struct work *work), const char *id)
{
	struct news *news = must_zalloc(sizeof(*news));

	news->work.run = run;
	news->portal = p;
	snprintf(news->id, sizeof(news->id), "%s", id);
	if (!workers_submit(p->workers, &news->work))
		free(news);
}

static void on_change(const char *id, void *context)
{
	struct portal *p = context;

	if (!id && !atomic_exchange(&p->looking, true))
		hand_in(p, run_look, "");
	else if (id && events_awaited(p->events, id))
		hand_in(p, run_news, id);
}

enum err stream_watch(struct portal *p, struct error *e)
{
	return store_watch(p->store, on_change, p, e);
}

/* What changes between the look and the subscription would be missed, so there is a second look. */
enum err stream_answer(struct portal *p, const struct http_request *request,
	struct http_answer *answer, const struct session *session, struct error *e)
{
	char news[EVENTS_NEWS_MAX];
	enum err code;

	write_news(p, session, news);
	code = answer_stream(request, answer, session->id, news, e);
	if (!code)
		publish(p, session->id);
	return code;
}

/* The event hub: who waits in a browser for news of which signing session (server-sent events, WHATWG HTML 9.2).
 *
 * A stream keeps the last news alone: what was not yet sent when newer news came is never sent, so that a slow reader
 * holds no memory. A stream that has nothing to send sleeps; it costs no thread. Safe to use from several threads. */
#ifndef EONAY_PORTAL_EVENTS_H
#define EONAY_PORTAL_EVENTS_H

#include "portal/ratelimit.h"
#include "portal/session.h"

#include <sys/types.h>

#define EVENTS_NEWS_MAX 96          /* bytes of one piece of news, with the NUL */
#define EVENTS_BEAT_MS 15000        /* a comment goes out when nothing else has for so long */
#define EVENTS_LIFE_MS (15 * 60000) /* then a stream ends; browsers begin a new one */

struct events;
struct event_stream;

/* at_once: streams, together and of one address (ratelimit_client_of()). Freed by events_free(), when no stream is left.
 */
struct events *events_new(size_t at_once, size_t at_once_per_address);
void events_free(struct events *hub); /* NULL is allowed */

/* A stream for news of the session id; its first news is what is known now. NULL: there are too many, or events_close()
 * was called. Ended by events_unsubscribe(). */
struct event_stream *events_subscribe(
	struct events *hub, const char *id, const char *address, const char *news, int64_t now_ms);
void events_unsubscribe(struct event_stream *s);

/* The stream's way out. sleep() is called within events_read() and wake() within the functions below, one after the other
 * and never both at once; they must not call the hub. */
struct event_sink {
	void (*sleep)(void *context);
	void (*wake)(void *context);
	void *context;
	bool (*gone)(
		void *context); /* has the reader gone away? Asked of those asleep by events_tick(); NULL: unknown */
};
void events_attach(struct event_stream *s, struct event_sink sink);

/* Writes what there is to send into out (at least EVENTS_FRAME_MAX bytes) and returns its size; 0: nothing, the sink
 * sleeps now; below 0: the stream has come to its end. */
#define EVENTS_FRAME_MAX (EVENTS_NEWS_MAX + 64)
ssize_t events_read(struct event_stream *s, char *out, int64_t now_ms);

/* There is news of the session; one line of text. */
void events_publish(struct events *hub, const char *id, const char *news);

/* Wakes streams that are due for a sign of life or for their end, and those whose reader has gone; called every second or
 * so. */
void events_tick(struct events *hub, int64_t now_ms);

/* Brings all streams to their end; no new ones begin. */
void events_close(struct events *hub);

/* Does a stream wait for news of the session? */
bool events_awaited(struct events *hub, const char *id);

/* Appends the ids of all sessions that streams wait for, each with its NUL; once for each stream. */
void events_list_awaited(struct events *hub, struct bytes *ids);

/* How many streams there are. */
size_t events_count(struct events *hub);

#endif

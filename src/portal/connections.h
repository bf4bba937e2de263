/* The open connections and the time that each has. A client that sends a byte now and then is never
 * idle, so that an idle timeout does not end it: its deadline does. Safe to use from several
 * threads. */
#ifndef EONAY_PORTAL_CONNECTIONS_H
#define EONAY_PORTAL_CONNECTIONS_H

#include <stdint.h>

struct connections;
struct connection;

/* time_ms: what one request may take, and the waiting for one. Freed by connections_free(). */
struct connections *connections_new(int64_t time_ms);
void connections_free(struct connections *all);

/* The socket fd was opened; it stays the caller's. */
struct connection *connections_add(struct connections *all, int fd, int64_t now_ms);

/* The next step (the work on a request, the next request) has its own time. NULL is allowed. */
void connections_renew(struct connections *all, struct connection *c, int64_t now_ms);

/* Nothing is under way for now: no deadline, until connections_renew() sets one. NULL is allowed. */
void connections_rest(struct connections *all, struct connection *c);

/* The socket is about to be closed (and not closed yet: its number might be another's). */
void connections_remove(struct connections *all, struct connection *c);

/* Shuts down the sockets whose time has passed; their owner sees the end and closes them. */
void connections_end_overdue(struct connections *all, int64_t now_ms);

#endif

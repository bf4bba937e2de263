/* Which part of the service answers at which address. Knows nothing of the HTTP library. */
#ifndef EONAY_PORTAL_ROUTES_H
#define EONAY_PORTAL_ROUTES_H

#include "portal/acceptance.h"
#include "portal/ratelimit.h"
#include "portal/store.h"

#include <pthread.h>

/* What all requests share. Everything but the limits is constant or safe for threads itself. */
struct portal {
	struct store *store;
	struct server_key key;
	struct acceptance_policy policy;
	long grace_s;
	struct ratelimit *limits;
	pthread_mutex_t limits_mutex;
};

struct route;

/* A request as far as it is known: the body comes last. */
struct http_request {
	const char *method;
	const char *path;
	const char *authorization; /* NULL: not given */
	const char *content_type;  /* NULL: not given */
	const char *client;        /* address in text form */
	uint64_t body_size;        /* as announced */
	struct span body;
	const struct route *route; /* set by routes_admit() */
	struct session
		session; /* of the path and token, where the route has one; set by routes_admit() */
};

struct http_answer {
	unsigned status;
	const char *content_type;
	long retry_after_s; /* 0: not told */
	struct bytes body;
	enum err failure; /* for the log */
};

/* What is answered at one address. */
struct route {
	const char *method;
	const char *path;         /* "*": the id of a session whose token must be given */
	const char *content_type; /* of the body; NULL: there is none */
	uint64_t body_max;
	/* Fills answer's status, type and body. On an error what it has written is forgotten. */
	enum err (*run)(struct portal *p, const struct http_request *request,
		struct http_answer *answer, struct error *e);
};

/* Judges a request before its body is read: address, method, size, type and token. False: answer
 * has the refusal. */
bool routes_admit(struct portal *p, struct http_request *request, struct http_answer *answer);

/* Answers an admitted request whose body is there. */
void routes_run(struct portal *p, const struct http_request *request, struct http_answer *answer);

/* Makes answer the problem document of a failure (and logs those that are the operator's). */
void routes_refuse(enum err code, const struct error *e, struct http_answer *answer);

#endif

/* Which part of the service answers at which address. Knows nothing of the HTTP library. */
#ifndef EONAY_PORTAL_ROUTES_H
#define EONAY_PORTAL_ROUTES_H

#include "portal/acceptance.h"
#include "portal/events.h"
#include "portal/fields.h"
#include "portal/guesses.h"
#include "portal/limits.h"
#include "portal/metrics.h"
#include "portal/store/store.h"
#include "portal/web/language.h"
#include "portal/workers.h"

#define FORM_TYPE "application/x-www-form-urlencoded"
#define FORM_MAX 16384     /* bytes of a form's body */
#define ROUTE_NAME_MAX 64  /* bytes of a name in a path */
#define BROWSER_ID_SIZE 64 /* characters of the id in a browser's cookie: 256 bits in hexadecimal */

/* What all requests share. Everything is constant or safe for threads itself. */
struct portal {
	struct store *store;
	struct server_key key;
	struct acceptance_policy policy;
	long lifetime_s, grace_s;
	struct texts consent;                    /* what an e-Onay says */
	long browser_idle_s, browser_lifetime_s; /* of browser sessions */
	struct guesses *guesses;
	struct limits *acts; /* how often what is no failure may be done */
	struct events *events;
	_Atomic bool looking; /* a look at all sessions that streams wait for is on its way */
	struct workers *workers;
	struct metrics *metrics;
	const char *metrics_readers; /* addresses that may read them */
	struct login_setup *login;   /* portal/login/login.h */
	struct demo *demo;           /* portal/demo/demo.h; NULL: without --demo */
};

/* Who is logged in. */
struct person {
	char tckn[12];
	char name[SESSION_PERSON_MAX];
	bool operator; /* of the registration desk */
};

struct route;

/* A request as far as it is known: the body comes last. */
struct http_request {
	struct portal *portal;
	const char *method;
	const char *path;
	const char *authorization; /* these four NULL: not given */
	const char *content_type;
	const char *accept;
	const char *if_none_match;
	const char *fetch_site; /* Sec-Fetch-Site; NULL: not given */
	const char *client;     /* address in text form */
	bool secure;            /* came over TLS, to us or to a proxy that we believe */
	uint64_t body_size;     /* as announced */
	struct span body;
	char browser_id[BROWSER_ID_SIZE + 1]; /* of the cookie, or "" */

	/* Set by routes_admit(). */
	const struct route *route;     /* one without a path: none answers */
	unsigned methods;              /* those that the address has instead: bits; 0: none */
	char id[PORTAL_ID_DIGITS + 1]; /* what "*" of the route's path stands for, or "" */
	char name[ROUTE_NAME_MAX + 1]; /* what "@" stands for, or "" */

	/* Set by routes_run(), before the route's own function. */
	bool authorised;
	struct session session;      /* ROUTE_TOKEN: the one of the path */
	const struct person *person; /* NULL: nobody is logged in */
	bool expired;                /* somebody was, for too long */
	struct person known;         /* what person points to */

	/* Read through the functions below. */
	struct fields query, form, cookies;
	enum language language;
};

/* The value of a parameter of the query, a field of a form (ROUTE_FORM), a cookie: UTF-8 without control characters,
 * NULL when it is not there. Cookies are named without the prefix __Host- that they have on TLS. */
const char *request_query(const struct http_request *request, const char *name);
const char *request_form(const struct http_request *request, const char *name);
const char *request_cookie(const struct http_request *request, const char *name);

#define ANSWER_HEADERS_MAX 8

/* Filled with the functions of portal/answer.h and portal/web/page.h. */
struct http_answer {
	unsigned status;
	const char *content_type; /* NULL: there is no body */
	const char *cache;        /* Cache-Control; NULL: no-store */
	long retry_after_s;       /* 0: not told */
	struct bytes body;
	enum err failure; /* for the log */
	struct {
		const char *name;
		char *value;
	} headers[ANSWER_HEADERS_MAX];
	size_t header_count;
	struct event_stream *stream; /* in place of a body */
};

/* Where routes_run() and routes_refuse() differ from one route to the other. */
enum route_flag {
	ROUTE_INLINE = 1 << 0, /* run by the thread that reads and sends: never blocks */
	ROUTE_TOKEN = 1 << 1,  /* "*" of the path is a session whose token must be given (kiosks) */
	ROUTE_PERSON = 1 << 2, /* for persons who are logged in; others are led to the landing
				  page, with ?oturum=bitti when their session has run out */
	ROUTE_OPERATOR = 1 << 3, /* for operators; other persons get 403 */
	ROUTE_FORM = 1 << 4,  /* a form with its csrf field, else 403; content_type is FORM_TYPE */
	ROUTE_PAGE = 1 << 5,  /* failures are pages for people, else problem documents */
	ROUTE_QUIET = 1 << 6, /* asked for by a page itself: no use of the browser session */
	ROUTE_DEMO = 1 << 7,  /* there only with --demo */
};

/* What is answered at one address. */
struct route {
	const char *method; /* GET answers HEAD too */
	const char *
		path; /* "*": an id; "@": a name of letters, digits, '.', '-' and '_'; at most one of them */
	const char *content_type; /* of the body; NULL: there is none */
	uint64_t body_max;
	/* Fills answer's status, type and body. On an error what it has written is forgotten, but for retry_after_s. */
	enum err (*run)(struct portal *p, const struct http_request *request,
		struct http_answer *answer, struct error *e);
	unsigned flags; /* of enum route_flag */
};

/* Judges a request by what its headers tell: address, method, size and type. Does not block. False: answer has the
 * refusal. */
bool routes_admit(struct portal *p, struct http_request *request, struct http_answer *answer);

/* Judges who asks, as far as this is possible without the body. False: answer has the refusal. */
bool routes_authorise(struct portal *p, struct http_request *request, struct http_answer *answer);

/* Answers an admitted request whose body is there; authorises it where that has not been done. */
void routes_run(struct portal *p, struct http_request *request, struct http_answer *answer);

/* Makes answer the page or problem document of a failure (and logs those that are the operator's). */
void routes_refuse(const struct http_request *request, enum err code, const struct error *e,
	struct http_answer *answer);

/* Releases what request and answer hold; codes and tokens may be among it. */
void request_release(struct http_request *request);
void answer_release(struct http_answer *answer);

#endif

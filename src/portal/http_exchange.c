#include "portal/http_exchange.h"

#include "base/clock.h"
#include "portal/http_send.h"
#include "portal/journal.h"
#include "portal/proxy.h"
#include "portal/request.h"
#include "portal/web/browser.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

/* A body up to this size is taken in before its request is refused: a connection that is closed with bytes unread is reset,
 * and the refusal may be lost. Kiosks send a larger one only when told to go on (Expect: 100-continue). */
#define DRAIN_MAX 65536

/* A request on its way through the library's callbacks. It is the workers' while its connection is suspended. */
struct exchange {
	struct work work; /* first, so that it is the exchange, too */
	struct http *http;
	struct MHD_Connection *connection;
	struct http_request request;
	struct http_answer answer;
	struct bytes body;
	struct bytes query;
	uint64_t received; /* bytes of the body, kept or not */
	int64_t since_us;  /* when the request, or its headers, were there */
	bool has_nul;      /* in its path, of which the library gives us only what stands before */
	bool begun;        /* the headers were there */
	bool authorising;  /* handed to the workers before the body was read */
	bool refused;      /* the answer is there; the body is taken in and forgotten */
	bool answered;     /* the answer is there */
	char client[INET6_ADDRSTRLEN];
};

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

struct joined {
	const char *name;
	struct bytes text;
};

static enum MHD_Result join(
	void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct joined *joined = context;

	(void)kind;
	if (strcasecmp(name, joined->name) == 0 && value)
		bytes_append_format(&joined->text, "%s%s", joined->text.n ? "," : "", value);
	return MHD_YES;
}

/* All lines of a header as one (RFC 9110 5.3): a proxy may add its line behind one of the client's. */
static struct bytes header_lines(struct MHD_Connection *connection, const char *name)
{
	struct joined joined = {.name = name};

	MHD_get_connection_values(connection, MHD_HEADER_KIND, join, &joined);
	bytes_text(&joined.text);
	return joined.text;
}

static void peer_address(struct MHD_Connection *connection, char out[INET6_ADDRSTRLEN])
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info ? info->client_addr : NULL;

	snprintf(out, INET6_ADDRSTRLEN, "::");
	if (address && address->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, out,
			INET6_ADDRSTRLEN);
	if (address && address->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, out,
			INET6_ADDRSTRLEN);
}

static struct connection *connection_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

/* Each step (the client's, our work, the answer) has its own time. */
static void renew(struct exchange *x)
{
	connections_renew(x->http->connections, connection_of(x->connection), clock_monotonic_ms());
}

/* A stream that sleeps is suspended and has no deadline; one that has something to send has the time of any answer. */
static void sleep_stream(void *context)
{
	struct exchange *x = context;

	connections_rest(x->http->connections, connection_of(x->connection));
	MHD_suspend_connection(x->connection);
}

static void wake_stream(void *context)
{
	struct exchange *x = context;

	renew(x);
	MHD_resume_connection(x->connection);
}

/* Nothing is read from a connection that is suspended, so its end would only show when something is sent. */
static bool is_gone(void *context)
{
	const struct exchange *x = context;
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct pollfd end = {.fd = info ? info->connect_fd : -1, .events = POLLRDHUP};

	return poll(&end, 1, 0) > 0;
}

static ssize_t read_stream(void *context, uint64_t at, char *out, size_t room)
{
	struct exchange *x = context;
	ssize_t n;

	(void)at;
	if (room < EVENTS_FRAME_MAX)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	n = events_read(x->answer.stream, out, clock_monotonic_ms());
	return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

/* For the log and the figures. */
static void record(const struct exchange *x)
{
	const struct route *route = x->request.route;
	const struct journal_request r = {
		.client = x->client,
		.method = x->request.method,
		.route = route ? route->path : NULL,
		.status = x->answer.status,
		.code = x->answer.failure ? error_code(x->answer.failure) : "",
		.duration_us = now_us() - x->since_us,
	};

	journal_request(&r, r.route ? x->request.path : NULL);
	metrics_request(x->http->portal->metrics, route ? route->method : NULL, r.route, r.status,
		r.duration_us);
}

static enum MHD_Result send_answer(struct exchange *x)
{
	const struct http_answer *a = &x->answer;

	if (a->stream)
		events_attach(
			a->stream, (struct event_sink){sleep_stream, wake_stream, x, is_gone});
	record(x);
	return http_send(x->connection, &x->request, a, read_stream, x);
}

/* On a worker's thread. Once the connection is resumed, the exchange is the library's threads' again. */
static void run_work(struct work *work)
{
	struct exchange *x = (struct exchange *)work;
	struct MHD_Connection *connection = x->connection;

	if (x->authorising)
		x->refused = !routes_authorise(x->http->portal, &x->request, &x->answer);
	else
		routes_run(x->http->portal, &x->request, &x->answer);
	x->answered = !x->authorising;
	renew(x);
	MHD_resume_connection(connection);
}

static void refuse(struct exchange *x, enum err code, const char *where)
{
	struct error e = {0};

	error_set(&e, code, "%s", where);
	routes_refuse(&x->request, code, &e, &x->answer);
	x->refused = true;
}

static enum MHD_Result hand_over(struct exchange *x)
{
	x->work.run = run_work;
	MHD_suspend_connection(x->connection);
	if (workers_submit(x->http->portal->workers, &x->work))
		return MHD_YES;
	refuse(x, ERR_SERVICE_FAILED, "stopping");
	MHD_resume_connection(x->connection);
	return MHD_YES;
}

/* The announced size of the body; false when it is not told in a form that we take, or twice. */
static bool read_size(struct MHD_Connection *connection, uint64_t *size)
{
	struct bytes length = header_lines(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
	bool known = !header(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING);

	*size = 0;
	if (known && length.n)
		known = request_number(bytes_text(&length), UINT64_MAX / 16, size);
	bytes_free(&length);
	return known;
}

static bool has_nul(const char *uri)
{
	const char *nul = strstr(uri, "%00");

	return nul && nul < uri + strcspn(uri, "?");
}

/* The request line is there. What is returned becomes the state of the request. */
void *http_on_begin(void *context, const char *uri, struct MHD_Connection *connection)
{
	struct exchange *x = must_zalloc(sizeof(*x));
	const char *query = strchr(uri, '?');

	x->http = context;
	x->connection = connection;
	x->http->under_way++;
	x->has_nul = has_nul(uri);
	if (query)
		bytes_append_text(&x->query, query + 1);
	return x;
}

/* Who asks, and how; TLS may have ended at a proxy. */
static void read_way(struct exchange *x, bool *secure)
{
	const char *proxies = x->http->proxies;
	char peer[INET6_ADDRSTRLEN];
	struct bytes clients, scheme;

	peer_address(x->connection, peer);
	clients = header_lines(x->connection, "X-Forwarded-For");
	scheme = header_lines(x->connection, "X-Forwarded-Proto");
	proxy_client(proxies, peer, bytes_text(&clients), x->client);
	*secure = x->http->tls ||
		  (strcmp(bytes_text(&scheme), "https") == 0 && proxy_lists(proxies, peer));
	bytes_free(&clients);
	bytes_free(&scheme);
}

static void read_headers(struct exchange *x, const char *path, const char *method)
{
	struct MHD_Connection *connection = x->connection;
	bool secure;

	read_way(x, &secure);
	x->request = (struct http_request){
		.portal = x->http->portal,
		.method = method,
		.path = path,
		.authorization = header(connection, MHD_HTTP_HEADER_AUTHORIZATION),
		.content_type = header(connection, MHD_HTTP_HEADER_CONTENT_TYPE),
		.accept = header(connection, MHD_HTTP_HEADER_ACCEPT),
		.if_none_match = header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH),
		.fetch_site = header(connection, "Sec-Fetch-Site"),
		.client = x->client,
		.secure = secure,
	};
	fields_read_cookies(header(connection, MHD_HTTP_HEADER_COOKIE), &x->request.cookies);
	browser_recognise(&x->request);
}

static bool read_query(struct exchange *x)
{
	struct http_request *r = &x->request;
	enum err code = fields_read_urlencoded(bytes_span(&x->query), &r->query, NULL);
	const char *cookie = request_cookie(r, "lang");

	r->language = language_of(request_query(r, "lang"), language_of(cookie, LANGUAGE_TURKISH));
	return code == ERR_OK;
}

/* The headers are there. */
static enum MHD_Result begin_request(struct exchange *x, const char *path, const char *method)
{
	bool known;

	x->begun = true;
	x->since_us = now_us();
	read_headers(x, path, method);
	known = read_size(x->connection, &x->request.body_size);
	if (!known)
		refuse(x, ERR_REQUEST, "size");
	else if (x->has_nul)
		refuse(x, ERR_REQUEST, "path");
	else if (!read_query(x))
		refuse(x, ERR_REQUEST, "query");
	else
		x->refused = !routes_admit(x->http->portal, &x->request, &x->answer);
	if (x->refused && (!known || x->request.body_size == 0 || x->request.body_size > DRAIN_MAX))
		return send_answer(x);
	/* A large body is only taken from those who may send one. */
	x->authorising = !x->refused && x->request.body_size > DRAIN_MAX;
	return x->authorising ? hand_over(x) : MHD_YES;
}

/* A piece of the body. */
static enum MHD_Result take_piece(struct exchange *x, const char *data, size_t *size)
{
	if (*size > x->request.body_size - x->received)
		return MHD_NO; /* more than announced */
	x->received += *size;
	if (!x->refused)
		bytes_append(&x->body, span_of(data, *size));
	*size = 0;
	return MHD_YES;
}

/* The request is there: it is run here or by a worker. */
static enum MHD_Result run_request(struct exchange *x, const char *path, const char *method)
{
	/* The client has done its part in time; our work and the answer have theirs. */
	renew(x);
	x->since_us = now_us();
	x->request.method = method;
	x->request.path = path;
	x->request.body = bytes_span(&x->body);
	if (!(x->request.route->flags & ROUTE_INLINE))
		return hand_over(x);
	routes_run(x->http->portal, &x->request, &x->answer);
	return send_answer(x);
}

enum MHD_Result http_on_request(void *context, struct MHD_Connection *connection, const char *path,
	const char *method, const char *version, const char *data, size_t *size, void **state)
{
	struct exchange *x = *state;

	(void)context, (void)connection, (void)version;
	if (!x->begun)
		return begin_request(x, path, method);
	if (x->authorising) { /* the library calls once more for the headers */
		x->authorising = false;
		return x->refused ? send_answer(x) : MHD_YES;
	}
	if (*size)
		return take_piece(x, data, size);
	return x->refused || x->answered ? send_answer(x) : run_request(x, path, method);
}

/* The bodies may hold a code or a token. */
void http_on_completed(void *context, struct MHD_Connection *connection, void **state,
	enum MHD_RequestTerminationCode how)
{
	struct exchange *x = *state;
	struct http *h = context;

	(void)how, (void)connection;
	if (!x)
		return;
	*state = NULL;
	renew(x);
	bytes_wipe(&x->body);
	bytes_wipe(&x->query);
	request_release(&x->request);
	answer_release(&x->answer);
	free(x);
	h->under_way--;
}

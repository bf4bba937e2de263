/* A virtual card that connects to us and speaks the vpcd protocol (vsmartcard): each message is a
 * two-byte big-endian length and that many bytes; a message of one byte to the card is a control
 * (power off, power on, reset, ask for the ATR), a longer one is an APDU. Only this process uses
 * the card, so a transaction is nothing but a promise. */
#include <config.h> /* _GNU_SOURCE for accept4(), POLLRDHUP */

#include "card/reader_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

#define NAME "Sanal okuyucu"
#define ATR_WAIT_MS 3000   /* a real card answers within 400 ms (ISO 7816-3 6.2.2) */
#define APDU_WAIT_MS 30000 /* an RSA key of 4096 bits in a slow card takes seconds */
#define MESSAGE_MAX 65535

enum control { POWER_OFF = 0, POWER_ON = 1, RESET = 2, GET_ATR = 4 };

struct socket_readers {
	struct readers base;
	int listener, epoll;
	int card; /* -1: none */
	struct reader_state state;
};

struct socket_reader {
	struct reader base;
	struct socket_readers *of;
	uint16_t events; /* of the insertion that this is a connection to */
	bool fresh;
};

static void drop_card(struct socket_readers *r)
{
	if (r->card < 0)
		return;
	close(r->card);
	r->card = -1;
	r->state.status = ERR_NO_CARD;
	r->state.atr_n = 0;
	r->state.events++;
}

static bool send_all(int fd, const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		p += sent;
		n -= (size_t)sent;
	}
	return true;
}

static bool send_message(int fd, struct span message)
{
	uint8_t head[2] = {(uint8_t)(message.n >> 8), (uint8_t)message.n};

	return send_all(fd, head, sizeof(head)) && send_all(fd, message.at, message.n);
}

static bool send_control(int fd, enum control what)
{
	uint8_t byte = (uint8_t)what;

	return send_message(fd, span_of(&byte, 1));
}

/* n bytes before the deadline; ERR_CARD_REMOVED when the card hung up, ERR_CARD_MUTE when it kept
 * silent. */
static enum err receive(int fd, uint8_t *p, size_t n, int64_t deadline)
{
	while (n > 0) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		int64_t left = deadline - clock_monotonic_ms();
		ssize_t got;

		if (left <= 0 || poll(&wait, 1, (int)left) == 0)
			return ERR_CARD_MUTE;
		got = recv(fd, p, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return ERR_CARD_REMOVED;
		p += got;
		n -= (size_t)got;
	}
	return ERR_OK;
}

static enum err receive_message(int fd, struct bytes *out, int wait_ms)
{
	int64_t deadline = clock_monotonic_ms() + wait_ms;
	uint8_t head[2], *body;
	size_t n;
	enum err code;

	if ((code = receive(fd, head, sizeof(head), deadline)))
		return code;
	n = (size_t)head[0] << 8 | head[1];
	body = must_alloc(n);
	code = receive(fd, body, n, deadline);
	if (!code)
		bytes_append(out, span_of(body, n));
	free(body);
	return code;
}

/* Power on and ATR: the card is there, or mute, or gone again. */
static void wake_card(struct socket_readers *r)
{
	struct bytes atr = {0};
	enum err code = ERR_CARD_REMOVED;

	if (send_control(r->card, POWER_ON) && send_control(r->card, GET_ATR))
		code = receive_message(r->card, &atr, ATR_WAIT_MS);
	r->state.events++;
	if (code == ERR_CARD_REMOVED) {
		drop_card(r);
	} else {
		r->state.status = !code && atr.n > 0 && atr.n <= ATR_MAX ? ERR_OK : ERR_CARD_MUTE;
		r->state.atr_n = r->state.status ? 0 : atr.n;
		if (r->state.atr_n > 0)
			memcpy(r->state.atr, atr.at, atr.n);
	}
	bytes_free(&atr);
}

/* A card that connects while another one is in the reader finds it full. */
static void accept_card(struct socket_readers *r)
{
	struct epoll_event watch = {.events = EPOLLIN | EPOLLRDHUP};
	int on = 1, fd;

	while ((fd = accept4(r->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		if (r->card >= 0) {
			close(fd);
			continue;
		}
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &watch);
		r->card = fd;
		wake_card(r);
	}
}

/* A card speaks only when asked: anything to be read now is the end, or noise that ends it. */
static void notice_hangup(struct socket_readers *r)
{
	struct pollfd look = {.fd = r->card, .events = POLLIN | POLLRDHUP};

	if (r->card >= 0 && poll(&look, 1, 0) > 0)
		drop_card(r);
}

static int socket_fd(const struct readers *base)
{
	return ((const struct socket_readers *)base)->epoll;
}

static enum err socket_list(
	struct readers *base, struct reader_state *out, size_t *count, struct error *e)
{
	struct socket_readers *r = (struct socket_readers *)base;

	(void)e;
	notice_hangup(r);
	accept_card(r);
	out[0] = r->state;
	*count = 1;
	return ERR_OK;
}

static void socket_close(struct readers *base)
{
	struct socket_readers *r = (struct socket_readers *)base;

	drop_card(r);
	close(r->epoll);
	close(r->listener);
	free(r);
}

static enum err there(struct socket_reader *s, struct error *e)
{
	notice_hangup(s->of);
	if (s->of->card < 0 || s->of->state.events != s->events)
		return error_set(e, ERR_CARD_REMOVED, "%s", NAME);
	return ERR_OK;
}

static enum err socket_transmit(
	struct reader *base, struct span command, struct bytes *answer, struct error *e)
{
	struct socket_reader *s = (struct socket_reader *)base;
	enum err code;

	if ((code = there(s, e)))
		return code;
	if (command.n < 4 || command.n > MESSAGE_MAX)
		return error_set(e, ERR_CARD_IO, "command of %zu bytes", command.n);
	code = send_message(s->of->card, command)
		       ? receive_message(s->of->card, answer, APDU_WAIT_MS)
		       : ERR_CARD_REMOVED;
	if (!code)
		return ERR_OK;
	drop_card(s->of); /* an answer that comes late would be taken for the next one's */
	return error_set(e, code == ERR_CARD_REMOVED ? code : ERR_CARD_IO, "%s", NAME);
}

static enum err socket_begin(struct reader *base, bool *fresh, struct error *e)
{
	struct socket_reader *s = (struct socket_reader *)base;

	*fresh = s->fresh;
	s->fresh = false;
	return there(s, e);
}

static void socket_end(struct reader *base, bool reset)
{
	struct socket_reader *s = (struct socket_reader *)base;

	if (!reset || there(s, NULL))
		return;
	s->fresh = true;
	if (!send_control(s->of->card, RESET))
		drop_card(s->of);
}

static void socket_disconnect(struct reader *base, bool reset)
{
	socket_end(base, reset);
	free(base);
}

static const struct reader_ops reader_ops = {
	.transmit = socket_transmit,
	.begin = socket_begin,
	.end = socket_end,
	.disconnect = socket_disconnect,
};

static enum err socket_connect(
	struct readers *base, const char *name, struct reader **out, struct error *e)
{
	struct socket_readers *r = (struct socket_readers *)base;
	struct socket_reader *s;

	notice_hangup(r);
	accept_card(r);
	if (strcmp(name, NAME) != 0)
		return error_set(e, ERR_READER_GONE, "%s", name);
	if (r->state.status)
		return error_set(e, r->state.status, "%s", name);
	s = must_zalloc(sizeof(*s));
	s->base.ops = &reader_ops;
	s->base.state = r->state;
	s->of = r;
	s->events = r->state.events;
	s->fresh = true;
	*out = &s->base;
	return ERR_OK;
}

static const struct readers_ops readers_ops = {
	.close = socket_close,
	.fd = socket_fd,
	.list = socket_list,
	.connect = socket_connect,
};

/* A listening socket on 127.0.0.1:*port; -1 with errno set. */
static int listen_on(uint16_t *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons(*port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t n = sizeof(at);
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 4) ||
		getsockname(fd, (struct sockaddr *)&at, &n)) {
		close(fd);
		return -1;
	}
	*port = ntohs(at.sin_port);
	return fd;
}

enum err readers_open_socket(uint16_t *port, struct readers **out, struct error *e)
{
	struct epoll_event watch = {.events = EPOLLIN};
	struct socket_readers *r;
	int fd = listen_on(port);

	*out = NULL;
	if (fd < 0)
		return error_set_errno(e, ERR_LISTEN, "127.0.0.1:%u", *port);
	r = must_zalloc(sizeof(*r));
	r->base = (struct readers){.ops = &readers_ops, .trace = -1};
	r->listener = fd;
	r->card = -1;
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &watch);
	r->state.status = ERR_NO_CARD;
	snprintf(r->state.name, sizeof(r->state.name), "%s", NAME);
	*out = &r->base;
	return ERR_OK;
}

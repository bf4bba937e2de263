#include "vcard/link.h"

#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	HEADER = 2,
	MESSAGE_MAX = 0xFFFF,
	CHUNK = 4096,
};

/* vpcd sends a message's length and its bytes apart, and its kernel keeps the bytes back until the length is
 * acknowledged. The option does not last: it is set again after each read. */
static void acknowledge_at_once(int fd)
{
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
}

static int connect_one(const struct addrinfo *each)
{
	int one = 1;
	int fd = socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC, each->ai_protocol);

	if (fd < 0)
		return -1;
	if (connect(fd, each->ai_addr, each->ai_addrlen) != 0) {
		close(fd);
		return -1;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	acknowledge_at_once(fd);
	return fd;
}

/* Splits address at its last colon; both halves point into it. */
static bool split(char *address, char **host, char **port)
{
	char *colon = strrchr(address, ':');
	size_t n;

	if (!colon || colon == address || !colon[1])
		return false;
	*colon = '\0';
	*host = address;
	*port = colon + 1;
	n = strlen(address);
	if (address[0] == '[' && address[n - 1] == ']') {
		address[n - 1] = '\0';
		*host = address + 1;
	}
	return strspn(*port, "0123456789") == strlen(*port);
}

static enum err connect_any(struct link *l, const char *host, const char *port)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;

	if (getaddrinfo(host, port, &hints, &found) != 0)
		return ERR_USAGE;
	l->fd = -1;
	for (const struct addrinfo *each = found; each && l->fd < 0; each = each->ai_next)
		l->fd = connect_one(each);
	freeaddrinfo(found);
	return l->fd < 0 ? ERR_NO_DAEMON : ERR_OK;
}

enum err link_open(struct link *l, const char *address, struct error *e)
{
	char *copy = must_strdup(address), *host, *port;
	enum err err = split(copy, &host, &port) ? connect_any(l, host, port) : ERR_USAGE;

	if (err)
		error_set(e, err, "%s", address);
	free(copy);
	return err;
}

bool link_receive(struct link *l)
{
	uint8_t chunk[CHUNK];
	ssize_t n;

	do
		n = read(l->fd, chunk, sizeof(chunk));
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return false;
	acknowledge_at_once(l->fd);
	bytes_append(&l->in, span_of(chunk, (size_t)n));
	explicit_bzero(chunk, sizeof(chunk));
	return true;
}

bool link_take(struct link *l, struct bytes *message)
{
	size_t n;

	if (l->in.n < HEADER)
		return false;
	n = (size_t)l->in.at[0] << 8 | l->in.at[1];
	if (l->in.n < HEADER + n)
		return false;
	bytes_clear(message);
	bytes_append(message, span_of(l->in.at + HEADER, n));
	l->in.n -= HEADER + n;
	memmove(l->in.at, l->in.at + HEADER + n, l->in.n);
	return true;
}

bool link_send(struct link *l, struct span message)
{
	const uint8_t header[HEADER] = {(uint8_t)(message.n >> 8), (uint8_t)message.n};
	struct bytes all = {0};
	struct span rest;
	ssize_t n = 0;

	assert(message.n <= MESSAGE_MAX);
	bytes_append(&all, span_of(header, sizeof(header)));
	bytes_append(&all, message);
	rest = bytes_span(&all);
	while (rest.n) {
		n = send(l->fd, rest.at, rest.n, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		rest = span_from(rest, (size_t)n);
	}
	bytes_free(&all);
	return n >= 0;
}

void link_close(struct link *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	bytes_wipe(&l->in);
}

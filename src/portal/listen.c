#include "portal/listen.h"

#include "base/bytes.h"
#include "portal/request.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 128
#define HOST_MAX (INET6_ADDRSTRLEN + 2) /* with brackets */

/* Splits at the last colon; the host without its brackets. */
static bool split(const char *text, char host[HOST_MAX], bool *bracketed, uint64_t *port)
{
	const char *colon = strrchr(text, ':');
	size_t n = colon ? (size_t)(colon - text) : 0;

	if (n == 0 || n >= HOST_MAX || !request_number(colon + 1, 65535, port))
		return false;
	*bracketed = text[0] == '[' && text[n - 1] == ']';
	if (*bracketed && n > 2) {
		text++;
		n -= 2;
	}
	memcpy(host, text, n);
	host[n] = '\0';
	return true;
}

static bool is_loopback(const struct sockaddr_in6 *address)
{
	const struct sockaddr_in *four = (const struct sockaddr_in *)address;

	if (address->sin6_family == AF_INET)
		return ntohl(four->sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&address->sin6_addr);
}

enum err listen_read(
	const char *text, bool tls, struct sockaddr_in6 *out, socklen_t *size, struct error *e)
{
	struct sockaddr_in *four = (struct sockaddr_in *)out;
	char host[HOST_MAX];
	bool bracketed;
	uint64_t port;

	memset(out, 0, sizeof(*out));
	if (!split(text, host, &bracketed, &port))
		return error_set(e, ERR_LISTEN, "%s", text);
	if (bracketed && inet_pton(AF_INET6, host, &out->sin6_addr) == 1) {
		out->sin6_family = AF_INET6;
		out->sin6_port = htons((uint16_t)port);
		*size = sizeof(*out);
	} else if (!bracketed && inet_pton(AF_INET, host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t)port);
		*size = sizeof(*four);
	} else {
		return error_set(e, ERR_LISTEN, "%s", text);
	}
	return tls || is_loopback(out) ? ERR_OK : error_set(e, ERR_LISTEN, "%s (no TLS)", text);
}

static bool bind_and_listen(int fd, const struct sockaddr_in6 *address, socklen_t size)
{
	int on = 1;

	return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	       bind(fd, (const struct sockaddr *)address, size) == 0 && listen(fd, BACKLOG) == 0;
}

enum err listen_open(const char *text, bool tls, int *fd, unsigned *port, struct error *e)
{
	struct sockaddr_in6 address;
	socklen_t size = 0;
	enum err code = listen_read(text, tls, &address, &size, e);

	*fd = -1;
	if (code)
		return code;
	*fd = socket(address.sin6_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd < 0 || !bind_and_listen(*fd, &address, size) ||
		getsockname(*fd, (struct sockaddr *)&address, &size) != 0) {
		code = error_set_errno(e, ERR_LISTEN, "%s", text);
		if (*fd >= 0)
			close(*fd);
		return code;
	}
	*port = ntohs(address.sin6_port); /* at the same place in both families */
	return ERR_OK;
}

enum err listen_inherit(int fd, bool tls, unsigned *port, struct error *e)
{
	struct sockaddr_in6 address;
	socklen_t size = sizeof(address);
	int flags = fcntl(fd, F_GETFL);

	if (getsockname(fd, (struct sockaddr *)&address, &size) == 0 && flags >= 0 &&
		fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 && (tls || is_loopback(&address))) {
		*port = ntohs(address.sin6_port);
		return ERR_OK;
	}
	close(fd);
	return error_set(e, ERR_LISTEN, "LISTEN_FDS%s", tls ? "" : " (no TLS)");
}

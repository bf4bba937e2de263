/* Where the service listens. */
#ifndef EONAY_PORTAL_LISTEN_H
#define EONAY_PORTAL_LISTEN_H

#include "base/error.h"

#include <netinet/in.h>

/* Reads "127.0.0.1:8080" or "[::1]:8080" (numbers only, port 0: a free one). Without TLS only
 * loopback addresses are accepted. ERR_LISTEN. */
enum err listen_read(
	const char *text, bool tls, struct sockaddr_in6 *out, socklen_t *size, struct error *e);

/* Opens a listening socket there; *port is the one in use. ERR_LISTEN. */
enum err listen_open(const char *text, bool tls, int *fd, unsigned *port, struct error *e);

/* The listening socket fd was given to us: *port is its port; an address of it that is no loopback wants TLS. On an error
 * it is closed. ERR_LISTEN. */
enum err listen_inherit(int fd, bool tls, unsigned *port, struct error *e);

#endif

#include "job/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER sizeof(((struct frame_in *)0)->header)

/* Receives up to n bytes; 0 and *status when none came. */
static size_t receive(int fd, void *to, size_t n, enum err *status)
{
	ssize_t got;

	do {
		got = recv(fd, to, n, 0);
	} while (got < 0 && errno == EINTR);
	if (got > 0)
		return (size_t)got;
	*status = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? ERR_END : ERR_WORKER_DIED;
	return 0;
}

/* The header is whole: how long is the message, and room for it. */
static enum err open_body(struct frame_in *in)
{
	size_t n = (size_t)in->header[0] << 24 | (size_t)in->header[1] << 16 |
		   (size_t)in->header[2] << 8 | in->header[3];

	if (n > FRAME_MAX)
		return ERR_WIRE;
	in->n = n;
	in->body = must_alloc(n);
	return ERR_OK;
}

enum err frame_read(int fd, struct frame_in *in)
{
	enum err status = ERR_OK;
	size_t got;

	while (in->have < HEADER) {
		got = receive(fd, in->header + in->have, HEADER - in->have, &status);
		if (got == 0)
			return status;
		in->have += got;
	}
	if (!in->body && (status = open_body(in)))
		return status;
	while (in->have < HEADER + in->n) {
		got = receive(
			fd, in->body + (in->have - HEADER), HEADER + in->n - in->have, &status);
		if (got == 0)
			return status;
		in->have += got;
	}
	return ERR_OK;
}

void frame_in_clear(struct frame_in *in)
{
	if (in->body)
		explicit_bzero(in->body, in->n);
	free(in->body);
	*in = (struct frame_in){0};
}

void frame_queue(struct frame_out *out, struct bytes *message)
{
	struct bytes all = {0};
	uint8_t header[HEADER] = {(uint8_t)(message->n >> 24), (uint8_t)(message->n >> 16),
		(uint8_t)(message->n >> 8), (uint8_t)message->n};

	/* One exact piece of memory: growing would leave unwiped copies of a secret behind. */
	all.room = out->bytes.n - out->sent + HEADER + message->n + 1;
	all.at = must_alloc(all.room);
	bytes_append(&all, span_from(bytes_span(&out->bytes), out->sent));
	bytes_append(&all, span_of(header, HEADER));
	bytes_append(&all, bytes_span(message));
	bytes_wipe(message);
	bytes_wipe(&out->bytes);
	*out = (struct frame_out){.bytes = all};
}

enum err frame_flush(int fd, struct frame_out *out)
{
	while (out->sent < out->bytes.n) {
		ssize_t n =
			send(fd, out->bytes.at + out->sent, out->bytes.n - out->sent, MSG_NOSIGNAL);

		if (n >= 0)
			out->sent += (size_t)n;
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			return ERR_END;
		else if (errno != EINTR)
			return ERR_WORKER_DIED;
	}
	bytes_wipe(&out->bytes);
	out->sent = 0;
	return ERR_OK;
}

/* Whole messages over a stream socket: u32 length (big-endian), then the message. */
#ifndef EONAY_JOB_FRAME_H
#define EONAY_JOB_FRAME_H

#include "base/bytes.h"
#include "base/error.h"

#define FRAME_MAX                                                                                  \
	(8u << 20) /* bytes; texts and CMS of a session are at most 1 MiB each, with room for all  \
		      else */

/* A message being received. Its memory is taken once, at its full length, so that a secret in it is
 * never left behind by a growing buffer; frame_in_clear() wipes. A zeroed struct is ready. */
struct frame_in {
	uint8_t header[4];
	uint8_t *body;
	size_t n;    /* length of body */
	size_t have; /* bytes received, header included */
};

/* Reads what is there from fd, which may be non-blocking. ERR_OK: a whole message is in body;
 * ERR_END: nothing more for now (non-blocking only); ERR_WORKER_DIED: the other end is gone;
 * ERR_WIRE: longer than FRAME_MAX. */
enum err frame_read(int fd, struct frame_in *in);

/* Wipes and releases the message. */
void frame_in_clear(struct frame_in *in);

/* Messages waiting to be sent. A zeroed struct is empty. */
struct frame_out {
	struct bytes bytes;
	size_t sent;
};

/* Queues message with its length before it. message is wiped and released. */
void frame_queue(struct frame_out *out, struct bytes *message);

/* Sends what fd takes now. ERR_OK: all is sent (and wiped); ERR_END: fd is full for now
 * (non-blocking only); ERR_WORKER_DIED: the other end is gone. */
enum err frame_flush(int fd, struct frame_out *out);

#endif

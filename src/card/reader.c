#include "card/reader_internal.h"

#include <unistd.h>

#include "base/hex.h"

/* Commands whose data is a PIN (ISO 7816-4 11.5.6, .7, .10): never written anywhere. */
static bool is_secret(struct span command)
{
	uint8_t ins = command.n >= 2 ? command.at[1] : 0;

	return ins == 0x20 || ins == 0x21 || ins == 0x24 || ins == 0x25 || ins == 0x2C ||
	       ins == 0x2D;
}

/* One line per APDU. A line that can't be written is lost: tracing must not stop a signature. */
static void trace(const struct reader *r, char way, struct span apdu)
{
	struct span shown = way == '>' && is_secret(apdu) ? span_first(apdu, 5) : apdu;
	struct bytes line = {0};
	ssize_t written;

	if (r->trace < 0)
		return;
	bytes_append_byte(&line, (uint8_t)way);
	bytes_append_byte(&line, ' ');
	hex_append(&line, shown);
	for (size_t i = shown.n; i < apdu.n; i++)
		bytes_append_text(&line, "**");
	bytes_append_byte(&line, '\n');
	written = write(r->trace, line.at, line.n);
	(void)written;
	bytes_free(&line);
}

void readers_close(struct readers *r)
{
	if (r)
		r->ops->close(r);
}

void readers_trace(struct readers *r, int fd)
{
	r->trace = fd;
}

int readers_fd(const struct readers *r)
{
	return r->ops->fd(r);
}

enum err readers_list(struct readers *r, struct reader_state *out, size_t *count, struct error *e)
{
	*count = 0;
	return r->ops->list(r, out, count, e);
}

enum err reader_connect(struct readers *r, const char *name, struct reader **out, struct error *e)
{
	enum err code;

	*out = NULL;
	if ((code = r->ops->connect(r, name, out, e)))
		return code;
	(*out)->trace = r->trace;
	return ERR_OK;
}

enum err reader_transmit(
	struct reader *r, struct span command, struct bytes *answer, struct error *e)
{
	size_t before = answer->n;
	enum err code;

	trace(r, '>', command);
	code = r->ops->transmit(r, command, answer, e);
	r->traffic.apdus++;
	r->traffic.sent += command.n;
	if (code) {
		answer->n = before;
		return code;
	}
	r->traffic.received += answer->n - before;
	trace(r, '<', span_from(bytes_span(answer), before));
	return ERR_OK;
}

enum err reader_begin(struct reader *r, bool *fresh, struct error *e)
{
	*fresh = false;
	return r->ops->begin(r, fresh, e);
}

void reader_end(struct reader *r, bool reset)
{
	r->ops->end(r, reset);
}

bool reader_is_t0(const struct reader *r)
{
	return r->t0;
}

const struct reader_state *reader_state_of(const struct reader *r)
{
	return &r->state;
}

struct reader_traffic reader_traffic_of(const struct reader *r)
{
	return r->traffic;
}

void reader_disconnect(struct reader *r, bool reset)
{
	if (r)
		r->ops->disconnect(r, reset);
}

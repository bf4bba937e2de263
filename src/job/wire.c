#include "job/wire.h"

#include <string.h>

void wire_put_u8(struct bytes *out, uint8_t value)
{
	bytes_append_byte(out, value);
}

/* The low n bytes of value, most significant first. */
static void put_number(struct bytes *out, uint64_t value, unsigned n)
{
	while (n-- > 0)
		bytes_append_byte(out, (uint8_t)(value >> (8 * n)));
}

void wire_put_u32(struct bytes *out, uint32_t value)
{
	put_number(out, value, 4);
}

void wire_put_i64(struct bytes *out, int64_t value)
{
	put_number(out, (uint64_t)value, 8);
}

void wire_put_bytes(struct bytes *out, struct span value)
{
	wire_put_u32(out, (uint32_t)value.n);
	bytes_append(out, value);
}

void wire_put_text(struct bytes *out, const char *value)
{
	wire_put_bytes(out, span_text(value));
}

/* The next n bytes, or an empty span and bad. */
static struct span take(struct wire_in *in, size_t n)
{
	struct span got;

	if (in->bad || in->rest.n < n) {
		in->bad = true;
		return (struct span){0};
	}
	got = span_first(in->rest, n);
	in->rest = span_from(in->rest, n);
	return got;
}

static uint64_t take_number(struct wire_in *in, unsigned n)
{
	struct span s = take(in, n);
	uint64_t value = 0;

	for (size_t i = 0; i < s.n; i++)
		value = value << 8 | s.at[i];
	return value;
}

uint8_t wire_take_u8(struct wire_in *in)
{
	return (uint8_t)take_number(in, 1);
}

uint32_t wire_take_u32(struct wire_in *in)
{
	return (uint32_t)take_number(in, 4);
}

int64_t wire_take_i64(struct wire_in *in)
{
	return (int64_t)take_number(in, 8);
}

bool wire_take_bool(struct wire_in *in)
{
	uint8_t value = wire_take_u8(in);

	if (value > 1)
		in->bad = true;
	return value == 1;
}

struct span wire_take_bytes(struct wire_in *in)
{
	return take(in, wire_take_u32(in));
}

void wire_take_fixed(struct wire_in *in, void *out, size_t n)
{
	struct span s = take(in, n);

	if (s.n == n && n > 0)
		memcpy(out, s.at, n);
}

void wire_take_text(struct wire_in *in, char *out, size_t room)
{
	struct span s = wire_take_bytes(in);

	if (s.n >= room || (s.n > 0 && memchr(s.at, 0, s.n))) {
		in->bad = true;
		s.n = 0;
	}
	if (s.n > 0)
		memcpy(out, s.at, s.n);
	out[s.n] = '\0';
}

void wire_take_secret(struct wire_in *in, struct secret *out)
{
	if (!secret_set(out, wire_take_bytes(in)))
		in->bad = true;
}

bool wire_done(const struct wire_in *in)
{
	return !in->bad && in->rest.n == 0;
}

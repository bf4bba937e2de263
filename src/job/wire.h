/* Numbers, texts and bytes in a message between processes. Big-endian, fixed widths; lengths are
 * checked on the way in, for the process at the other end may have fallen to a hostile card or
 * server. */
#ifndef EONAY_JOB_WIRE_H
#define EONAY_JOB_WIRE_H

#include "base/secret.h"

void wire_put_u8(struct bytes *out, uint8_t value);
void wire_put_u32(struct bytes *out, uint32_t value);
void wire_put_i64(struct bytes *out, int64_t value);
void wire_put_bytes(struct bytes *out, struct span value); /* u32 length, then the bytes */
void wire_put_text(struct bytes *out, const char *value);  /* as bytes, without the NUL */

/* A message being read. Once bad is set every further take gives zero or nothing. */
struct wire_in {
	struct span rest;
	bool bad;
};

uint8_t wire_take_u8(struct wire_in *in);
uint32_t wire_take_u32(struct wire_in *in);
int64_t wire_take_i64(struct wire_in *in);
bool wire_take_bool(struct wire_in *in);                       /* bad unless 0 or 1 */
struct span wire_take_bytes(struct wire_in *in);               /* borrowed from the message */
void wire_take_fixed(struct wire_in *in, void *out, size_t n); /* exactly n bytes */
void wire_take_text(
	struct wire_in *in, char *out, size_t room); /* bad when it does not fit or holds a NUL */
void wire_take_secret(struct wire_in *in, struct secret *out);

/* Whole message read, nothing left over. */
bool wire_done(const struct wire_in *in);

#endif

/* Bytes have owners: a span borrows, bytes own and grow. */
#ifndef EONAY_BASE_BYTES_H
#define EONAY_BASE_BYTES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes; at may be NULL only when n is 0. */
struct span {
	const uint8_t *at;
	size_t n;
};

/* Owned bytes. A zeroed struct is empty and valid; bytes_free() ends it. */
struct bytes {
	uint8_t *at;
	size_t n;
	size_t room;
};

/* The span over n bytes at p. */
static inline struct span span_of(const void *p, size_t n)
{
	return (struct span){.at = p, .n = n};
}

/* The span over what b holds; valid until b changes. */
static inline struct span bytes_span(const struct bytes *b)
{
	return (struct span){.at = b->at, .n = b->n};
}

/* The span over a C string without its NUL. */
struct span span_text(const char *text);

/* s without its first skip bytes (all of it gone when skip >= s.n). */
struct span span_from(struct span s, size_t skip);

/* The first n bytes of s (all of it when n >= s.n). */
struct span span_first(struct span s, size_t n);

/* Same length and same bytes. Not for secrets: the time taken tells where they differ. */
bool span_equal(struct span a, struct span b);

/* Memory that must be there: as malloc/calloc/strdup, but ends the process with a message when
 * there is none. All our buffers are bounded by named limits, so this is a machine that can't go on
 * (see HACKING). */
void *must_alloc(size_t n);
void *must_zalloc(size_t n);
char *must_strdup(const char *text);

/* Appends; grows as needed. The appended span must not point into b. */
void bytes_append(struct bytes *b, struct span more);

/* Room for n bytes more: appending these then moves nothing (and leaves no copy behind). */
void bytes_reserve(struct bytes *b, size_t n);
void bytes_append_byte(struct bytes *b, uint8_t byte);
void bytes_append_text(struct bytes *b, const char *text);
void bytes_append_format(struct bytes *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void bytes_append_vformat(struct bytes *b, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Empties b but keeps its room. */
void bytes_clear(struct bytes *b);

/* Releases b's memory; b is then empty and valid again. */
void bytes_free(struct bytes *b);

/* Overwrites b's memory, then releases it. */
void bytes_wipe(struct bytes *b);

/* b's content as a C string: a NUL is kept behind the content, not counted in n. Valid until b
 * changes. */
const char *bytes_text(struct bytes *b);

#endif

#include "base/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct span span_text(const char *text)
{
	return span_of(text, strlen(text));
}

struct span span_from(struct span s, size_t skip)
{
	if (skip >= s.n)
		return (struct span){0};
	return span_of(s.at + skip, s.n - skip);
}

struct span span_first(struct span s, size_t n)
{
	return n < s.n ? span_of(s.at, n) : s;
}

bool span_equal(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

static void *there(void *p)
{
	if (!p) {
		fputs("eonay: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *must_alloc(size_t n)
{
	return there(malloc(n ? n : 1));
}

void *must_zalloc(size_t n)
{
	return there(calloc(1, n ? n : 1));
}

char *must_strdup(const char *text)
{
	return there(strdup(text));
}

/* Room for n bytes and a NUL behind them. */
static void reserve(struct bytes *b, size_t n)
{
	size_t room = b->room ? b->room : 64;

	if (n >= SIZE_MAX / 4)
		there(NULL);
	if (b->room > n)
		return;
	while (room <= n)
		room *= 2;
	b->at = there(realloc(b->at, room));
	b->room = room;
}

void bytes_reserve(struct bytes *b, size_t n)
{
	reserve(b, b->n + n);
}

void bytes_append(struct bytes *b, struct span more)
{
	if (more.n == 0)
		return;
	reserve(b, b->n + more.n);
	memcpy(b->at + b->n, more.at, more.n);
	b->n += more.n;
}

void bytes_append_byte(struct bytes *b, uint8_t byte)
{
	bytes_append(b, span_of(&byte, 1));
}

void bytes_append_text(struct bytes *b, const char *text)
{
	bytes_append(b, span_text(text));
}

void bytes_append_vformat(struct bytes *b, const char *format, va_list args)
{
	va_list again;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0)
		return;
	reserve(b, b->n + (size_t)n);
	vsnprintf((char *)b->at + b->n, (size_t)n + 1, format, args);
	b->n += (size_t)n;
}

void bytes_append_format(struct bytes *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	bytes_append_vformat(b, format, args);
	va_end(args);
}

void bytes_clear(struct bytes *b)
{
	b->n = 0;
}

void bytes_free(struct bytes *b)
{
	free(b->at);
	*b = (struct bytes){0};
}

void bytes_wipe(struct bytes *b)
{
	if (b->at)
		explicit_bzero(b->at, b->room);
	bytes_free(b);
}

const char *bytes_text(struct bytes *b)
{
	reserve(b, b->n);
	b->at[b->n] = '\0';
	return (const char *)b->at;
}

/* Text from anywhere: whatever it is, nothing that a terminal obeys comes out, no byte is lost and
 * no line too long. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

static bool is_between(unsigned c, unsigned first, unsigned last)
{
	return c >= first && c <= last;
}

/* Nothing that a terminal obeys: C0, DEL, C1, the bidi and zero-width characters of U+2000-206F.
 * Looks at the bytes itself, since what text.c thinks of its own output is not evidence. */
static void check_harmless(const struct bytes *out)
{
	for (size_t i = 0; i < out->n; i++) {
		const uint8_t *at = out->at + i;
		unsigned c;

		HOLDS(at[0] >= 0x20 && at[0] != 0x7F);
		HOLDS(at[0] != 0xC2 || (i + 1 < out->n && at[1] >= 0xA0));
		if (at[0] != 0xE2)
			continue;
		HOLDS(i + 2 < out->n);
		c = 0x2000U | (at[1] & 0x3FU) << 6 | (at[2] & 0x3FU);
		HOLDS(!is_between(c, 0x200B, 0x200F) && !is_between(c, 0x2028, 0x202E));
		HOLDS(!is_between(c, 0x205F, 0x206F));
	}
	HOLDS(text_is_safe(bytes_span(out), NULL));
}

static void check_rows(struct span s, unsigned columns)
{
	struct bytes rows = {0};
	size_t count = text_wrap(s, columns, &rows), at = 0;
	const struct text_row *row = (const struct text_row *)(const void *)rows.at;

	HOLDS(rows.n == count * sizeof(*row));
	for (size_t i = 0; i < count; i++) {
		for (; at < row[i].at; at++)
			HOLDS(s.at[at] == ' ' || s.at[at] == '\n');
		HOLDS(at == row[i].at && row[i].n <= s.n - at);
		HOLDS(row[i].n == 0 || !memchr(s.at + at, '\n', row[i].n));
		HOLDS(text_width(span_first(span_from(s, at), row[i].n)) <= columns ||
			text_piece_at(s, at).n == row[i].n);
		at += row[i].n;
	}
	for (; at < s.n; at++)
		HOLDS(s.at[at] == ' ' || s.at[at] == '\n');
	bytes_free(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned columns = size ? data[0] % 100 + 1 : 1;
	struct span s = size ? span_of(data + 1, size - 1) : (struct span){0};
	struct bytes out = {0};
	char *message;

	HOLDS(text_line(s, columns, &out) <= columns);
	HOLDS(text_width(bytes_span(&out)) <= columns);
	check_harmless(&out);
	check_rows(s, columns);

	message = must_zalloc(s.n + 1);
	if (s.n)
		memcpy(message, s.at, s.n);
	bytes_clear(&out);
	log_encode(message, &out);
	check_harmless(&out);
	free(message);
	bytes_free(&out);
	return 0;
}

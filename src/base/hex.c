#include "base/hex.h"

static const char digits[] = "0123456789ABCDEF";

void hex_append(struct bytes *out, struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		bytes_append_byte(out, (uint8_t)digits[s.at[i] >> 4]);
		bytes_append_byte(out, (uint8_t)digits[s.at[i] & 15]);
	}
}

/* Value of a digit, -1 for any other character; no locale asked. */
static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_read(const char *text, struct bytes *out)
{
	size_t before = out->n;

	while (*text) {
		int high, low;

		if (*text == ' ' || *text == ':') {
			text++;
			continue;
		}
		high = digit_value(text[0]);
		low = high < 0 ? -1 : digit_value(text[1]);
		if (low < 0) {
			out->n = before;
			return false;
		}
		bytes_append_byte(out, (uint8_t)(high << 4 | low));
		text += 2;
	}
	return true;
}

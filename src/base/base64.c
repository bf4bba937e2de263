#include "base/base64.h"

#include <string.h>

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void append(struct bytes *out, struct span s, const char *alphabet)
{
	uint32_t bits = 0;
	unsigned held = 0;

	for (size_t i = 0; i < s.n; i++) {
		bits = bits << 8 | s.at[i];
		for (held += 8; held >= 6; held -= 6)
			bytes_append_byte(out, (uint8_t)alphabet[bits >> (held - 6) & 63]);
	}
	if (held)
		bytes_append_byte(out, (uint8_t)alphabet[bits << (6 - held) & 63]);
}

void base64_append(struct bytes *out, struct span s)
{
	append(out, s, standard);
	for (size_t n = s.n; n % 3; n++)
		bytes_append_byte(out, '=');
}

void base64url_append(struct bytes *out, struct span s)
{
	append(out, s, url);
}

/* What has been read: the bits that are not yet a byte, and how many characters they came from. */
struct reading {
	const char *alphabet;
	uint32_t bits;
	size_t characters;
};

static bool take(struct reading *r, uint8_t character, struct bytes *out)
{
	const char *at = character ? strchr(r->alphabet, character) : NULL;

	if (!at)
		return false;
	r->bits = r->bits << 6 | (uint32_t)(at - r->alphabet);
	if (r->characters++ % 4)
		bytes_append_byte(out, (uint8_t)(r->bits >> (6 - 2 * ((r->characters - 1) % 4))));
	return true;
}

/* No character that holds no byte, and no bit that is not a byte's. */
static bool ends_well(const struct reading *r)
{
	switch (r->characters % 4) {
	case 1:
		return false;
	case 2:
		return (r->bits & 15) == 0;
	case 3:
		return (r->bits & 3) == 0;
	default:
		return true;
	}
}

bool base64url_read(struct span text, struct bytes *out)
{
	struct reading r = {.alphabet = url};
	size_t before = out->n, i = 0;

	while (i < text.n && take(&r, text.at[i], out))
		i++;
	if (i == text.n && ends_well(&r))
		return true;
	out->n = before;
	return false;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool base64_read(struct span text, struct bytes *out)
{
	struct reading r = {.alphabet = standard};
	size_t before = out->n, i = 0, padding = 0;

	for (; i < text.n; i++) {
		if (is_blank(text.at[i]))
			continue;
		if (text.at[i] == '=')
			padding++;
		else if (padding || !take(&r, text.at[i], out))
			break;
	}
	if (i == text.n && ends_well(&r) && padding == (4 - r.characters % 4) % 4)
		return true;
	out->n = before;
	return false;
}

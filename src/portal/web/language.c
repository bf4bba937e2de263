#include "portal/web/language.h"

#include "portal/web/asset.h"

#include <string.h>

/* The file format of compiled catalogues: gettext's manual, "The Format of GNU MO Files". */
#define MO_MAGIC_SWAPPED UINT32_C(0xde120495) /* of a file in the other byte order */

static const char *const tags[LANGUAGE_COUNT] = {
	[LANGUAGE_TURKISH] = "tr", [LANGUAGE_ENGLISH] = "en"};

const char *language_tag(enum language language)
{
	return tags[language];
}

enum language language_of(const char *tag, enum language fallback)
{
	for (int i = 0; i < LANGUAGE_COUNT; i++) {
		if (tag && strcmp(tag, tags[i]) == 0)
			return (enum language)i;
	}
	return fallback;
}

/* The number at offset at, in the byte order that the file has. */
static uint32_t number_at(const struct asset *mo, size_t at)
{
	uint32_t magic, n;

	memcpy(&magic, mo->at, sizeof(magic));
	memcpy(&n, mo->at + at, sizeof(n));
	return magic == MO_MAGIC_SWAPPED ? __builtin_bswap32(n) : n;
}

/* The i-th text of the table that begins at offset table: its length and its offset. */
static const char *text_at(const struct asset *mo, uint32_t table, uint32_t i)
{
	return (const char *)mo->at + number_at(mo, table + 8 * i + 4);
}

/* The originals are sorted as strcmp() does. */
static const char *look_up(const struct asset *mo, const char *text)
{
	uint32_t low = 0, high = number_at(mo, 8);
	uint32_t originals = number_at(mo, 12), translations = number_at(mo, 16);

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(text, text_at(mo, originals, middle));

		if (order == 0)
			return text_at(mo, translations, middle);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return text;
}

const char *translate(enum language language, const char *text)
{
	const struct asset *mo = language == LANGUAGE_ENGLISH ? asset_find("eonay.mo") : NULL;

	return mo && *text ? look_up(mo, text) : text;
}

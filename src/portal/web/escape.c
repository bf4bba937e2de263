#include "portal/web/escape.h"

#include "base/text.h"

static const char *entity_of(uint8_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void escape_html(struct span s, struct bytes *out)
{
	struct text_piece piece;
	const char *entity;

	for (size_t at = 0; at < s.n; at += piece.n) {
		piece = text_piece_at(s, at);
		entity = entity_of(s.at[at]);
		if (entity)
			bytes_append_text(out, entity);
		else
			bytes_append_text(out, piece.line_end ? "\n" : piece.form);
	}
}

/* Step 2: the text that will be signed. What is shown here is the buffer that is hashed and signed, row by row. */
#include <stdio.h>

#include "base/text.h"
#include "tui/view.h"
#include "tui/words.h"

static const struct text_row *rows_of(const struct view *v)
{
	return (const struct text_row *)v->rows.at;
}

static unsigned row_count(const struct view *v)
{
	return (unsigned)(v->rows.n / sizeof(struct text_row));
}

/* Wraps the content again when it or the width is another one. */
static void wrap(struct view *v, const struct flow *f, unsigned columns)
{
	if (v->wrapped == columns && v->session == f->sessions)
		return;
	bytes_clear(&v->rows);
	text_wrap(bytes_span(&f->content), columns, &v->rows);
	v->wrapped = columns;
	v->session = f->sessions;
}

/* The row that the byte at offset lies in. */
static unsigned row_at(const struct view *v, size_t offset)
{
	unsigned low = 0, high = row_count(v);

	while (high - low > 1) {
		unsigned middle = low + (high - low) / 2;

		if (rows_of(v)[middle].at <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Runs of safe and of unsafe pieces of a row, each in its style. */
static void draw_row(const struct flow *f, const struct text_row *line, unsigned row,
	unsigned column, unsigned columns)
{
	struct span s = span_of(f->content.at + line->at, line->n);
	unsigned used = 0;

	for (size_t at = 0; at < s.n && used < columns;) {
		bool safe = text_piece_at(s, at).safe;
		size_t end = at;

		while (end < s.n && text_piece_at(s, end).safe == safe)
			end += text_piece_at(s, end).n;
		used += term_put(row, column + used, columns - used,
			safe ? STYLE_TEXT : STYLE_UNSAFE, span_of(s.at + at, end - at));
		at = end;
	}
}

static void draw_content(struct view *v, const struct flow *f, unsigned row, unsigned rows)
{
	unsigned columns = v->width - 4, count, first;

	wrap(v, f, columns);
	count = row_count(v);
	v->page_rows = rows;
	first = row_at(v, f->top);
	if (first + rows > count)
		first = count > rows ? count - rows : 0;
	v->first_row = first;
	for (unsigned i = 0; i < rows && first + i < count; i++)
		draw_row(f, &rows_of(v)[first + i], row + i, v->left + 2, columns);
	v->shown = first + rows >= count ? f->content.n : rows_of(v)[first + rows].at;
}

static void draw_position(const struct view *v, unsigned row)
{
	unsigned count = row_count(v), last = v->first_row + v->page_rows;
	char text[96];
	unsigned width;

	last = last < count ? last : count;
	snprintf(text, sizeof(text), _("Satır %u-%u / %u"), v->first_row + 1, last, count);
	width = text_width(span_text(text));
	term_text(row, v->left + v->width - width, width, STYLE_DIM, text);
	if (v->first_row > 0)
		term_text(row + 1, v->left + v->width - 3, 1, STYLE_STRONG, "▲");
	if (last < count)
		term_text(row + 2 + v->page_rows, v->left + v->width - 3, 1, STYLE_STRONG, "▼");
}

/* "SHA-256: 3F2A 91BC … 77D0 12EF": the ends, to be compared with another program's. */
static void draw_facts(const struct view *v, const struct flow *f, unsigned row)
{
	const uint8_t *h = f->sha256;
	char created[20], now[20], text[128];
	unsigned column = v->left;

	words_time(f->session.created, created);
	words_time(f->wall, now);
	snprintf(text, sizeof(text), "%s %s", _("Oluşturma Tarihi:"), created);
	column += term_text(row, column, v->width, STYLE_TEXT, text) + 3;
	snprintf(text, sizeof(text), "%s %s", _("İmzalama Tarihi:"), now);
	if (column + text_width(span_text(text)) > v->left + v->width) {
		column = v->left;
		row++;
	}
	term_text(row, column, v->width, STYLE_TEXT, text);
	snprintf(text, sizeof(text),
		"SHA-256: %02X%02X%02X%02X %02X%02X%02X%02X … %02X%02X%02X%02X %02X%02X%02X%02X",
		h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[24], h[25], h[26], h[27], h[28],
		h[29], h[30], h[31]);
	term_text(row + 1, v->left, v->width, STYLE_DIM, f->hashed ? text : "SHA-256: …");
}

static void draw_refusal(const struct view *v, unsigned row)
{
	char text[400];

	snprintf(text, sizeof(text), "%s (%s) %s", error_message(ERR_TEXT_UNSAFE),
		error_code(ERR_TEXT_UNSAFE), error_remedy(ERR_TEXT_UNSAFE));
	view_paragraph(row, v->left, 2, v->width, STYLE_ERROR, text);
}

/* Dates on one line or two. */
static bool is_narrow(const struct view *v)
{
	return v->width < 77;
}

static void draw(struct view *v, const struct flow *f)
{
	const struct view_button buttons[] = {
		{_("İLERİ"), FOCUS_MAIN, EVENT_NEXT, !flow_may_sign(f)},
		{_("Vazgeç"), FOCUS_SECOND, EVENT_BACK, false},
	};
	unsigned facts = is_narrow(v) ? 3 : 2, row = v->top - 1, column;
	unsigned hint = f->unsafe ? 2 : 1, frame_rows = v->bottom - row - 1 - facts - hint - 1;

	column = v->left +
		 term_text(row, v->left, v->width, STYLE_TITLE,
			 f->session.purpose == SERVICE_LOGIN ? _("Giriş isteği") : _("Sözleşme"));
	if (f->session.person[0])
		term_text(row, column + 4, v->left + v->width / 2 - column - 4, STYLE_STRONG,
			f->session.person);
	row++;
	term_frame(row, v->left, frame_rows, v->width,
		f->focus == FOCUS_FIELD ? STYLE_FRAME_FOCUS : STYLE_FRAME);
	if (f->session.text_count == 1)
		term_text(row, v->left + 2, v->width - 4, STYLE_STRONG, _("İmzalanacak Metin 1:"));
	draw_content(v, f, row + 1, frame_rows - 2);
	draw_position(v, row - 1);
	if (f->focus == FOCUS_FIELD)
		term_cursor(row + 1, v->left + 2, false);
	view_add(v, &(struct view_part){row, v->left, frame_rows, v->width, EVENT_FOCUS,
			    FOCUS_FIELD, true, FOCUS_FIELD});
	row += frame_rows;
	draw_facts(v, f, row);
	row += facts;
	if (f->unsafe)
		draw_refusal(v, row);
	else if (!f->end_seen)
		view_centre(v, row, STYLE_WARNING, _("İLERİ, metnin sonu gösterilince açılır."));
	view_buttons(v, f, row + hint, v->left, v->width, buttons, 2);
	view_keys(v, (const char *const[]){"↑↓", _("Satır"), "PgUp/PgDn", _("Sayfa"), "Enter",
			     _("İleri"), "Esc", _("Vazgeç"), "F1", _("Yardım"), NULL});
}

static bool scroll(const struct view *v, unsigned row, struct event *event)
{
	unsigned count = row_count(v), last = count > v->page_rows ? count - v->page_rows : 0;

	event->offset = count ? rows_of(v)[row < last ? row : last].at : 0;
	return view_event(event, EVENT_SCROLL);
}

static unsigned above(unsigned row, unsigned by)
{
	return row > by ? row - by : 0;
}

static bool on_key(struct view *v, const struct flow *f, const struct key *key, struct event *event)
{
	unsigned page = v->page_rows > 1 ? v->page_rows - 1 : 1;

	switch (key->pressed) {
	case PRESSED_UP:
		return scroll(v, above(v->first_row, 1), event);
	case PRESSED_DOWN:
		return scroll(v, v->first_row + 1, event);
	case PRESSED_WHEEL_UP:
		return scroll(v, above(v->first_row, 3), event);
	case PRESSED_WHEEL_DOWN:
		return scroll(v, v->first_row + 3, event);
	case PRESSED_PAGE_UP:
		return scroll(v, above(v->first_row, page), event);
	case PRESSED_PAGE_DOWN:
		return scroll(v, v->first_row + page, event);
	case PRESSED_HOME:
		return scroll(v, 0, event);
	case PRESSED_END:
		return scroll(v, row_count(v), event);
	case PRESSED_CHARACTER:
		return key->text[0] == ' ' && scroll(v, v->first_row + page, event);
	case PRESSED_ENTER:
		if (f->focus != FOCUS_FIELD)
			return false;
		return flow_may_sign(f) ? view_event(event, EVENT_NEXT)
					: scroll(v, v->first_row + page, event);
	default:
		return false;
	}
}

const struct view_screen screen_contract = {draw, on_key};

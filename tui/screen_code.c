/* Step 1: the verification code. */
#include <string.h>

#include "base/text.h"
#include "tui/view.h"
#include "tui/words.h"

/* Digits of a group: 01234 5678 9012 3456. */
static const unsigned groups[] = {5, 4, 4, 4};
#define GROUPS (sizeof(groups) / sizeof(*groups))
#define FIELD_COLUMNS (CODE_DIGITS + GROUPS - 1 + 6)

/* Column of the digit at index, from the first one's. */
static unsigned column_of(unsigned index)
{
	unsigned gap = 0;

	for (unsigned i = 0, end = 0; i + 1 < GROUPS; i++) {
		end += groups[i];
		gap += index >= end;
	}
	return index + gap;
}

static void draw_field(struct view *v, const struct flow *f, unsigned row)
{
	unsigned column = v->left + (v->width - FIELD_COLUMNS) / 2;
	bool focused = f->focus == FOCUS_FIELD;

	term_frame(row, column, 3, FIELD_COLUMNS, focused ? STYLE_FRAME_FOCUS : STYLE_FRAME);
	term_fill(row + 1, column + 1, 1, FIELD_COLUMNS - 2, STYLE_FIELD);
	for (unsigned i = 0; i < CODE_DIGITS; i++) {
		bool typed = i < f->code.n;
		struct span digit = typed ? span_of(f->code.at + i, 1) : span_text("_");

		term_put(row + 1, column + 3 + column_of(i), 1, STYLE_FIELD, digit);
	}
	view_add(v, &(struct view_part){row, column, 3, FIELD_COLUMNS, EVENT_FOCUS, FOCUS_FIELD,
			    false, FOCUS_FIELD});
	view_add(v, &(struct view_part){.event = EVENT_NEXT, .stop = true, .focus = FOCUS_FIELD});
	if (focused)
		term_cursor(row + 1, column + 3 + column_of((unsigned)f->code.n), true);
}

static void draw(struct view *v, const struct flow *f)
{
	const struct view_button next = {_("İLERİ"), FOCUS_MAIN, EVENT_NEXT, false};
	unsigned room = v->bottom - v->top, row = v->top + (room > 16 ? (room - 14) / 3 : 0);

	view_centre(v, row, STYLE_TITLE, _("Doğrulama Kodu"));
	row += 2;
	row += view_paragraph(row, v->left + v->width / 10, 3, v->width - v->width / 5, STYLE_TEXT,
		_("Tarayıcınızda bulunan doğrulama kodunu bu kutucuğa giriniz ve ileri butonuna "
		  "tıklayınız."));
	draw_field(v, f, row + 1);
	row += 5;
	view_buttons(v, f, row, v->left, v->width, &next, 1);
	view_notice(v, f, row + 2, v->bottom - row - 2);
	view_keys(v, (const char *const[]){"Enter", _("İleri"), "Esc",
			     f->code.n ? _("Temizle") : _("Çıkış"), "F1", _("Yardım"), "F2",
			     "English/Türkçe", NULL});
}

static bool refused(const struct key *key, struct event *event)
{
	struct text_piece piece = text_piece_at(span_of(key->text, key->n), 0);

	/* What a code is copied with: between its groups, or around it. */
	if (strcmp(key->text, " ") == 0 || strcmp(key->text, "-") == 0 ||
		strcmp(key->text, "\u00A0") == 0 || strcmp(key->text, "–") == 0)
		return view_event(event, EVENT_TOUCH);
	memcpy(event->text, piece.form, sizeof(event->text));
	return view_event(event, EVENT_REFUSED);
}

static bool on_key(struct view *v, const struct flow *f, const struct key *key, struct event *event)
{
	(void)v;
	switch (key->pressed) {
	case PRESSED_CHARACTER:
		if (key->n != 1 || key->text[0] < '0' || key->text[0] > '9')
			return refused(key, event);
		event->digit = (uint8_t)(key->text[0] - '0');
		return view_event(event, EVENT_DIGIT);
	case PRESSED_BACKSPACE:
		return view_event(event, EVENT_ERASE);
	case PRESSED_DELETE:
		return view_event(event, EVENT_CLEAR);
	case PRESSED_ENTER: /* a pasted line end begins nothing */
		return key->pasted ? view_event(event, EVENT_TOUCH) : false;
	case PRESSED_TAB:
		return key->pasted ? view_event(event, EVENT_TOUCH) : false;
	default:
		(void)f;
		return false;
	}
}

const struct view_screen screen_code = {draw, on_key};

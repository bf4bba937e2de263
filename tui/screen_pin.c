/* The PIN and, in a session for unblocking, the PUK and the new PIN. Nothing here shows which digit is typed: the field has one dot for each, a key of the pad is not lit
 * when its digit is typed, and the focus moves only by the arrows. */
#include <stdio.h>
#include <string.h>

#include "tui/view.h"
#include "tui/words.h"

#define KEY_COLUMNS 11
#define PAD_WIDTH (PAD_COLUMNS * KEY_COLUMNS)
#define PAD_ROWS (PAD_KEYS / PAD_COLUMNS)

/* What differs from one to the other; msgids. */
struct entry {
	const char *title;
	const char *main; /* the orange button */
	const char *hint; /* in place of the tries left */
	const char *name; /* of what is typed, in the last line */
};

static const struct entry *entry_of(const struct flow *f)
{
	static const char rules[] =
		N_("Ardışık (123456) veya hep aynı rakamlar ile PUK'un başı kabul edilmez.");
	static const struct entry pin = {N_("PIN Kodu"), N_("İMZALA"), NULL, "PIN"},
				  puk = {N_("PUK Kodu"), N_("İLERİ"), NULL, "PUK"},
				  first = {N_("Yeni PIN"), N_("İLERİ"), rules, "PIN"},
				  again = {N_("Yeni PIN (tekrar)"), N_("PIN'İ AYARLA"),
					  N_("Yeni PIN'i bir kez daha giriniz."), "PIN"};

	if (f->screen == SCREEN_PUK)
		return &puk;
	if (f->screen == SCREEN_NEW_PIN)
		return f->again ? &again : &first;
	return &pin;
}

static const char *label_of(const struct flow *f, unsigned place, char digit[2])
{
	if (place == PAD_CLEAR)
		return _("Temizle");
	if (place == PAD_BACK)
		return "←";
	digit[0] = (char)('0' + f->pad.digit[place]);
	digit[1] = '\0';
	return digit;
}

static enum event_kind event_of(unsigned place)
{
	return place == PAD_CLEAR ? EVENT_CLEAR : place == PAD_BACK ? EVENT_ERASE : EVENT_DIGIT;
}

static void draw_key(struct view *v, const struct flow *f, unsigned place, unsigned row,
	unsigned column, unsigned rows)
{
	bool focused = f->focus == FOCUS_PAD + place;
	enum style style = focused ? STYLE_BUTTON_FOCUS : STYLE_BUTTON;
	unsigned middle = row + rows / 2, width = KEY_COLUMNS - 1;
	char digit[2];
	const char *label = label_of(f, place, digit);
	unsigned start = column + (width - (unsigned)(place == PAD_CLEAR ? 7 : 1)) / 2;

	term_fill(row, column, rows, width, style);
	term_text(middle, start, width - (start - column), style, label);
	if (focused) {
		term_text(middle, column, 1, style, "▶");
		term_cursor(middle, start, false);
	}
	view_add(v, &(struct view_part){row, column, rows, width, event_of(place),
			    f->pad.digit[place], true, (enum focus)(FOCUS_PAD + place)});
}

static void draw_pad(
	struct view *v, const struct flow *f, unsigned row, unsigned column, unsigned rows)
{
	for (unsigned place = 0; place < PAD_KEYS; place++)
		draw_key(v, f, place, row + place / PAD_COLUMNS * (rows + 1),
			column + place % PAD_COLUMNS * KEY_COLUMNS, rows);
}

static void draw_field(struct view *v, const struct flow *f, unsigned row, unsigned columns)
{
	unsigned typed = (unsigned)flow_typed(f)->n,
		 dots = typed < columns - 4 ? typed : columns - 4;

	term_frame(row, v->left, 3, columns, STYLE_FRAME_FOCUS);
	term_fill(row + 1, v->left + 1, 1, columns - 2, STYLE_FIELD);
	for (unsigned i = 0; i < dots; i++)
		term_text(row + 1, v->left + 2 + i, 1, STYLE_FIELD, "•");
}

/* The tries left, or the rules for a new PIN; returns the rows used. */
static unsigned draw_hint(
	const struct view *v, const struct flow *f, unsigned row, unsigned columns)
{
	const struct card_pin *state = flow_state(f);
	const char *hint = entry_of(f)->hint;
	struct bytes text = {0};
	unsigned used;

	/* A notice says what is wrong, and has no room beside the rules on a small window. */
	if (!state || (hint && f->notice != NOTICE_NONE))
		return 0;
	if (hint && !f->again)
		bytes_append_format(&text, _("%u-%u rakam. "), flow_pin_min(f), flow_pin_max(f));
	if (hint)
		bytes_append_text(&text, _(hint));
	else
		words_tries(state, &text);
	used = view_paragraph(row, v->left, hint ? 4 : 2, columns,
		!hint && flow_last_try(f) ? STYLE_WARNING : STYLE_TEXT, bytes_text(&text));
	bytes_free(&text);
	return used;
}

/* Whose card, how many tries, the masked PIN, and what was wrong; returns nothing to the right of columns. */
static void draw_left(struct view *v, const struct flow *f, unsigned columns)
{
	const struct cards_certificate *c = flow_certificate(f);
	struct bytes text = {0};
	unsigned row = v->top;
	enum style style;

	term_text(row, v->left, columns, STYLE_TITLE, _(entry_of(f)->title));
	row += 2;
	if (c)
		row += view_paragraph(row, v->left, 2, columns, STYLE_STRONG, c->info.holder);
	row += draw_hint(v, f, row, columns) + 1;
	draw_field(v, f, row, columns < 24 ? columns : 24);
	row += 4;
	style = words_notice(f, &text);
	view_paragraph(row, v->left, v->bottom - row, columns, style, bytes_text(&text));
	bytes_free(&text);
}

/* A PIN that can't be entered: no pad, no retry, what to do instead. */
static void draw_trouble(struct view *v, const struct flow *f, enum err trouble)
{
	const struct view_button back = {_("Geri"), FOCUS_MAIN, EVENT_BACK, false};
	struct bytes text = {0};
	unsigned row = v->top + 2;

	term_text(v->top, v->left, v->width, STYLE_TITLE, _(entry_of(f)->title));
	bytes_append_format(&text, "%s (%s)", error_message(trouble), error_code(trouble));
	row += view_paragraph(row, v->left, 3, v->width, STYLE_ERROR, bytes_text(&text)) + 1;
	row += view_paragraph(row, v->left, 4, v->width, STYLE_TEXT, error_remedy(trouble)) + 1;
	bytes_free(&text);
	view_buttons(v, f, row + 1, v->left, v->width, &back, 1);
	view_keys(v, (const char *const[]){"Esc", _("Geri"), "F1", _("Yardım"), NULL});
}

static void draw(struct view *v, const struct flow *f)
{
	const struct entry *entry = entry_of(f);
	const struct view_button go_on = {_(entry->main), FOCUS_MAIN, EVENT_NEXT, false};
	unsigned pad = v->left + v->width - PAD_WIDTH + 1, room = v->bottom - v->top;
	unsigned rows = room >= PAD_ROWS * 4 + 2 ? 3 : 1, left = v->width - PAD_WIDTH - 2, below;

	if (flow_pin_trouble(f)) {
		draw_trouble(v, f, flow_pin_trouble(f));
		return;
	}
	if (v->width > 3 * PAD_WIDTH) /* do not tear the two halves apart on wide windows */
		pad = v->left + v->width / 2 + 4;
	draw_pad(v, f, v->top, pad, rows);
	below = v->top + PAD_ROWS * (rows + 1);
	view_buttons(v, f, below, pad, PAD_WIDTH - 1, &go_on, 1);
	draw_left(v, f, left);
	if (f->focus < FOCUS_PAD)
		term_cursor(below, pad + PAD_WIDTH / 2 - 3, false);
	view_keys(v, (const char *const[]){"0-9", entry->name, "Enter", _(entry->main), "Del",
			     _("Temizle"), "Esc", _("Geri"), "F1", _("Yardım"), NULL});
}

static bool move(const struct flow *f, enum pad_move move, struct event *event)
{
	unsigned place = PAD_BACK - 1;

	if (f->focus >= FOCUS_PAD && !pad_move(f->focus - FOCUS_PAD, move, &place)) {
		if (move != PAD_DOWN)
			return view_event(event, EVENT_TOUCH);
		event->item = FOCUS_MAIN;
		return view_event(event, EVENT_FOCUS);
	}
	event->item = FOCUS_PAD + place;
	return view_event(event, EVENT_FOCUS);
}

static bool typed(const struct key *key, struct event *event)
{
	if (key->n == 1 && key->text[0] >= '0' && key->text[0] <= '9') {
		event->digit = (uint8_t)(key->text[0] - '0');
		return view_event(event, EVENT_DIGIT);
	}
	if (key->n != 1)
		return view_event(event, EVENT_TOUCH);
	event->text[0] = key->text[0];
	event->text[1] = '\0';
	return view_event(event, EVENT_TEXT);
}

static bool on_key(struct view *v, const struct flow *f, const struct key *key, struct event *event)
{
	(void)v;
	if (flow_pin_trouble(f))
		return false;
	switch (key->pressed) {
	case PRESSED_UP:
		return move(f, PAD_UP, event);
	case PRESSED_DOWN:
		return move(f, PAD_DOWN, event);
	case PRESSED_LEFT:
		return move(f, PAD_LEFT, event);
	case PRESSED_RIGHT:
		return move(f, PAD_RIGHT, event);
	case PRESSED_CHARACTER:
		return typed(key, event);
	case PRESSED_BACKSPACE:
		return view_event(event, EVENT_ERASE);
	case PRESSED_DELETE:
		return view_event(event, EVENT_CLEAR);
	default:
		return false;
	}
}

const struct view_screen screen_pin = {draw, on_key};

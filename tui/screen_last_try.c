/* Before a PIN that may be the last one: a word must be typed, so that no habit of pressing Enter blocks a card. */
#include <string.h>

#include "tui/view.h"
#include "tui/words.h"

#define FIELD_COLUMNS 20

static void draw(struct view *v, const struct flow *f)
{
	const struct cards_certificate *c = flow_certificate(f);
	bool unknown = c && c->pin.tries == TRIES_UNKNOWN && !c->pin.last_try;
	const struct view_button back = {_("Geri"), FOCUS_SECOND, EVENT_BACK, false};
	unsigned row = v->top;

	term_text(row, v->left, v->width, STYLE_ERROR,
		unknown ? _("Kalan PIN hakkı bilinmiyor") : _("Son PIN hakkı"));
	row += 2;
	row += view_paragraph(row, v->left, 4, v->width, STYLE_TEXT,
		unknown ? _("Kart, kalan PIN hakkını bildirmiyor. Girdiğiniz PIN hatalıysa PIN "
			    "kilitlenebilir.")
			: _("Hatalı girişte PIN kilitlenecektir. PIN kodunuzdan emin değilseniz "
			    "geri dönünüz."));
	row += 1 + view_paragraph(row + 1, v->left, 2, v->width, STYLE_STRONG,
			   _("Göndermek için EVET yazıp Enter'a basınız."));
	term_frame(row + 1, v->left, 3, FIELD_COLUMNS, STYLE_FRAME_FOCUS);
	term_fill(row + 2, v->left + 1, 1, FIELD_COLUMNS - 2, STYLE_FIELD);
	term_text(row + 2, v->left + 2, FIELD_COLUMNS - 4, STYLE_FIELD, f->word);
	term_cursor(row + 2, v->left + 2 + (unsigned)strlen(f->word), true);
	view_add(v, &(struct view_part){.event = EVENT_TOUCH, .stop = true, .focus = FOCUS_FIELD});
	view_buttons(v, f, row + 5, v->left, v->width, &back, 1);
	view_keys(v, (const char *const[]){
			     "Enter", _("Gönder"), "Esc", _("Geri"), "F1", _("Yardım"), NULL});
}

/* The word in capitals or small letters; none of its letters is one that Turkish case changes otherwise. */
static bool is_confirmed(const struct flow *f)
{
	const char *word = _("EVET");

	if (strlen(word) != strlen(f->word))
		return false;
	for (size_t i = 0; word[i]; i++) {
		if ((f->word[i] & ~0x20) != word[i])
			return false;
	}
	return true;
}

static bool on_key(struct view *v, const struct flow *f, const struct key *key, struct event *event)
{
	(void)v;
	switch (key->pressed) {
	case PRESSED_CHARACTER:
		if (key->n != 1)
			return view_event(event, EVENT_TOUCH);
		memcpy(event->text, key->text, sizeof(key->text));
		return view_event(event, EVENT_TEXT);
	case PRESSED_BACKSPACE:
		return view_event(event, EVENT_ERASE);
	case PRESSED_DELETE:
		return view_event(event, EVENT_CLEAR);
	case PRESSED_ENTER:
		return f->focus == FOCUS_FIELD && is_confirmed(f) &&
		       view_event(event, EVENT_CONFIRM);
	default:
		return false;
	}
}

const struct view_screen screen_last_try = {draw, on_key};

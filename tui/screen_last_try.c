/* Before a PIN or PUK that may be the last one: a word must be typed, so that no habit of pressing Enter blocks a card. */
#include <string.h>

#include "tui/view.h"
#include "tui/words.h"

#define FIELD_COLUMNS 20

struct words {
	const char *title, *text;
};

/* By what is at stake, the PIN or the PUK, and by what is known: the last try, or nothing. */
static const struct words all_words[2][2] = {
	{{N_("Son PIN hakkı"),
		 N_("Hatalı girişte PIN kilitlenecektir. PIN kodunuzdan emin değilseniz geri "
		    "dönünüz.")},
		{N_("Kalan PIN hakkı bilinmiyor"),
			N_("Kart, kalan PIN hakkını bildirmiyor. Girdiğiniz PIN hatalıysa PIN "
			   "kilitlenebilir.")}},
	{{N_("Son PUK hakkı"),
		 N_("Hatalı girişte PUK kilitlenir ve bu kart bir daha kullanılamaz. PUK "
		    "kodunuzdan emin değilseniz geri dönünüz.")},
		{N_("Kalan PUK hakkı bilinmiyor"),
			N_("Kart, kalan PUK hakkını bildirmiyor. Girdiğiniz PUK hatalıysa bu kart "
			   "bir daha kullanılamayabilir.")}},
};

static void draw(struct view *v, const struct flow *f)
{
	const struct card_pin *state = flow_state(f);
	bool unknown = state && state->tries == TRIES_UNKNOWN && !state->last_try;
	const struct words *words = &all_words[flow_unblocks(f)][unknown];
	const struct view_button back = {_("Geri"), FOCUS_SECOND, EVENT_BACK, false};
	unsigned row = v->top;

	term_text(row, v->left, v->width, STYLE_ERROR, _(words->title));
	row += 2;
	row += view_paragraph(row, v->left, 4, v->width, STYLE_TEXT, _(words->text));
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

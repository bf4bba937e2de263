/* Where the signed content shall be saved. */
#include <string.h>

#include "base/text.h"
#include "tui/view.h"
#include "tui/words.h"

/* The end of the path, which is what is being typed, when all of it has no room. */
static const char *tail(const char *path, unsigned columns)
{
	while (text_width(span_text(path)) > columns)
		path += text_piece_at(span_text(path), 0).n;
	return path;
}

static void draw(struct view *v, const struct flow *f)
{
	const struct view_button buttons[] = {
		{_("Kaydet"), FOCUS_MAIN, EVENT_NEXT, !f->path[0]},
		{_("Vazgeç"), FOCUS_SECOND, EVENT_BACK, false},
	};
	const char *path = tail(f->path, v->width - 5);
	unsigned row = v->top + 1;

	term_text(row, v->left, v->width, STYLE_TITLE, _("İmzalı İçeriği kaydet"));
	row += 2;
	row += view_paragraph(row, v->left, 3, v->width, STYLE_TEXT,
		f->settings.kiosk ? _("Dosya şu adla kaydedilecek:")
				  : _("Dosyanın kaydedileceği yer:"));
	term_frame(row, v->left, 3, v->width,
		f->focus == FOCUS_FIELD ? STYLE_FRAME_FOCUS : STYLE_FRAME);
	term_fill(row + 1, v->left + 1, 1, v->width - 2, STYLE_FIELD);
	term_text(row + 1, v->left + 2, v->width - 4, STYLE_FIELD, path);
	if (f->focus == FOCUS_FIELD)
		term_cursor(row + 1, v->left + 2 + text_width(span_text(path)), true);
	view_add(v, &(struct view_part){row, v->left, 3, v->width, EVENT_FOCUS, FOCUS_FIELD, false,
			    FOCUS_FIELD});
	view_add(v, &(struct view_part){.event = EVENT_NEXT, .stop = true, .focus = FOCUS_FIELD});
	view_buttons(v, f, row + 4, v->left, v->width, buttons, 2);
	view_notice(v, f, row + 6, v->bottom - row - 6);
	view_keys(v, (const char *const[]){"Enter", _("Kaydet"), "Del", _("Temizle"), "Esc",
			     _("Vazgeç"), "F1", _("Yardım"), NULL});
}

static bool on_key(struct view *v, const struct flow *f, const struct key *key, struct event *event)
{
	(void)v;
	(void)f;
	switch (key->pressed) {
	case PRESSED_CHARACTER:
		if (!text_is_safe(span_of(key->text, key->n), NULL))
			return view_event(event, EVENT_TOUCH);
		memcpy(event->text, key->text, sizeof(key->text));
		return view_event(event, EVENT_TEXT);
	case PRESSED_BACKSPACE:
		return view_event(event, EVENT_ERASE);
	case PRESSED_DELETE:
		return view_event(event, EVENT_CLEAR);
	case PRESSED_ENTER:
		return key->pasted && view_event(event, EVENT_TOUCH);
	default:
		return false;
	}
}

const struct view_screen screen_save = {draw, on_key};

/* What happened, whether the PIN was used up, what to do, and the code to tell. */
#include <stdio.h>

#include "tui/view.h"
#include "tui/words.h"

static unsigned draw_cause(struct view *v, const struct flow *f, unsigned row)
{
	struct bytes text = {0};
	unsigned used;

	words_error(&f->failure, &text);
	used = view_paragraph(row, v->left, 3, v->width, STYLE_ERROR, bytes_text(&text)) + 1;
	if (f->failed == JOB_SIGN || f->failed == JOB_UNBLOCK) /* elsewhere no PIN was near */
		used += view_paragraph(row + used, v->left, 2, v->width, STYLE_STRONG,
			words_pin_use(f, error_pin_use(f->failure.code)));
	if (f->cms.n > 0)
		used += view_paragraph(
			row + used, v->left, 2, v->width, STYLE_STRONG, words_signature(f));
	used += view_paragraph(row + used, v->left, 4, v->width, STYLE_TEXT,
			error_remedy(f->failure.code)) +
		1;
	bytes_clear(&text);
	bytes_append_format(&text, _("Hata kodu: %s"), error_code(f->failure.code));
	term_text(row + used, v->left, v->width, STYLE_TEXT, bytes_text(&text));
	if (f->failure.where[0] && row + used + 1 < v->bottom - 2)
		term_text(++row + used, v->left, v->width, STYLE_DIM, f->failure.where);
	bytes_free(&text);
	return used + 1;
}

static void draw(struct view *v, const struct flow *f)
{
	struct view_button buttons[3];
	bool retry = flow_may_retry(f);
	unsigned count = 0, row = v->top;

	buttons[count++] = (struct view_button){retry ? _("Tekrar Dene") : _("Yeni Kod"),
		FOCUS_MAIN, retry ? EVENT_RETRY : EVENT_NEXT, false};
	if (flow_may_save(f))
		buttons[count++] = (struct view_button){
			_("İmzalı İçeriği kaydet"), FOCUS_SECOND, EVENT_SAVE, false};
	if (retry)
		buttons[count++] = (struct view_button){_("Çık"), FOCUS_THIRD, EVENT_BACK, false};
	term_text(row, v->left, v->width, STYLE_TITLE, _("İşlem tamamlanamadı"));
	row += 2;
	row += draw_cause(v, f, row) + 1;
	view_buttons(v, f, row + 1 < v->bottom ? row + 1 : v->bottom - 1, v->left, v->width,
		buttons, count);
	view_notice(v, f, row + 3, row + 3 < v->bottom ? v->bottom - row - 3 : 0);
	view_keys(v, (const char *const[]){"Tab", _("Geçiş"), "Enter", _("Seç"), "Esc", _("Çık"),
			     "F1", _("Yardım"), NULL});
}

const struct view_screen screen_failure = {draw, NULL};

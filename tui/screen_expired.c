/* The session's time is up; what failed before is told. A signature that was not handed in can still be saved. */
#include "tui/view.h"
#include "tui/words.h"

/* What it had come to before; returns the rows used. */
static unsigned draw_failure(const struct view *v, const struct flow *f, unsigned row)
{
	const unsigned column = v->left + v->width / 8, columns = v->width - v->width / 4;
	struct bytes text = {0};
	unsigned used;

	words_error(&f->failure, &text);
	bytes_append_format(&text, " (%s)", error_code(f->failure.code));
	used = view_paragraph(row, column, 3, columns, STYLE_STRONG, bytes_text(&text));
	bytes_free(&text);
	if (f->failed == JOB_SIGN || f->failed == JOB_UNBLOCK) /* elsewhere no PIN was near */
		used += view_paragraph(row + used, column, 2, columns, STYLE_STRONG,
			words_pin_use(f, error_pin_use(f->failure.code)));
	if (flow_signature_unheard(f))
		used += view_paragraph(
			row + used, column, 2, columns, STYLE_STRONG, words_signature(f));
	return used + 1;
}

static void draw(struct view *v, const struct flow *f)
{
	const struct view_button buttons[] = {
		{_("Yeni Kod"), FOCUS_MAIN, EVENT_NEXT, false},
		{_("İmzalı İçeriği kaydet"), FOCUS_SECOND, EVENT_SAVE, false},
	};
	unsigned row = v->top + (f->failure.code ? 0 : (v->bottom - v->top) / 4);

	view_centre(v, row, STYLE_ERROR, _("Süre doldu"));
	row += 2;
	if (f->failure.code)
		row += draw_failure(v, f, row);
	row += view_paragraph(row, v->left + v->width / 8, 4, v->width - v->width / 4, STYLE_TEXT,
		       error_remedy(ERR_SESSION_EXPIRED)) +
	       1;
	view_centre(v, row, STYLE_DIM, error_code(ERR_SESSION_EXPIRED));
	view_buttons(v, f, row + 2, v->left, v->width, buttons, flow_may_save(f) ? 2 : 1);
	view_notice(v, f, row + 4, v->bottom - row - 4);
	view_keys(v, (const char *const[]){"Enter", _("Yeni Kod"), "F1", _("Yardım"), NULL});
}

const struct view_screen screen_expired = {draw, NULL};

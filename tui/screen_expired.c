/* The session's time is up. A signature that was not handed in can still be saved. */
#include "tui/view.h"
#include "tui/words.h"

static void draw(struct view *v, const struct flow *f)
{
	const struct view_button buttons[] = {
		{_("Yeni Kod"), FOCUS_MAIN, EVENT_NEXT, false},
		{_("İmzalı İçeriği kaydet"), FOCUS_SECOND, EVENT_SAVE, false},
	};
	unsigned row = v->top + (v->bottom - v->top) / 4;

	view_centre(v, row, STYLE_ERROR, _("Süre doldu"));
	row += 2;
	row += view_paragraph(row, v->left + v->width / 8, 4, v->width - v->width / 4, STYLE_TEXT,
		       error_remedy(ERR_SESSION_EXPIRED)) +
	       1;
	view_centre(v, row, STYLE_DIM, error_code(ERR_SESSION_EXPIRED));
	view_buttons(v, f, row + 2, v->left, v->width, buttons, flow_may_save(f) ? 2 : 1);
	view_notice(v, f, row + 4, v->bottom - row - 4);
	view_keys(v, (const char *const[]){"Enter", _("Yeni Kod"), "F1", _("Yardım"), NULL});
}

const struct view_screen screen_expired = {draw, NULL};

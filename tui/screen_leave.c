/* Really leave? */
#include "tui/view.h"
#include "tui/words.h"

static void draw(struct view *v, const struct flow *f)
{
	const struct view_button buttons[] = {
		{_("Evet, çık"), FOCUS_MAIN, EVENT_NEXT, false},
		{_("Hayır, devam et"), FOCUS_SECOND, EVENT_BACK, false},
	};
	unsigned row = v->top + (v->bottom - v->top) / 3;

	view_centre(v, row, STYLE_STRONG,
		f->quitting ? _("Uygulamadan çıkılsın mı?") : _("İşlemden çıkılsın mı?"));
	if (f->in_session && !f->accepted)
		view_centre(v, row + 2, STYLE_WARNING,
			f->cms.n > 0 ? _("Teslim edilmemiş imza silinecek.")
				     : _("Girdikleriniz silinecek; yeni bir kod gerekecek."));
	view_buttons(v, f, row + 4, v->left, v->width, buttons, 2);
	view_keys(v, (const char *const[]){
			     "←→", _("Geçiş"), "Enter", _("Seç"), "Esc", _("Devam"), NULL});
}

const struct view_screen screen_leave = {draw, NULL};

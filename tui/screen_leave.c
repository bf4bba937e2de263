/* Really leave? */
#include "tui/view.h"
#include "tui/words.h"

/* What is lost. */
static const char *loss(const struct flow *f)
{
	if (f->cms.n == 0)
		return _("Girdikleriniz silinecek; yeni bir kod gerekecek.");
	return flow_signature_unheard(f)
		       ? _("İmza silinecek; alınıp alınmadığını tarayıcınız gösterir.")
		       : _("Kabul edilmemiş imza silinecek.");
}

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
		view_centre(v, row + 2, STYLE_WARNING, loss(f));
	view_buttons(v, f, row + 4, v->left, v->width, buttons, 2);
	view_keys(v, (const char *const[]){
			     "←→", _("Geçiş"), "Enter", _("Seç"), "Esc", _("Devam"), NULL});
}

const struct view_screen screen_leave = {draw, NULL};

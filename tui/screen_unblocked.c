/* The last step of unblocking: the card has its new PIN. Whether the service knows is of second rank. */
#include "tui/view.h"
#include "tui/words.h"

static void draw(struct view *v, const struct flow *f)
{
	const bool untold = f->notice == NOTICE_ERROR;
	const struct view_button buttons[] = {
		{_("Uygulamayı Kapat"), FOCUS_MAIN, EVENT_NEXT, false},
		{_("Yeniden bildir"), FOCUS_SECOND, EVENT_RETRY, false},
	};
	unsigned row = v->top + (v->bottom - v->top > 16 ? 3 : 0);

	view_centre(v, row, STYLE_GOOD, _("✓ Yeni PIN kodunuz kartınızda"));
	view_centre(v, row + 2, STYLE_STRONG,
		_("Kartın kilidi çözüldü; bundan sonra yeni PIN geçerlidir."));
	view_centre(v, row + 3, STYLE_TEXT, _("PIN kodunuzu kimseyle paylaşmayınız."));
	view_centre(v, row + 4, STYLE_TEXT, _("Kartınızı alabilirsiniz."));
	if (untold)
		view_centre(v, row + 6, STYLE_WARNING,
			_("Sonuç hizmete bildirilemedi; kartınız hazır."));
	else
		view_centre(v, row + 6, STYLE_TEXT, _("Tarayıcınızdaki sayfa da bunu gösterir."));
	view_buttons(v, f, row + 8, v->left, v->width, buttons, untold ? 2 : 1);
	view_notice(v, f, row + 10, v->bottom - row - 10);
	view_keys(v, (const char *const[]){
			     "Tab", _("Geçiş"), "Enter", _("Seç"), "F1", _("Yardım"), NULL});
}

const struct view_screen screen_unblocked = {draw, NULL};

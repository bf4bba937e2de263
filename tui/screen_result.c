/* Step 5: the service has verified and stored the signature. */
#include <stdio.h>

#include "tui/view.h"
#include "tui/words.h"

static void draw(struct view *v, const struct flow *f)
{
	const struct view_button buttons[] = {
		{_("Uygulamayı Kapat"), FOCUS_MAIN, EVENT_NEXT, false},
		{_("İmzalı İçeriği kaydet"), FOCUS_SECOND, EVENT_SAVE, !flow_may_save(f)},
	};
	unsigned row = v->top + (v->bottom - v->top > 16 ? 3 : 0);
	const bool login = f->session.purpose == SERVICE_LOGIN;
	char line[128], time[20];

	view_centre(v, row, STYLE_GOOD,
		login ? _("✓ Giriş isteğiniz imzalandı") : _("✓ İmzanız alındı"));
	view_centre(v, row + 2, STYLE_STRONG,
		login ? _("Tarayıcınıza dönünüz; girişiniz orada tamamlanır.")
		      : _("Tarayıcınıza giderek işleminize devam ediniz."));
	words_time(f->signed_at, time);
	snprintf(line, sizeof(line), "%s %s", _("İmzalama Tarihi:"), time);
	view_centre(v, row + 4, STYLE_TEXT, line);
	snprintf(line, sizeof(line), _("Alındı no: %s"), f->receipt.receipt);
	view_centre(v, row + 5, STYLE_TEXT, line);
	view_buttons(v, f, row + 8, v->left, v->width, buttons, f->settings.can_save ? 2 : 1);
	view_notice(v, f, row + 10, v->bottom - row - 10);
	view_keys(v, (const char *const[]){
			     "Tab", _("Geçiş"), "Enter", _("Seç"), "F1", _("Yardım"), NULL});
}

const struct view_screen screen_result = {draw, NULL};

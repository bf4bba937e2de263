/* The card was pulled in the middle: the same one is asked for, another one is named as another. */
#include "tui/view.h"
#include "tui/words.h"

static unsigned draw_reason(const struct view *v, const struct flow *f, unsigned row)
{
	struct bytes text = {0};
	unsigned used;

	if (flow_card_is_being_read(f))
		return view_paragraph(row, v->left, 1, v->width, STYLE_TEXT, _("Kart okunuyor…")) +
		       1;
	bytes_append_format(
		&text, "%s (%s)", error_message(f->failure.code), error_code(f->failure.code));
	used = view_paragraph(row, v->left, 3, v->width, STYLE_WARNING, bytes_text(&text));
	bytes_free(&text);
	return used + 1 +
	       view_paragraph(
		       row + used, v->left, 3, v->width, STYLE_TEXT, error_remedy(f->failure.code));
}

/* The card going away has cost nothing: what has is named as the attempt before. */
static const char *pin_use(const struct flow *f)
{
	if (f->pin_use != PIN_USED)
		return words_pin_use(f, f->pin_use);
	return flow_unblocks(f)
		       ? _("Son denemenizde bir PUK hakkı kullanıldı; kartın çıkarılması hak "
			   "eksiltmez.")
		       : _("Son denemenizde bir PIN hakkı kullanıldı; kartın çıkarılması hak "
			   "eksiltmez.");
}

static void draw(struct view *v, const struct flow *f)
{
	const struct view_button buttons[] = {
		{_("Devam"), FOCUS_MAIN, EVENT_NEXT, !flow_certificate(f)},
		{flow_unblocks(f) ? _("Kart seçimine dön") : _("Sertifika seçimine dön"),
			FOCUS_SECOND, EVENT_BACK, false},
	};
	struct bytes text = {0};
	unsigned row = v->top + 1;

	term_text(row, v->left, v->width, STYLE_TITLE, _("Aynı kartı takınız"));
	row += 2;
	row += draw_reason(v, f, row);
	bytes_append_format(&text, _("Okuyucu: %s"), f->reader);
	row += view_paragraph(row, v->left, 2, v->width, STYLE_TEXT, bytes_text(&text));
	row += view_paragraph(row, v->left, 2, v->width,
		       f->pin_use == PIN_KEPT ? STYLE_GOOD : STYLE_STRONG, pin_use(f)) +
	       1;
	row += view_paragraph(row, v->left, 2, v->width, STYLE_TEXT,
		flow_unblocks(f)
			? _("Kart takılınca işlem PUK ekranından sürer; PUK ve yeni PIN yeniden "
			    "istenir.")
			: _("Kart takılınca işlem PIN ekranından sürer; PIN yeniden istenir."));
	bytes_free(&text);
	view_buttons(v, f, row + 1, v->left, v->width, buttons, 2);
	view_keys(v, (const char *const[]){"Esc", _("Geri"), "F1", _("Yardım"), NULL});
}

const struct view_screen screen_paused = {draw, NULL};

/* Every certificate on every card in every reader; to be unblocked, every card. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/view.h"
#include "tui/words.h"

#define ROWS_OF_ONE 3 /* holder, what it is, why not or a blank line */

static bool is_chosen(const struct flow *f, unsigned index)
{
	return f->chosen &&
	       memcmp(f->certificate, f->cards->certificates[index].info.sha256, 32) == 0 &&
	       flow_certificate(f) == &f->cards->certificates[index];
}

static unsigned chosen_index(const struct flow *f)
{
	const struct cards_certificate *c = flow_certificate(f);

	return c ? (unsigned)(c - f->cards->certificates) : 0;
}

/* "NES · 01.03.2027 · EC 384 · Kamu SM": what decides first, what may be cut last */
static void describe(const struct certificate_info *info, struct bytes *out)
{
	char until[20];

	words_time(info->not_after, until);
	until[10] = '\0'; /* the day is enough here */
	bytes_append_format(out, "%s · %s · ", info->qualified ? "NES" : _("NES değil"), until);
	words_key(info, out);
	bytes_append_format(out, " · %s", info->issuer);
}

static void draw_one(struct view *v, const struct flow *f, unsigned index, unsigned row)
{
	const struct cards_certificate *c = &f->cards->certificates[index];
	enum err usable = flow_certificate_usable(f, index);
	bool chosen = is_chosen(f, index);
	enum style style = chosen ? STYLE_CHOSEN : usable ? STYLE_DIM : STYLE_STRONG;
	char tckn[12];
	struct bytes text = {0};

	text_mask_tckn(c->info.tckn, tckn);
	term_fill(row, v->left, 1, v->width, style);
	term_text(row, v->left + 1, 2, style, chosen ? "▶" : usable ? "×" : "○");
	term_text(row, v->left + 4, v->width - 18, style, c->info.holder);
	if (c->info.tckn[0])
		term_text(row, v->left + v->width - 12, 11, style, tckn);
	describe(&c->info, &text);
	term_text(row + 1, v->left + 4, v->width - 4, usable ? STYLE_DIM : STYLE_TEXT,
		bytes_text(&text));
	bytes_clear(&text);
	if (usable) {
		bytes_append_format(&text, "× %s (%s)", error_message(usable), error_code(usable));
		term_text(row + 2, v->left + 4, v->width - 4, STYLE_ERROR, bytes_text(&text));
	}
	bytes_free(&text);
	view_add(v, &(struct view_part){
			    row, v->left, 2, v->width, EVENT_CHOOSE, index, false, FOCUS_FIELD});
	if (chosen && f->focus == FOCUS_FIELD)
		term_cursor(row, v->left + 1, false);
}

/* The indices of those that are shown, in order; returns how many. *at: place of the chosen one among them. */
static unsigned list(const struct flow *f, unsigned out[CARDS_CERTIFICATES_MAX], unsigned *at)
{
	unsigned n = 0;

	*at = 0;
	for (unsigned i = 0; f->cards && i < f->cards->certificate_count; i++) {
		if (!flow_certificate_listed(f, i))
			continue;
		if (i == chosen_index(f))
			*at = n;
		out[n++] = i;
	}
	return n;
}

/* The list around the chosen one; returns the rows used. */
static unsigned draw_list(struct view *v, const struct flow *f, unsigned row, unsigned rows)
{
	unsigned all[CARDS_CERTIFICATES_MAX], at, count = list(f, all, &at),
						  fit = rows / ROWS_OF_ONE, first = 0, shown;
	char more[64];

	if (at >= fit)
		first = at - fit + 1;
	shown = count - first < fit ? count - first : fit;
	for (unsigned i = 0; i < shown; i++)
		draw_one(v, f, all[first + i], row + i * ROWS_OF_ONE);
	view_add(v, &(struct view_part){.event = EVENT_NEXT, .stop = true, .focus = FOCUS_FIELD});
	if (shown < count) {
		snprintf(more, sizeof(more), "%u-%u / %u", first + 1, first + shown, count);
		term_text(v->top, v->left + v->width - 12, 12, STYLE_DIM, more);
	}
	return shown * ROWS_OF_ONE;
}

static unsigned draw_trouble(const struct view *v, unsigned row, const char *reader, enum err code)
{
	struct bytes text = {0};
	unsigned used;

	if (row >= v->bottom)
		return 0;
	if (*reader)
		bytes_append_format(&text, "%s: ", reader);
	bytes_append_format(
		&text, "%s %s (%s)", error_message(code), error_remedy(code), error_code(code));
	used = view_paragraph(
		row, v->left, v->bottom - row, v->width, STYLE_WARNING, bytes_text(&text));
	bytes_free(&text);
	return used;
}

/* What keeps a reader from showing a certificate; an empty reader is no news beside one that has a card. */
static void draw_readers(const struct view *v, const struct flow *f, unsigned row)
{
	const struct cards *cards = f->cards;

	if (cards->error.code)
		row += draw_trouble(v, row, "", cards->error.code);
	for (unsigned i = 0; i < cards->reader_count && row < v->bottom; i++) {
		const struct cards_reader *reader = &cards->readers[i];

		if (reader->state == ERR_BUSY)
			row += view_paragraph(row, v->left, v->bottom - row, v->width, STYLE_TEXT,
				_("Kart okunuyor…"));
		else if (reader->state &&
			 (reader->state != ERR_NO_CARD || cards->certificate_count == 0))
			row += draw_trouble(v, row, reader->name, reader->state);
	}
}

static void draw_detail(const struct view *v, unsigned *row, const char *name, const char *value)
{
	if (*row >= v->bottom)
		return;
	term_text(*row, v->left, 20, STYLE_DIM, name);
	*row += view_paragraph(*row, v->left + 21, v->bottom - *row, v->width - 21, STYLE_TEXT,
		*value ? value : "-");
}

static void draw_validity(const struct view *v, unsigned *row, const struct certificate_info *info)
{
	char time[20];

	words_time(info->not_before, time);
	draw_detail(v, row, _("Geçerlilik başı"), time);
	words_time(info->not_after, time);
	draw_detail(v, row, _("Geçerlilik sonu"), time);
}

static void draw_details(const struct view *v, const struct flow *f, unsigned row)
{
	const struct cards_certificate *c = flow_certificate(f);
	const struct cards_reader *reader = &f->cards->readers[c->reader];
	enum err usable = flow_certificate_usable(f, chosen_index(f));
	struct bytes text = {0};

	draw_detail(v, &row, _("Sahibi"), c->info.holder);
	draw_detail(v, &row, _("Veren"), c->info.issuer);
	draw_detail(v, &row, _("Seri no"), c->info.serial);
	draw_validity(v, &row, &c->info);
	words_key(&c->info, &text);
	draw_detail(v, &row, _("Anahtar"), bytes_text(&text));
	draw_detail(v, &row, _("Nitelikli (NES)"), c->info.qualified ? _("evet") : _("hayır"));
	if (c->info.test)
		draw_detail(v, &row, "", _("Test sertifikası"));
	draw_detail(v, &row, _("Durumu"), usable ? error_message(usable) : _("kullanılabilir"));
	bytes_clear(&text);
	words_tries(&c->pin, &text);
	draw_detail(v, &row, "PIN", bytes_text(&text));
	if (flow_unblocks(f)) {
		bytes_clear(&text);
		words_tries(&c->puk, &text);
		draw_detail(v, &row, "PUK", bytes_text(&text));
	}
	draw_detail(v, &row, _("Okuyucu"), reader->name);
	draw_detail(v, &row, _("Kart"), reader->label);
	draw_detail(v, &row, _("Kart seri no"), reader->serial);
	bytes_free(&text);
}

static bool may_go_on(const struct flow *f)
{
	return flow_certificate(f) && !flow_certificate_usable(f, chosen_index(f));
}

static void draw_choice(struct view *v, const struct flow *f)
{
	const struct view_button buttons[] = {
		{_("İLERİ"), FOCUS_MAIN, EVENT_NEXT, !may_go_on(f)},
		{_("Geri"), FOCUS_SECOND, EVENT_BACK, false},
	};
	unsigned row = v->top + 1, count = f->cards ? f->cards->certificate_count : 0;

	term_text(row, v->left, v->width, STYLE_TEXT,
		flow_unblocks(f) ? _("PIN kodu ayarlanacak kart:") : _("Sertifika Seçiniz"));
	row += 2;
	if (!f->cards)
		view_paragraph(row, v->left, 1, v->width, STYLE_TEXT, _("Kart okunuyor…"));
	else if (count > 0)
		row += draw_list(v, f, row, v->bottom - row - 3);
	v->bottom -= 2;
	if (f->cards)
		draw_readers(v, f, row);
	v->bottom += 2;
	view_buttons(v, f, v->bottom - 2, v->left, v->width, buttons, 2);
}

static void draw(struct view *v, const struct flow *f)
{
	bool details = f->details && flow_certificate(f);

	term_text(v->top, v->left, v->width - 13, STYLE_TITLE,
		details            ? _("Sertifika Ayrıntıları")
		: flow_unblocks(f) ? _("PIN Oluşturma / Kilit Çözme")
				   : _("Sertifika Seçimi"));
	if (details)
		draw_details(v, f, v->top + 2);
	else
		draw_choice(v, f);
	if (details)
		view_keys(v, (const char *const[]){
				     "↑↓", _("Seç"), "Enter", _("Liste"), "F1", _("Yardım"), NULL});
	else
		view_keys(v, (const char *const[]){"↑↓", _("Seç"), "Enter", _("İleri"), "F3",
				     _("Ayrıntı"), "Esc", _("Geri"), "F1", _("Yardım"), NULL});
}

static bool choose(const struct flow *f, int by, struct event *event)
{
	unsigned all[CARDS_CERTIFICATES_MAX], at, count = list(f, all, &at);

	if (count == 0)
		return false;
	if (flow_certificate(f))
		at = by < 0 ? (at > 0 ? at - 1 : 0) : (at + 1 < count ? at + 1 : at);
	event->item = all[at];
	return view_event(event, EVENT_CHOOSE);
}

static bool on_key(struct view *v, const struct flow *f, const struct key *key, struct event *event)
{
	(void)v;
	switch (key->pressed) {
	case PRESSED_UP:
	case PRESSED_WHEEL_UP:
		return choose(f, -1, event);
	case PRESSED_DOWN:
	case PRESSED_WHEEL_DOWN:
		return choose(f, 1, event);
	case PRESSED_FUNCTION:
		return key->number == 3 && view_event(event, EVENT_DETAILS);
	case PRESSED_CHARACTER:
		return (key->text[0] == 'a' || key->text[0] == 'A') &&
		       view_event(event, EVENT_DETAILS);
	case PRESSED_ENTER:
		return f->details && view_event(event, EVENT_DETAILS);
	default:
		return false;
	}
}

const struct view_screen screen_certificate = {draw, on_key};

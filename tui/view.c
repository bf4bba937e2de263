#include "tui/view.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/words.h"

#define HEADER_ROWS 3 /* institution, application, steps */
#define BODY_ROWS 22  /* that the screens of few lines are laid out in, at most */
#define SOON_S 60
#define LAST_S 10

static const struct view_screen *const screens[SCREEN_COUNT] = {
	[SCREEN_CODE] = &screen_code,
	[SCREEN_WORKING] = &screen_working,
	[SCREEN_CONTRACT] = &screen_contract,
	[SCREEN_CERTIFICATE] = &screen_certificate,
	[SCREEN_PIN] = &screen_pin,
	[SCREEN_PUK] = &screen_pin,
	[SCREEN_NEW_PIN] = &screen_pin,
	[SCREEN_LAST_TRY] = &screen_last_try,
	[SCREEN_PAUSED] = &screen_paused,
	[SCREEN_RESULT] = &screen_result,
	[SCREEN_UNBLOCKED] = &screen_unblocked,
	[SCREEN_SAVE] = &screen_save,
	[SCREEN_FAILURE] = &screen_failure,
	[SCREEN_EXPIRED] = &screen_expired,
	[SCREEN_LEAVE] = &screen_leave,
};

bool view_event(struct event *event, enum event_kind kind)
{
	event->kind = kind;
	return true;
}

void view_add(struct view *v, const struct view_part *part)
{
	if (v->part_count < VIEW_PARTS_MAX)
		v->parts[v->part_count++] = *part;
}

unsigned view_paragraph(unsigned row, unsigned column, unsigned rows, unsigned columns,
	enum style style, const char *text)
{
	struct span s = span_text(text);
	struct bytes lines = {0};
	const struct text_row *line;
	unsigned count = (unsigned)text_wrap(s, columns, &lines),
		 shown = count < rows ? count : rows;

	for (unsigned i = 0; i < shown; i++) {
		line = (const struct text_row *)lines.at + i;
		/* The last row that there is room for takes the rest, so that its cut is marked. */
		term_put(row + i, column, columns, style,
			i + 1 == shown && shown < count ? span_from(s, line->at)
							: span_of(s.at + line->at, line->n));
	}
	bytes_free(&lines);
	return shown;
}

unsigned view_notice(const struct view *v, const struct flow *f, unsigned row, unsigned rows)
{
	struct bytes text = {0};
	enum style style = words_notice(f, &text);
	unsigned used = 0;

	if (text.n > 0)
		used = view_paragraph(row, v->left, rows, v->width, style, bytes_text(&text));
	bytes_free(&text);
	return used;
}

void view_centre(const struct view *v, unsigned row, enum style style, const char *text)
{
	unsigned width = text_width(span_text(text));

	if (width > v->width)
		width = v->width;
	term_text(row, v->left + (v->width - width) / 2, width, style, text);
}

static enum style button_style(const struct view_button *button, bool focused)
{
	if (button->off)
		return STYLE_BUTTON_OFF;
	if (button->focus == FOCUS_MAIN)
		return focused ? STYLE_MAIN_FOCUS : STYLE_MAIN;
	return focused ? STYLE_BUTTON_FOCUS : STYLE_BUTTON;
}

/* Columns left and right of a label: room for the marks of the focus, and air where there is some. */
#define BUTTON_SIDE 4
#define BUTTON_SIDE_NARROW 2

static unsigned button_width(const struct view_button *button, unsigned side)
{
	return text_width(span_text(button->label)) + 2 * side;
}

static void draw_button(struct view *v, const struct flow *f, unsigned row, unsigned column,
	const struct view_button *button, unsigned side)
{
	bool focused = f->focus == button->focus && !button->off;
	unsigned width = button_width(button, side), mark = side / 2 - 1;
	enum style style = button_style(button, focused);

	term_fill(row, column, 1, width, style);
	term_text(row, column + side, width - side, style, button->label);
	if (focused) {
		term_text(row, column + mark, 1, style, "▶");
		term_text(row, column + width - 1 - mark, 1, style, "◀");
		term_cursor(row, column + side, false);
	}
	if (!button->off)
		view_add(v, &(struct view_part){
				    row, column, 1, width, button->event, 0, true, button->focus});
}

static unsigned buttons_width(const struct view_button *buttons, unsigned count, unsigned side)
{
	unsigned width = 0;

	for (unsigned i = 0; i < count; i++)
		width += button_width(&buttons[i], side) + (i ? side / 2 : 0);
	return width;
}

void view_buttons(struct view *v, const struct flow *f, unsigned row, unsigned column,
	unsigned columns, const struct view_button *buttons, unsigned count)
{
	unsigned side = buttons_width(buttons, count, BUTTON_SIDE) <= columns ? BUTTON_SIDE
									      : BUTTON_SIDE_NARROW;
	unsigned width = buttons_width(buttons, count, side);

	column += columns > width ? (columns - width) / 2 : 0;
	for (unsigned i = 0; i < count; i++) {
		draw_button(v, f, row, column, &buttons[i], side);
		column += button_width(&buttons[i], side) + side / 2;
	}
}

void view_keys(const struct view *v, const char *const *keys)
{
	unsigned row = term_rows() - 1, column = v->left, end = v->left + v->width;

	term_fill(row, 0, 1, term_columns(), STYLE_KEYS);
	for (; keys[0] && keys[1]; keys += 2) {
		unsigned width =
			text_width(span_text(keys[0])) + 1 + text_width(span_text(keys[1]));

		if (column + width > end)
			break;
		column += term_text(row, column, end - column, STYLE_KEY, keys[0]) + 1;
		column += term_text(row, column, end - column, STYLE_KEYS, keys[1]) + 3;
	}
}

/* Which of the five steps a job or a screen belongs to. */
static unsigned step_of_job(enum job_kind job)
{
	switch (job) {
	case JOB_SUBMIT:
	case JOB_DONE:
		return 5;
	case JOB_SIGN:
	case JOB_UNBLOCK:
		return 4;
	default:
		return 1;
	}
}

static unsigned step_of_screen(const struct flow *f, enum screen screen)
{
	static const uint8_t steps[SCREEN_COUNT] = {[SCREEN_CODE] = 1,
		[SCREEN_CONTRACT] = 2,
		[SCREEN_CERTIFICATE] = 3,
		[SCREEN_PIN] = 4,
		[SCREEN_LAST_TRY] = 4,
		[SCREEN_PAUSED] = 4,
		[SCREEN_PUK] = 3,
		[SCREEN_NEW_PIN] = 4,
		[SCREEN_UNBLOCKED] = 5,
		[SCREEN_RESULT] = 5};

	if (screen == SCREEN_CERTIFICATE && flow_unblocks(f))
		return 2;
	return screen == SCREEN_PAUSED && flow_unblocks(f) ? 3 : steps[screen];
}

static unsigned step_of(const struct flow *f)
{
	enum screen screen =
		f->screen == SCREEN_LEAVE || f->screen == SCREEN_SAVE ? f->before : f->screen;

	if (screen == SCREEN_WORKING)
		return step_of_job(f->work);
	if (screen == SCREEN_FAILURE)
		return step_of_job(f->failed);
	return step_of_screen(f, screen);
}

static const char *step_name(const struct flow *f, unsigned step)
{
	static const char *const names[SERVICE_PURPOSES][5] = {
		[SERVICE_CONSENT] = {N_("Kod"), N_("Sözleşme"), N_("Sertifika"), N_("PIN"),
			N_("Sonuç")},
		[SERVICE_LOGIN] = {N_("Kod"), N_("Giriş isteği"), N_("Sertifika"), N_("PIN"),
			N_("Sonuç")},
		[SERVICE_UNBLOCK] = {N_("Kod"), N_("Kart"), N_("PUK"), N_("Yeni PIN"), N_("Sonuç")},
	};

	return _(names[f->session.purpose][step - 1]);
}

static void draw_steps(const struct view *v, const struct flow *f)
{
	unsigned now = step_of(f), column = v->left, end = v->left + v->width;

	term_fill(2, 0, 1, term_columns(), STYLE_STEP);
	for (unsigned i = 1; i <= 5; i++) {
		enum style style = i == now  ? STYLE_STEP_NOW
				   : i < now ? STYLE_STEP_DONE
					     : STYLE_STEP;
		char text[64];

		/* The step that is on stands between marks, and so is seen without colours. */
		snprintf(text, sizeof(text), i == now ? "[%u %s]" : " %u %s ", i, step_name(f, i));
		if (i > 1)
			column += term_text(2, column, end - column, STYLE_STEP, "·");
		column += term_text(2, column, end - column, style, text);
	}
}

/* The remaining time at the right; returns the columns that it takes. */
static unsigned draw_time(const struct view *v, const struct flow *f)
{
	long left = flow_remaining(f);
	enum style style = left <= LAST_S   ? STYLE_TIME_LAST
			   : left <= SOON_S ? STYLE_TIME_SOON
					    : STYLE_TIME;
	char text[96];
	unsigned width;

	if (left < 0)
		return 0;
	snprintf(text, sizeof(text), " %s %ld ",
		left <= LAST_S   ? _("Süre doluyor:")
		: left <= SOON_S ? _("Süre azalıyor:")
				 : _("Kalan Süre:"),
		left);
	width = text_width(span_text(text));
	term_text(0, v->left + v->width - width, width, style, text);
	return width + 1;
}

static void draw_header(const struct view *v, const struct flow *f)
{
	unsigned time;

	term_fill(0, 0, 2, term_columns(), STYLE_HEADER);
	time = draw_time(v, f);
	term_text(0, v->left, v->width - time, STYLE_HEADER, v->institution);
	term_text(1, v->left, v->width, STYLE_HEADER_DIM, _("E-İMZA UYGULAMASI"));
	draw_steps(v, f);
}

/* The code in the groups of the code screen, the PIN and the portal's address, for whoever tries the demonstration. */
static void draw_demo(const struct view *v)
{
	char text[160];

	if (!v->demo)
		return;
	snprintf(text, sizeof(text), _("DENEME · Kod: %.5s %.4s %.4s %.4s · PIN: %s · %s"),
		v->demo->code, v->demo->code + 5, v->demo->code + 9, v->demo->code + 13,
		v->demo->pin, v->demo->url);
	term_fill(term_rows() - 2, 0, 1, term_columns(), STYLE_DEMO);
	term_text(term_rows() - 2, v->left, v->width, STYLE_DEMO, text);
}

/* Text and lists take all the rows there are; a few lines are held together in the middle. */
static void hold_together(struct view *v, const struct flow *f)
{
	unsigned room = v->bottom - v->top;

	if (f->screen == SCREEN_CONTRACT || f->screen == SCREEN_CERTIFICATE || room <= BODY_ROWS)
		return;
	v->top += (room - BODY_ROWS) / 3;
	v->bottom = v->top + BODY_ROWS;
}

static void lay_out(struct view *v, const struct flow *f)
{
	unsigned columns = term_columns();

	v->width = columns - 4 < VIEW_COLUMNS_MAX ? columns - 4 : VIEW_COLUMNS_MAX;
	v->left = (columns - v->width) / 2;
	v->top = HEADER_ROWS + 1;
	v->bottom = term_rows() - 1 - (v->demo ? 1 : 0);
	hold_together(v, f);
	v->part_count = 0;
	v->shown = 0;
}

static bool too_small(void)
{
	return term_rows() < VIEW_ROWS_MIN || term_columns() < VIEW_COLUMNS_MIN;
}

/* The one way on where the window can't be made larger. */
static void draw_way_out(const struct flow *f)
{
	const bool asked = f->screen == SCREEN_LEAVE && f->quitting;
	char text[128];

	if (f->settings.kiosk || f->screen == SCREEN_WORKING)
		return;
	snprintf(text, sizeof(text), "%s%sCtrl-C: %s", asked ? _("Uygulamadan çıkılsın mı?") : "",
		asked ? " " : "", asked ? _("Evet, çık") : _("Çıkış"));
	view_paragraph(8, 0, 3, term_columns(), STYLE_TEXT, text);
}

static void draw_too_small(const struct flow *f)
{
	char size[64];

	view_paragraph(0, 0, 2, term_columns(), STYLE_ERROR, error_message(ERR_TERMINAL_SMALL));
	view_paragraph(2, 0, 4, term_columns(), STYLE_TEXT, error_remedy(ERR_TERMINAL_SMALL));
	snprintf(size, sizeof(size), "%u x %u", term_columns(), term_rows());
	term_text(6, 0, term_columns(), STYLE_DIM, size);
	draw_way_out(f);
	term_cursor(0, 0, false);
}

void view_draw(struct view *v, const struct flow *f)
{
	term_begin();
	v->part_count = 0;
	v->shown = 0;
	term_cursor(0, 0, false);
	if (too_small()) {
		draw_too_small(f);
		return;
	}
	lay_out(v, f);
	draw_header(v, f);
	draw_demo(v);
	if (f->help)
		view_help(v, f);
	else
		screens[f->screen]->draw(v, f);
}

void view_free(struct view *v)
{
	bytes_free(&v->rows);
	v->wrapped = 0;
}

/* The stop before or behind the focused one, in the order they were drawn. */
static bool move_focus(
	const struct view *v, const struct flow *f, bool forward, struct event *event)
{
	unsigned stops[VIEW_PARTS_MAX], count = 0, at = 0;

	for (unsigned i = 0; i < v->part_count; i++) {
		if (!v->parts[i].stop)
			continue;
		if (v->parts[i].focus == f->focus)
			at = count;
		stops[count++] = v->parts[i].focus;
	}
	if (count == 0)
		return view_event(event, EVENT_TOUCH);
	event->item = stops[(at + (forward ? 1 : count - 1)) % count];
	return view_event(event, EVENT_FOCUS);
}

/* Enter presses what has the focus, or the orange button when that is nothing to be pressed. */
static bool press_focus(const struct view *v, const struct flow *f, struct event *event)
{
	const struct view_part *pressed = NULL;

	for (unsigned i = 0; i < v->part_count; i++) {
		const struct view_part *part = &v->parts[i];

		if (part->stop &&
			(part->focus == f->focus || (!pressed && part->focus == FOCUS_MAIN)))
			pressed = part;
		if (part->stop && part->focus == f->focus)
			break;
	}
	if (!pressed)
		return view_event(event, EVENT_TOUCH);
	event->item = pressed->item;
	event->digit = (uint8_t)pressed->item;
	return view_event(event, pressed->event);
}

static bool click(const struct view *v, const struct key *key, struct event *event)
{
	for (unsigned i = 0; i < v->part_count; i++) {
		const struct view_part *part = &v->parts[i];

		if (key->row < part->row || key->row >= part->row + part->rows ||
			key->column < part->column || key->column >= part->column + part->columns)
			continue;
		event->item = part->item;
		event->digit = (uint8_t)part->item;
		return view_event(event, part->event);
	}
	return view_event(event, EVENT_TOUCH);
}

static bool function_key(const struct key *key, struct event *event)
{
	if (key->number == 1)
		return view_event(event, EVENT_HELP);
	return view_event(event, key->number == 2 ? EVENT_LANGUAGE : EVENT_TOUCH);
}

static bool common_key(
	const struct view *v, const struct flow *f, const struct key *key, struct event *event)
{
	switch (key->pressed) {
	case PRESSED_FUNCTION:
		return function_key(key, event);
	case PRESSED_CONTROL:
		return view_event(event, key->number == 'C' ? EVENT_QUIT : EVENT_TOUCH);
	case PRESSED_ESCAPE:
		return view_event(event, EVENT_BACK);
	case PRESSED_TAB:
	case PRESSED_DOWN:
	case PRESSED_RIGHT:
		return move_focus(v, f, true, event);
	case PRESSED_BACKTAB:
	case PRESSED_UP:
	case PRESSED_LEFT:
		return move_focus(v, f, false, event);
	case PRESSED_ENTER:
		return f->help ? view_event(event, EVENT_HELP) : press_focus(v, f, event);
	case PRESSED_CLICK:
		return click(v, key, event);
	default:
		return view_event(event, EVENT_TOUCH);
	}
}

bool view_key(struct view *v, const struct flow *f, const struct key *key, struct event *event)
{
	bool (*own)(struct view *, const struct flow *, const struct key *, struct event *) =
		screens[f->screen]->key;

	if (too_small()) /* nobody can see what another key would do */
		return key->pressed == PRESSED_CONTROL && key->number == 'C' &&
		       view_event(event, EVENT_QUIT);
	if (key->pasted && f->screen != SCREEN_CODE && f->screen != SCREEN_SAVE)
		return view_event(event, EVENT_TOUCH);
	if (own && !f->help && own(v, f, key, event))
		return true;
	return common_key(v, f, key, event);
}

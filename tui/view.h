/* What the screens share in drawing a flow: where things lie, what can be pressed, and the parts that all have. */
#ifndef EONAY_TUI_VIEW_H
#define EONAY_TUI_VIEW_H

#include "tui/app.h"
#include "tui/flow.h"
#include "tui/keys.h"
#include "tui/term.h"

#define VIEW_ROWS_MIN 20
#define VIEW_COLUMNS_MIN 60
#define VIEW_COLUMNS_MAX 100 /* longer lines are hard to read */
#define VIEW_PARTS_MAX (FOCUS_COUNT + CARDS_CERTIFICATES_MAX)

/* Something that can be clicked, and, when it is a stop, focused with Tab and pressed with Enter. */
struct view_part {
	unsigned row, column, rows, columns;
	enum event_kind event;
	unsigned item;
	bool stop;
	enum focus focus;
};

struct view {
	const char *institution;
	const struct app_demo *demo; /* or NULL */
	unsigned left, width;        /* of the body, centred */
	unsigned top, bottom;        /* its first row, and the one behind its last */
	struct view_part parts[VIEW_PARTS_MAX];
	unsigned part_count;
	struct bytes rows; /* struct text_row values: the content wrapped for wrapped columns */
	unsigned wrapped;
	unsigned session;              /* flow.sessions whose content it is */
	unsigned first_row, page_rows; /* of the content, as shown */
	size_t shown; /* offset behind the last byte of the content that is shown */
};

/* How a screen is drawn, and what its own keys mean; the rest goes to view_key(). key may be NULL. */
struct view_screen {
	void (*draw)(struct view *v, const struct flow *f);
	bool (*key)(
		struct view *v, const struct flow *f, const struct key *key, struct event *event);
};
extern const struct view_screen screen_code, screen_contract, screen_certificate, screen_pin,
	screen_result;
extern const struct view_screen screen_unblocked, screen_working, screen_last_try, screen_paused,
	screen_save, screen_failure, screen_expired, screen_leave;

/* Draws the flow; term_show() is the caller's. */
void view_draw(struct view *v, const struct flow *f);
void view_free(struct view *v);

/* Turns a key into an event of the flow; false when it is none (nothing happens then). */
bool view_key(struct view *v, const struct flow *f, const struct key *key, struct event *event);

/* Draws text broken into lines of at most columns, at most rows of them; returns the rows used. */
unsigned view_paragraph(unsigned row, unsigned column, unsigned rows, unsigned columns,
	enum style style, const char *text);

/* As view_paragraph(), for the notice of the flow, in the body from row on. */
unsigned view_notice(const struct view *v, const struct flow *f, unsigned row, unsigned rows);

/* Draws text in the middle of the body. */
void view_centre(const struct view *v, unsigned row, enum style style, const char *text);

/* Something to be clicked, or focused and pressed. */
void view_add(struct view *v, const struct view_part *part);

struct view_button {
	const char *label;
	enum focus focus;
	enum event_kind event;
	bool off;
};

/* A line of buttons in the middle of columns; the one with FOCUS_MAIN is orange. Off ones are no stops. */
void view_buttons(struct view *v, const struct flow *f, unsigned row, unsigned column,
	unsigned columns, const struct view_button *buttons, unsigned count);

/* The keys that work here, in the last line: "key", "what it does", ... ended by NULL. */
void view_keys(const struct view *v, const char *const *keys);

/* Covers the body with the help for the screen. */
void view_help(struct view *v, const struct flow *f);

/* Fills event with kind and returns true: the usual end of a key function. */
bool view_event(struct event *event, enum event_kind kind);

#endif

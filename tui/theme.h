/* What the parts of the screen look like: colours where the terminal has them, bold, underline and reverse where not.
 * Nothing is told by colour alone: every style stands beside a word, a mark or a frame that says the same. */
#ifndef EONAY_TUI_THEME_H
#define EONAY_TUI_THEME_H

#include <stdbool.h>

enum style {
	STYLE_PAGE,   /* the ground of everything */
	STYLE_HEADER, /* the blue bar */
	STYLE_HEADER_DIM,
	STYLE_TIME,      /* remaining time in it */
	STYLE_TIME_SOON, /* at most a minute */
	STYLE_TIME_LAST, /* at most ten seconds */
	STYLE_STEP,      /* step bar: to come */
	STYLE_STEP_DONE,
	STYLE_STEP_NOW,
	STYLE_TITLE,
	STYLE_TEXT,
	STYLE_STRONG,
	STYLE_DIM,
	STYLE_FRAME,
	STYLE_FRAME_FOCUS,
	STYLE_FIELD, /* where something is typed */
	STYLE_MAIN,  /* the orange button */
	STYLE_MAIN_FOCUS,
	STYLE_BUTTON,
	STYLE_BUTTON_FOCUS,
	STYLE_BUTTON_OFF, /* can't be pressed now */
	STYLE_CHOSEN,     /* the row chosen in a list */
	STYLE_GOOD,
	STYLE_WARNING,
	STYLE_ERROR,
	STYLE_UNSAFE, /* the visible form of an unsafe character */
	STYLE_KEYS,   /* the line of keys at the bottom */
	STYLE_KEY,
	STYLE_DEMO,
	STYLE_COUNT
};

/* Prepares the colours of the terminal that term.c has opened. */
void theme_open(void);

/* The ncurses attributes of a style. */
unsigned theme_attributes(enum style style);

#endif

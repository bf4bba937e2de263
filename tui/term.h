/* The terminal: the only file that writes to it or reads from it. Every text goes through base/text first, whoever it is
 * from. The terminal is one per process, as are ncurses and its signal handlers; so is the state behind these calls.
 *
 * Rows and columns are counted from 0. What lies outside the screen is cut off. */
#ifndef EONAY_TUI_TERM_H
#define EONAY_TUI_TERM_H

#include <sys/types.h>

#include "base/bytes.h"
#include "base/error.h"
#include "tui/theme.h"

struct term_settings {
	bool mouse;
	bool wipe_scrollback; /* at the end nothing of ours nor of those before us stays (kiosk) */
};

/* Takes the terminal on standard input and output: raw mode, alternate screen, mouse, bracketed paste. It is restored by
 * term_close(), at exit and by a crash. ERR_TERMINAL. */
enum err term_open(const struct term_settings *settings, struct error *e);
void term_close(void);

unsigned term_rows(void);
unsigned term_columns(void);

/* Bytes of the person; as read(2), never waiting. */
ssize_t term_read(uint8_t *bytes, size_t n);

/* Forgets what was typed ahead. */
void term_flush_input(void);

/* The window has another size. */
void term_resized(void);

/* A picture: begun empty, drawn, then shown; only what differs from the one before is sent. */
void term_begin(void);
void term_show(void);

/* The next term_show() sends everything again. */
void term_redraw(void);

/* Writes text in its displayed form from row, column on, at most columns wide (an ellipsis marks the cut); returns the
 * columns used. */
unsigned term_put(
	unsigned row, unsigned column, unsigned columns, enum style style, struct span text);
unsigned term_text(
	unsigned row, unsigned column, unsigned columns, enum style style, const char *text);

/* Blanks, a frame. */
void term_fill(unsigned row, unsigned column, unsigned rows, unsigned columns, enum style style);
void term_frame(unsigned row, unsigned column, unsigned rows, unsigned columns, enum style style);

/* Where the cursor rests: on what has the focus, so that braille displays and screen readers find it. Hidden when
 * visible is false, but still there. */
void term_cursor(unsigned row, unsigned column, bool visible);

#endif

/* From the bytes of a terminal to keys: UTF-8 characters, the control sequences of the terminals that we run on
 * (ECMA-48, xterm, Linux console), SGR mouse reports, bracketed paste. Pure: bytes and the time come in as arguments. */
#ifndef EONAY_TUI_KEYS_H
#define EONAY_TUI_KEYS_H

#include "base/bytes.h"

#define KEYS_ESCAPE_MS 25  /* an ESC that nothing follows for so long was the Esc key */
#define KEYS_PASTE_MS 1000 /* a paste whose end does not come for so long has ended */

enum pressed {
	PRESSED_CHARACTER, /* text[0..n) */
	PRESSED_CONTROL,   /* number: 'A'..'Z' and '\\' held with Ctrl */
	PRESSED_ENTER,
	PRESSED_ESCAPE,
	PRESSED_TAB,
	PRESSED_BACKTAB,
	PRESSED_BACKSPACE,
	PRESSED_DELETE,
	PRESSED_UP,
	PRESSED_DOWN,
	PRESSED_LEFT,
	PRESSED_RIGHT,
	PRESSED_HOME,
	PRESSED_END,
	PRESSED_PAGE_UP,
	PRESSED_PAGE_DOWN,
	PRESSED_FUNCTION, /* number: 1..12 */
	PRESSED_CLICK,    /* left button at row, column */
	PRESSED_WHEEL_UP,
	PRESSED_WHEEL_DOWN,
};

struct key {
	enum pressed pressed;
	char text[5]; /* one character, 0-ended; bytes that are no UTF-8 come one by one */
	unsigned n;
	unsigned number;
	unsigned row, column; /* from 0 */
	bool pasted;
};

/* A decoder; zeroed it is ready. It holds no more than one unfinished sequence. */
struct keys {
	uint8_t held[32];
	unsigned n;
	int64_t last; /* monotonic ms of the last byte */
	bool paste;
	bool after_return;
};

/* Takes bytes from the front of input until one key is whole. False when input is used up without one. */
bool keys_next(struct keys *k, int64_t now_ms, struct span *input, struct key *out);

/* When keys_flush() is due, monotonic ms; INT64_MAX when nothing is held. */
int64_t keys_deadline(const struct keys *k);

/* Gives what is held up as far as it has waited long enough; true with the Esc key when that was it. */
bool keys_flush(struct keys *k, int64_t now_ms, struct key *out);

/* Forgets and overwrites what is held. */
void keys_wipe(struct keys *k);

#endif

#include "tui/theme.h"

#include <curses.h>

/* Foreground and background among 256 colours and among eight, and attributes beside them. */
struct look {
	short text, ground; /* xterm's 256 colours */
	short text8, ground8;
	attr_t more; /* always */
	attr_t mono; /* without colours */
};

#define NONE (-1) /* the terminal's own */
#define WHITE 231
#define BLACK 16 /* the first of the eight is grey where bold means bright */
#define PAGE 255 /* light grey */
#define INK 236
#define BLUE 25
#define ORANGE 208
#define GREY 240
#define GREEN 22

/* A text that is to be read stands out from its ground by 4.5:1 at least (WCAG 2.2, 1.4.3).
 *
 * The time is sent with every tick of the countdown, which may take 40 bytes: so it has one attribute or one of the
 * eight colours on the terminal's own ground, each a sequence of five bytes at most. */
static const struct look looks[STYLE_COUNT] = {
	[STYLE_PAGE] = {INK, PAGE, COLOR_WHITE, COLOR_BLACK, 0, 0},
	[STYLE_HEADER] = {WHITE, BLUE, COLOR_WHITE, COLOR_BLUE, A_BOLD, A_REVERSE},
	[STYLE_HEADER_DIM] = {195, BLUE, COLOR_CYAN, COLOR_BLUE, 0, A_REVERSE},
	[STYLE_TIME] = {NONE, NONE, NONE, NONE, A_REVERSE, A_REVERSE},
	[STYLE_TIME_SOON] = {COLOR_MAGENTA, NONE, COLOR_MAGENTA, NONE, 0, A_BOLD},
	[STYLE_TIME_LAST] = {COLOR_RED, NONE, COLOR_RED, NONE, 0, A_BOLD},
	[STYLE_STEP] = {GREY, 252, COLOR_WHITE, COLOR_BLACK, 0, 0},
	[STYLE_STEP_DONE] = {GREEN, 252, COLOR_GREEN, COLOR_BLACK, 0, 0},
	[STYLE_STEP_NOW] = {BLUE, WHITE, COLOR_BLACK, COLOR_CYAN, A_BOLD, A_BOLD | A_UNDERLINE},
	[STYLE_TITLE] = {BLUE, PAGE, COLOR_CYAN, COLOR_BLACK, A_BOLD, A_BOLD},
	[STYLE_TEXT] = {INK, PAGE, COLOR_WHITE, COLOR_BLACK, 0, 0},
	[STYLE_STRONG] = {INK, PAGE, COLOR_WHITE, COLOR_BLACK, A_BOLD, A_BOLD},
	[STYLE_DIM] = {GREY, PAGE, COLOR_WHITE, COLOR_BLACK, 0, 0},
	[STYLE_FRAME] = {249, PAGE, COLOR_WHITE, COLOR_BLACK, 0, 0},
	[STYLE_FRAME_FOCUS] = {BLUE, PAGE, COLOR_CYAN, COLOR_BLACK, A_BOLD, A_BOLD},
	[STYLE_FIELD] = {INK, WHITE, COLOR_WHITE, COLOR_BLACK, A_BOLD, A_BOLD},
	[STYLE_MAIN] = {BLACK, 166, COLOR_BLACK, COLOR_YELLOW, A_BOLD, A_REVERSE},
	[STYLE_MAIN_FOCUS] = {BLACK, ORANGE, COLOR_BLACK, COLOR_YELLOW, A_BOLD, A_REVERSE | A_BOLD},
	[STYLE_BUTTON] = {INK, 251, COLOR_BLACK, COLOR_WHITE, 0, 0},
	[STYLE_BUTTON_FOCUS] = {WHITE, BLUE, COLOR_WHITE, COLOR_BLUE, A_BOLD, A_REVERSE},
	[STYLE_BUTTON_OFF] = {246, 253, COLOR_WHITE, COLOR_BLACK, 0, A_DIM},
	[STYLE_CHOSEN] = {WHITE, BLUE, COLOR_WHITE, COLOR_BLUE, A_BOLD, A_REVERSE},
	[STYLE_GOOD] = {GREEN, PAGE, COLOR_GREEN, COLOR_BLACK, A_BOLD, A_BOLD},
	[STYLE_WARNING] = {94, PAGE, COLOR_YELLOW, COLOR_BLACK, A_BOLD, A_BOLD},
	[STYLE_ERROR] = {124, PAGE, COLOR_RED, COLOR_BLACK, A_BOLD, A_BOLD},
	[STYLE_UNSAFE] = {WHITE, 124, COLOR_WHITE, COLOR_RED, A_BOLD, A_REVERSE},
	[STYLE_KEYS] = {INK, 254, COLOR_BLACK, COLOR_WHITE, 0, 0},
	[STYLE_KEY] = {BLUE, 254, COLOR_BLUE, COLOR_WHITE, A_BOLD, A_BOLD},
	[STYLE_DEMO] = {BLACK, 222, COLOR_BLACK, COLOR_CYAN, 0, A_REVERSE},
};

#define FULL_COLOURS 256

void theme_open(void)
{
	if (!has_colors())
		return;
	start_color();
	/* Else every update would end by setting white on black. */
	use_default_colors();
	for (short i = 0; i < STYLE_COUNT && i + 1 < COLOR_PAIRS; i++) {
		const struct look *look = &looks[i];

		if (COLORS >= FULL_COLOURS)
			init_pair((short)(i + 1), look->text, look->ground);
		else
			init_pair((short)(i + 1), look->text8, look->ground8);
	}
}

unsigned theme_attributes(enum style style)
{
	const struct look *look = &looks[style];
	attr_t more = look->more;

	if (!has_colors())
		return (unsigned)(more | look->mono);
	if (look->text == NONE) /* a pair would only cost bytes */
		return (unsigned)more;
	/* Where bold means bright, as on the Linux console, bold black is grey and can't be read. */
	if (COLORS < FULL_COLOURS && look->text8 == COLOR_BLACK)
		more &= ~A_BOLD;
	return (unsigned)(more | (attr_t)COLOR_PAIR(style + 1));
}

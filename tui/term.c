#include "tui/term.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"

/* xterm's modes (ctlseqs): 1000 button events in the SGR form 1006, 2004 bracketed paste. Terminals without them ignore
 * private modes that they don't know. */
#define MODES_ON_MOUSE "\033[?1000h\033[?1006h"
#define MODES_ON "\033[?2004h"
#define MODES_OFF "\033[?2004l\033[?1006l\033[?1000l"

/* ED 3 clears the scrollback of xterm and of the Linux console. */
#define WIPE "\033[H\033[2J\033[3J"

/* A terminal that takes nothing for so long is stuck. */
#define STUCK_MS 1000

/* What brings the terminal back; made when it is taken, so that a signal handler has only to write it. */
static struct {
	SCREEN *screen;
	struct termios before;
	char restore[128];
	size_t restore_n;
	unsigned cursor_row, cursor_column;
	bool cursor_visible;
	int cursor_shown; /* as the terminal has it; -1: not known */
	volatile sig_atomic_t closing;
	struct sigaction alarm_before;
} term;

static void send(const char *text, size_t n)
{
	while (n > 0) {
		ssize_t sent = write(STDOUT_FILENO, text, n);

		if (sent > 0) {
			text += sent;
			n -= (size_t)sent;
		} else if (errno == EAGAIN) {
			poll(&(struct pollfd){.fd = STDOUT_FILENO, .events = POLLOUT}, 1, 1000);
		} else if (errno != EINTR) {
			return; /* hung up */
		}
	}
}

static void add_restore(const char *text)
{
	size_t n = strlen(text);

	if (term.restore_n + n <= sizeof(term.restore)) {
		memcpy(term.restore + term.restore_n, text, n);
		term.restore_n += n;
	}
}

/* A string of the terminal's description, NULL when it has none. One with padding ("$<5>"), which only terminals want
 * that are slower than any we run on, counts as none. */
static const char *described(const char *name)
{
	const char *text = tigetstr(name);

	return text && text != (char *)-1 && !strstr(text, "$<") ? text : NULL;
}

static void plan_restore(bool wipe_scrollback)
{
	const char *main_screen = described("rmcup"), *cursor = described("cnorm");

	term.restore_n = 0;
	add_restore(MODES_OFF);
	add_restore("\033[0m");
	if (main_screen) {
		add_restore("\033[H\033[2J"); /* the alternate screen can be looked at again */
		add_restore(main_screen);
	}
	if (!main_screen || wipe_scrollback)
		add_restore(WIPE);
	if (cursor)
		add_restore(cursor);
}

/* Async-signal-safe: write() and tcsetattr() only. */
static void restore(void)
{
	send(term.restore, term.restore_n);
	while (tcsetattr(STDIN_FILENO, TCSAFLUSH, &term.before) != 0 && errno == EINTR)
		;
}

/* A terminal that takes nothing (Scroll Lock on the console, a window that hangs) holds us in write(), where the signals
 * that should end us are not seen. When one waits, what the terminal has not taken is thrown away and its output goes
 * on, so that the writing ends. Async-signal-safe. */
static void on_stuck(int signal)
{
	int error = errno;
	sigset_t waiting;

	(void)signal;
	sigpending(&waiting);
	if (term.closing || sigismember(&waiting, SIGTERM) || sigismember(&waiting, SIGHUP) ||
		sigismember(&waiting, SIGINT)) {
		tcflush(STDOUT_FILENO, TCOFLUSH);
		tcflow(STDOUT_FILENO, TCOOFF);
		tcflow(STDOUT_FILENO, TCOON);
	}
	errno = error;
}

/* Looks at a writing that takes longer than ms, and again after as long; 0: no more. */
static void watch_writing(int ms)
{
	const struct timeval each = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	setitimer(ITIMER_REAL, &(struct itimerval){each, each}, NULL);
}

static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
static struct sigaction crash_before[sizeof(crashes) / sizeof(*crashes)];

/* Restores the terminal and lets the crash take its course: the instruction runs again, under the old handler. */
static void on_crash(int signal)
{
	for (size_t i = 0; i < sizeof(crashes) / sizeof(*crashes); i++) {
		if (crashes[i] == signal)
			sigaction(signal, &crash_before[i], NULL);
	}
	restore();
}

static void watch_crashes(void)
{
	struct sigaction action = {.sa_handler = on_crash};

	for (size_t i = 0; i < sizeof(crashes) / sizeof(*crashes); i++)
		sigaction(crashes[i], &action, &crash_before[i]);
}

static void forget_crashes(void)
{
	for (size_t i = 0; i < sizeof(crashes) / sizeof(*crashes); i++)
		sigaction(crashes[i], &crash_before[i], NULL);
}

enum err term_open(const struct term_settings *settings, struct error *e)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
		tcgetattr(STDIN_FILENO, &term.before) != 0)
		return error_set_errno(e, ERR_TERMINAL, "tty");
	term.screen = newterm(NULL, stdout, stdin);
	if (!term.screen)
		return error_set(
			e, ERR_TERMINAL, "TERM=%.40s", getenv("TERM") ? getenv("TERM") : "");
	plan_restore(settings->wipe_scrollback);
	watch_crashes();
	sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_stuck, .sa_flags = SA_RESTART},
		&term.alarm_before);
	atexit(term_close);
	raw();
	noecho();
	nonl();
	typeahead(-1); /* never put off an update because a key has come */
	theme_open();
	term.cursor_shown = -1;
	term_resized();
	send(MODES_ON, strlen(MODES_ON));
	if (settings->mouse)
		send(MODES_ON_MOUSE, strlen(MODES_ON_MOUSE));
	return ERR_OK;
}

void term_close(void)
{
	if (!term.screen)
		return;
	term.closing = 1;
	watch_writing(STUCK_MS);
	erase();
	endwin();
	delscreen(term.screen);
	term.screen = NULL;
	restore();
	watch_writing(0);
	sigaction(SIGALRM, &term.alarm_before, NULL);
	forget_crashes();
}

unsigned term_rows(void)
{
	return (unsigned)LINES;
}

unsigned term_columns(void)
{
	return (unsigned)COLS;
}

ssize_t term_read(uint8_t *bytes, size_t n)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

	if (poll(&input, 1, 0) == 1)
		return read(STDIN_FILENO, bytes, n);
	errno = EAGAIN;
	return -1;
}

void term_flush_input(void)
{
	tcflush(STDIN_FILENO, TCIFLUSH);
}

/* Sizes that a terminal of today can have; more is a mistake of the other side that would cost memory. */
#define ROWS_MAX 300
#define COLUMNS_MAX 500

void term_resized(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		return;
	resize_term(size.ws_row < ROWS_MAX ? size.ws_row : ROWS_MAX,
		size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX);
	term_redraw();
}

void term_begin(void)
{
	/* For the erasing only: texts on the terminal's own ground must keep it. */
	bkgdset(theme_attributes(STYLE_PAGE) | ' ');
	erase();
	bkgdset(' ');
	term.cursor_row = term.cursor_column = 0;
}

void term_show(void)
{
	if (term.cursor_shown != term.cursor_visible)
		curs_set(term.cursor_visible);
	term.cursor_shown = term.cursor_visible;
	move((int)term.cursor_row, (int)term.cursor_column);
	bkgdset(theme_attributes(STYLE_PAGE) | ' '); /* lets ncurses erase to the end of a line */
	watch_writing(STUCK_MS);
	refresh();
	watch_writing(0);
}

void term_redraw(void)
{
	clearok(curscr, TRUE);
}

/* text is displayable and columns wide. */
static void write_at(unsigned row, unsigned column, enum style style, const char *text)
{
	if (row >= term_rows() || column >= term_columns())
		return;
	attrset((attr_t)theme_attributes(style));
	mvaddstr((int)row, (int)column, text);
}

unsigned term_put(
	unsigned row, unsigned column, unsigned columns, enum style style, struct span text)
{
	struct bytes line = {0};
	unsigned used;

	if (column >= term_columns())
		return 0;
	if (columns > term_columns() - column)
		columns = term_columns() - column;
	used = text_line(text, columns, &line);
	write_at(row, column, style, bytes_text(&line));
	bytes_free(&line);
	return used;
}

unsigned term_text(
	unsigned row, unsigned column, unsigned columns, enum style style, const char *text)
{
	return term_put(row, column, columns, style, span_text(text));
}

static void repeat(
	unsigned row, unsigned column, unsigned columns, enum style style, const char *text)
{
	for (unsigned i = 0; i < columns && column + i < term_columns(); i++)
		write_at(row, column + i, style, text);
}

void term_fill(unsigned row, unsigned column, unsigned rows, unsigned columns, enum style style)
{
	for (unsigned i = 0; i < rows; i++)
		repeat(row + i, column, columns, style, " ");
}

void term_frame(unsigned row, unsigned column, unsigned rows, unsigned columns, enum style style)
{
	unsigned last = row + rows - 1, right = column + columns - 1;

	repeat(row, column, columns, style, "─");
	repeat(last, column, columns, style, "─");
	for (unsigned i = row + 1; i < last; i++) {
		write_at(i, column, style, "│");
		write_at(i, right, style, "│");
	}
	write_at(row, column, style, "┌");
	write_at(row, right, style, "┐");
	write_at(last, column, style, "└");
	write_at(last, right, style, "┘");
}

void term_cursor(unsigned row, unsigned column, bool visible)
{
	term.cursor_row = row < term_rows() ? row : term_rows() - 1;
	term.cursor_column = column < term_columns() ? column : term_columns() - 1;
	term.cursor_visible = visible;
}

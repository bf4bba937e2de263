#include "cli/pin_input.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Signals that would leave the terminal without echo. */
static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
#define ENDING_COUNT (sizeof(ending) / sizeof(*ending))

static volatile sig_atomic_t caught; /* a handler can reach nothing else */

static void on_signal(int number)
{
	caught = number;
}

/* One byte into pin. False at the end of the line or of the input, or when it is too long (*code is
 * set). */
static bool take_byte(int fd, struct secret *pin, struct error *e, enum err *code)
{
	char byte = 0;
	ssize_t n = read(fd, &byte, 1);
	bool more = false;

	if (n < 0 && errno == EINTR && !caught)
		return true;
	if (n < 0)
		*code = error_set_errno(e, ERR_PIN_INPUT, "%s", "PIN");
	else if (n == 1 && byte != '\n' && byte != '\r') {
		more = secret_append(pin, (uint8_t)byte);
		if (!more)
			*code = error_set(e, secret_ready() ? ERR_PIN_LENGTH : ERR_SECRET_MEMORY,
				"%s", "PIN");
	}
	explicit_bzero(&byte, 1);
	return more;
}

enum err pin_read_descriptor(int fd, struct secret *pin, struct error *e)
{
	enum err code = ERR_OK;

	while (take_byte(fd, pin, e, &code))
		continue;
	if (code == ERR_OK && pin->n == 0)
		code = error_set(e, ERR_PIN_INPUT, "%s", "PIN");
	if (code)
		secret_wipe(pin);
	return code;
}

static void write_text(int fd, const char *text)
{
	size_t n = strlen(text);

	while (n > 0) {
		ssize_t done = write(fd, text, n);

		if (done <= 0)
			return;
		text += done;
		n -= (size_t)done;
	}
}

/* Reads with echo off; a signal that came meanwhile is delivered once the terminal is as before. */
static enum err read_without_echo(int fd, struct secret *pin, struct error *e)
{
	struct sigaction act = {.sa_handler = on_signal}, old[ENDING_COUNT];
	struct termios before, silent;
	enum err code;

	if (tcgetattr(fd, &before) != 0)
		return error_set_errno(e, ERR_PIN_INPUT, "%s", "/dev/tty");
	caught = 0;
	for (size_t i = 0; i < ENDING_COUNT; i++)
		sigaction(ending[i], &act, &old[i]);
	silent = before;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	silent.c_lflag |= ICANON | ISIG;
	tcsetattr(fd, TCSAFLUSH, &silent);
	code = pin_read_descriptor(fd, pin, e);
	tcsetattr(fd, TCSAFLUSH, &before);
	write_text(fd, "\n");
	for (size_t i = 0; i < ENDING_COUNT; i++)
		sigaction(ending[i], &old[i], NULL);
	if (caught)
		raise(caught);
	return code;
}

enum err pin_read_terminal(const char *prompt, struct secret *pin, struct error *e)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	enum err code;

	if (fd < 0)
		return error_set_errno(e, ERR_PIN_INPUT, "%s", "/dev/tty");
	do { /* again when it was stopped by Ctrl-Z and continued; that was no failure */
		*e = (struct error){0};
		write_text(fd, prompt);
		code = read_without_echo(fd, pin, e);
	} while (caught == SIGTSTP);
	close(fd);
	return code;
}

bool pin_confirm(const char *question, const char *wanted)
{
	FILE *tty = fopen("/dev/tty", "r+e");
	char answer[32];
	bool yes = false;

	if (!tty)
		return false;
	fputs(question, tty);
	fflush(tty);
	if (fgets(answer, sizeof(answer), tty)) {
		answer[strcspn(answer, "\r\n")] = '\0';
		yes = strcmp(answer, wanted) == 0;
	}
	fclose(tty);
	return yes;
}

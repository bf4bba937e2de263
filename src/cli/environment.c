#include "cli/environment.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define NAME_MAX_LENGTH 64 /* of a terminal or zone; the longest in Debian's lists are shorter */

#define SMALL "abcdefghijklmnopqrstuvwxyz0123456789"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Not isalpha(): no answer here depends on a locale. */
static bool is_plain_name(const char *name, const char *allowed)
{
	size_t n = strspn(name, allowed);

	return n > 0 && n <= NAME_MAX_LENGTH && name[n] == '\0';
}

bool environment_is_terminal(const char *name)
{
	static const char *const families[] = {"linux", "xterm", "screen", "tmux", "vt100", "vt102",
		"vt220", "vt320", "vt420", "rxvt", "putty", "konsole", "gnome", "vte", "alacritty",
		"foot", "st", "kitty", "wezterm", "ghostty", "mlterm", "fbterm", "jfbterm"};

	if (!is_plain_name(name, SMALL "-+."))
		return false;
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++) {
		size_t n = strlen(families[i]);

		if (strncmp(name, families[i], n) == 0 &&
			(name[n] == '\0' || strchr("-+.", name[n])))
			return true;
	}
	return false;
}

bool environment_is_zone(const char *name)
{
	return is_plain_name(name, SMALL CAPITALS "/_+-") && name[0] != '/' && !strstr(name, "//");
}

const struct environment_variable environment_kept[] = {
	{"TERM", environment_is_terminal},
	{"TZ", environment_is_zone},
	{0},
};

void environment_settle(void)
{
	sigset_t none;
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	if (fd < 0)
		_exit(EX_OSERR);
	close(fd);
	for (int s = 1; s < NSIG; s++) {
		if (s != SIGKILL && s != SIGSTOP)
			signal(s, SIG_DFL);
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(077);
}

void environment_close_descriptors(int keep, int keep_too)
{
	const int kept[] = {keep < keep_too ? keep : keep_too, keep < keep_too ? keep_too : keep};
	unsigned first = 3;

	for (size_t i = 0; i < 2; i++) {
		if (kept[i] < 0 || (unsigned)kept[i] < first)
			continue;
		fcntl(kept[i], F_SETFD, FD_CLOEXEC);
		if ((unsigned)kept[i] > first)
			close_range(first, (unsigned)kept[i] - 1, 0);
		first = (unsigned)kept[i] + 1;
	}
	close_range(first, UINT_MAX, 0);
}

#include "cli/environment.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define NAME_MAX_LENGTH 64 /* of a terminal or zone; the longest in Debian's lists are shorter */

static const char fixed_path[] =
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char digits[] = "0123456789";

/* Not isalpha(): no answer here depends on a locale. */
static bool is_plain(char c, const char *marks, bool capitals)
{
	return c && (strchr(lower, c) || strchr(digits, c) || strchr(marks, c) ||
			    (capitals && strchr(upper, c)));
}

static bool is_plain_name(const char *name, const char *marks, bool capitals)
{
	size_t n = strlen(name);

	if (n == 0 || n > NAME_MAX_LENGTH)
		return false;
	while (n-- > 0) {
		if (!is_plain(name[n], marks, capitals))
			return false;
	}
	return true;
}

bool environment_is_terminal(const char *name)
{
	static const char *const families[] = {"linux", "xterm", "screen", "tmux", "vt100", "vt102",
		"vt220", "vt320", "vt420", "rxvt", "putty", "konsole", "gnome", "vte", "alacritty",
		"foot", "st", "kitty", "wezterm", "ghostty", "mlterm", "fbterm", "jfbterm"};

	if (!is_plain_name(name, "-+.", false))
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
	return is_plain_name(name, "/_+-", true) && name[0] != '/' && !strstr(name, "//");
}

/* The first entry "name=value" whose value is acceptable, NULL when there is none. */
static const char *accepted(
	const char *const envp[], const char *name, bool (*acceptable)(const char *))
{
	size_t n = strlen(name);

	for (; *envp; envp++) {
		if (strncmp(*envp, name, n) == 0 && (*envp)[n] == '=')
			return acceptable(*envp + n + 1) ? *envp : NULL;
	}
	return NULL;
}

size_t environment_clean(const char *const envp[], const char *out[ENVIRONMENT_MAX + 1])
{
	const char *term = accepted(envp, "TERM", environment_is_terminal);
	const char *zone = accepted(envp, "TZ", environment_is_zone);
	size_t n = 0;

	out[n++] = fixed_path;
	if (term)
		out[n++] = term;
	if (zone)
		out[n++] = zone;
	out[n] = NULL;
	return n;
}

bool environment_is_clean(const char *const envp[])
{
	const char *clean[ENVIRONMENT_MAX + 1];
	size_t n = environment_clean(envp, clean);

	for (size_t i = 0; i < n; i++) {
		if (!envp[i] || strcmp(envp[i], clean[i]) != 0)
			return false;
	}
	return !envp[n];
}

void environment_enter(char *const argv[])
{
	const char *clean[ENVIRONMENT_MAX + 1];
	const char *const *given = (const char *const *)environ;

	if (environment_is_clean(given))
		return;
	environment_clean(given, clean);
	execve("/proc/self/exe", argv, (char *const *)clean);
	/* No words of the catalogue yet: nothing of this process may be trusted to load them. */
	perror("eonay: /proc/self/exe");
	_exit(EX_OSERR);
}

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

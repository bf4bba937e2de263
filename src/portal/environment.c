#include "portal/environment.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static const char fixed_path[] =
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/* sd_notify(3), sd_listen_fds(3), sd_watchdog_enabled(3), systemd.exec(5): numbers, names of sockets, paths. */
static const char numbers[] = "0123456789:";
static const char names[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:@/+";

static const struct {
	const char *name;
	const char *allowed;
} kept[] = {
	{"NOTIFY_SOCKET", names},
	{"LISTEN_PID", numbers},
	{"LISTEN_FDS", numbers},
	{"LISTEN_FDNAMES", names},
	{"WATCHDOG_PID", numbers},
	{"WATCHDOG_USEC", numbers},
	{"JOURNAL_STREAM", numbers},
	{"CREDENTIALS_DIRECTORY", names},
	/* gettext(3) takes the name of a folder from it; none above its own. */
	{"LANGUAGE", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_:@"},
	{"TZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_/+-0123456789"},
};

/* The first entry "name=value" whose value has allowed characters alone, NULL when there is none. */
static const char *accepted(const char *const envp[], const char *name, const char *allowed)
{
	size_t n = strlen(name);

	for (; *envp; envp++) {
		if (strncmp(*envp, name, n) == 0 && (*envp)[n] == '=')
			return (*envp)[n + 1 + strspn(*envp + n + 1, allowed)] ? NULL : *envp;
	}
	return NULL;
}

size_t environment_clean(const char *const envp[], const char *out[ENVIRONMENT_MAX + 1])
{
	size_t n = 0;

	out[n++] = fixed_path;
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		const char *entry = accepted(envp, kept[i].name, kept[i].allowed);

		if (entry)
			out[n++] = entry;
	}
	out[n] = NULL;
	return n;
}

static bool is_clean(const char *const envp[], const char *const clean[])
{
	while (*envp && *clean && strcmp(*envp, *clean) == 0) {
		envp++;
		clean++;
	}
	return !*envp && !*clean;
}

void environment_enter(char *const argv[])
{
	const char *clean[ENVIRONMENT_MAX + 1];
	const char *const *given = (const char *const *)environ;

	environment_clean(given, clean);
	if (is_clean(given, clean))
		return;
	execve("/proc/self/exe", argv, (char *const *)clean);
	/* No words of the catalogue yet: nothing of this process may be trusted to load them. */
	perror("eonay-portal: /proc/self/exe");
	_exit(EX_OSERR);
}

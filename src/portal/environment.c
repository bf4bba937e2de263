#include "portal/environment.h"

#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

static bool consists_of(const char *value, const char *allowed)
{
	return value[strspn(value, allowed)] == '\0';
}

/* sd_notify(3), sd_listen_fds(3), sd_watchdog_enabled(3), systemd.exec(5): numbers, names of sockets, paths. */
static bool is_number(const char *value)
{
	return consists_of(value, DIGITS ":");
}

static bool is_name(const char *value)
{
	return consists_of(value, LETTERS DIGITS "-_.:@/+");
}

/* gettext(3) takes the name of a folder from it; none above its own. */
static bool is_language(const char *value)
{
	return consists_of(value, LETTERS "_:@");
}

static bool is_zone(const char *value)
{
	return consists_of(value, LETTERS DIGITS "_/+-");
}

const struct environment_variable environment_kept[] = {
	{"NOTIFY_SOCKET", is_name},
	{"LISTEN_PID", is_number},
	{"LISTEN_FDS", is_number},
	{"LISTEN_FDNAMES", is_name},
	{"WATCHDOG_PID", is_number},
	{"WATCHDOG_USEC", is_number},
	{"JOURNAL_STREAM", is_number},
	{"CREDENTIALS_DIRECTORY", is_name},
	{"LANGUAGE", is_language},
	{"TZ", is_zone},
	{0},
};

#include "base/program.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Folder of the running program, without a slash at its end. False when the kernel does not tell. */
static bool own_folder(char *out, size_t room)
{
	ssize_t n = readlink("/proc/self/exe", out, room - 1);
	char *slash;

	if (n <= 0)
		return false;
	out[n] = '\0';
	slash = strrchr(out, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

/* True when folder/name fits and can be executed. */
static bool try_path(const char *folder, const char *name, char *out, size_t room)
{
	int n = snprintf(out, room, "%s/%s", folder, name);

	return n > 0 && (size_t)n < room && access(out, X_OK) == 0;
}

bool program_find(const char *name, const char *installed_folder, char *out, size_t room)
{
	char folder[PATH_MAX];

	if (own_folder(folder, sizeof(folder)) && try_path(folder, name, out, room))
		return true;
	return try_path(installed_folder, name, out, room);
}

#include "base/environment.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static const char fixed_path[] =
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/* The first entry of the variable's name, as getenv(3) takes it, NULL when its value is not acceptable or there is none. */
static const char *accepted(const struct environment_variable *v, const char *const envp[])
{
	size_t n = strlen(v->name);

	for (; *envp; envp++) {
		if (strncmp(*envp, v->name, n) == 0 && (*envp)[n] == '=')
			return v->accepts(*envp + n + 1) ? *envp : NULL;
	}
	return NULL;
}

size_t environment_clean(const struct environment_variable *list, const char *const envp[],
	const char *out[ENVIRONMENT_MAX + 1])
{
	size_t n = 0;

	out[n++] = fixed_path;
	for (; list->name && n < ENVIRONMENT_MAX; list++) {
		const char *entry = accepted(list, envp);

		if (entry)
			out[n++] = entry;
	}
	out[n] = NULL;
	return n;
}

bool environment_is_clean(const struct environment_variable *list, const char *const envp[])
{
	const char *clean[ENVIRONMENT_MAX + 1];
	size_t n = environment_clean(list, envp, clean);

	for (size_t i = 0; i < n; i++) {
		if (!envp[i] || strcmp(envp[i], clean[i]) != 0)
			return false;
	}
	return !envp[n];
}

void environment_enter(
	const char *program, const struct environment_variable *list, char *const argv[])
{
	const char *clean[ENVIRONMENT_MAX + 1];
	const char *const *given = (const char *const *)environ;

	if (environment_is_clean(list, given))
		return;
	environment_clean(list, given, clean);
	execve("/proc/self/exe", argv, (char *const *)clean);
	/* No words of the catalogue yet: nothing of this process may be trusted to load them. */
	fprintf(stderr, "%s: /proc/self/exe: %m\n", program);
	_exit(EX_OSERR);
}

#include "cli/language.h"

#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/words.h"

#define CATALOGUES "tui/po" /* in the build tree */
#define CATALOGUE "en/LC_MESSAGES/eonay.mo"

static const char *const names[] = {[LANGUAGE_TR] = "tr", [LANGUAGE_EN] = "en"};

bool language_read(const char *name, int *out)
{
	for (int i = LANGUAGE_TR; i <= LANGUAGE_EN; i++) {
		if (strcmp(name, names[i]) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

/* The catalogues of the build tree when the program runs there, else the installed ones. */
static void bind_catalogues(void)
{
	char directory[PATH_MAX], file[PATH_MAX];
	ssize_t n =
		readlink("/proc/self/exe", directory, sizeof(directory) - sizeof("/" CATALOGUES));
	char *slash;

	directory[n > 0 ? n : 0] = '\0';
	slash = strrchr(directory, '/');
	if (slash) {
		strcpy(slash, "/" CATALOGUES);
		snprintf(file, sizeof(file), "%.*s/" CATALOGUE,
			PATH_MAX - (int)sizeof("/" CATALOGUE), directory);
		if (access(file, R_OK) == 0) {
			bindtextdomain("eonay", directory);
			return;
		}
	}
	bindtextdomain("eonay", LOCALEDIR);
}

bool language_choose(enum settings_language language)
{
	bool there;

	setenv("LANGUAGE", names[language], 1);
	there = setlocale(LC_ALL, "C.UTF-8") != NULL;
	bind_catalogues();
	bind_textdomain_codeset("eonay", "UTF-8");
	textdomain("eonay");
	return there;
}

bool language_is_there(void)
{
	/* TRANSLATORS: "eonay:language:en" in an English catalogue. */
	const char *mark = N_("eonay:language:tr");
	const char *wanted = getenv("LANGUAGE");

	return wanted && strcmp(strrchr(_(mark), ':') + 1, wanted) == 0;
}

/* Writes the error chapter of eonay(1) from the catalogue: each failure in Turkish and English. Runs at build time, in the
 * build directory, where the English catalogue is below the folder given. */
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

enum pin_use { PIN_KEPT, PIN_USED, PIN_UNKNOWN };

static const struct {
	const char *code, *status;
	enum pin_use pin;
	const char *message, *remedy;
} catalogue[] = {
#define ERROR(symbol, code, status, pin, message, remedy) {code, #status, pin, message, remedy},
#include "base/error.def"
#undef ERROR
};

/* A line of text in mdoc: a dot or quote at its start is no request, a backslash is none either. */
static void put_text(const char *text)
{
	fputs("\\&", stdout);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
	}
	putchar('\n');
}

static void put_both(const char *message, const char *remedy)
{
	put_text(message);
	if (!*remedy)
		return;
	puts(".br");
	put_text(remedy);
}

int main(int argc, char **argv)
{
	static const char *const pins[] = {[PIN_KEPT] = "",
		[PIN_USED] = "; a try was used up",
		[PIN_UNKNOWN] = "; a try may have been used up"};

	if (argc != 2 || setenv("LANGUAGE", "en", 1) != 0 || !setlocale(LC_ALL, "C.UTF-8"))
		return EXIT_FAILURE;
	bindtextdomain("eonay", argv[1]);
	textdomain("eonay");
	for (size_t i = 0; i < sizeof(catalogue) / sizeof(*catalogue); i++) {
		const char *message = catalogue[i].message, *remedy = catalogue[i].remedy;

		printf(".It Sy %s Pq %s%s\n", catalogue[i].code, catalogue[i].status,
			pins[catalogue[i].pin]);
		put_both(message, remedy);
		puts(".Pp");
		put_both(gettext(message), *remedy ? gettext(remedy) : "");
	}
	return ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}

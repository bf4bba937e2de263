/* Writes the error chapter of eonay(1) from the catalogue. Runs at build time. */
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

int main(void)
{
	static const char *const pins[] = {[PIN_KEPT] = "",
		[PIN_USED] = "; PIN: a try was used up",
		[PIN_UNKNOWN] = "; PIN: a try may have been used up"};

	for (size_t i = 0; i < sizeof(catalogue) / sizeof(*catalogue); i++) {
		printf(".It Sy %s Pq %s%s\n", catalogue[i].code, catalogue[i].status,
			pins[catalogue[i].pin]);
		put_text(catalogue[i].message);
		if (*catalogue[i].remedy) {
			puts(".br");
			put_text(catalogue[i].remedy);
		}
	}
	return ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}

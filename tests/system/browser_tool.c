/* browser_tool DATABASE KEY-FILE TCKN NAME [operator]: a browser session as a login makes one; prints the id for the
 * cookie. */
#include "base/clock.h"
#include "portal/store/store_browser.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	static const char id[] = "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCD";
	struct browser b = {.created = clock_wall_s(), .seen = clock_wall_s()};
	struct server_key key;
	struct store *store = NULL;
	struct error e = {0};
	char cookie[sizeof(id) + 2];
	enum err code;

	if (argc < 5)
		return 64;
	/* One id for each person: the last two characters are those of the number. */
	snprintf(cookie, sizeof(cookie), "%s%.2s", id, argv[3] + 9);
	snprintf(b.tckn, sizeof(b.tckn), "%s", argv[3]);
	snprintf(b.person, sizeof(b.person), "%s", argv[4]);
	b.operator= argc> 5 && strcmp(argv[5], "operator") == 0;
	code = key_load(argv[2], &key, &e);
	if (!code)
		code = store_open(argv[1], false, &store, &e);
	if (!code)
		code = key_mac(&key, KEY_BROWSER, span_text(cookie), (struct span){0}, b.mac, &e);
	if (!code)
		code = store_add_browser(store, &b, &e);
	store_close(store);
	if (code)
		fprintf(stderr, "%s: %s\n", error_symbol(code), e.where);
	else
		puts(cookie);
	return error_exit_status(code);
}

/* What a browser, or anyone who can reach the port, may send: queries, forms, cookies, names in paths; and values that end
 * in a page. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "portal/fields.h"
#include "portal/proxy.h"
#include "portal/request.h"
#include "portal/web/escape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A field is found by its name, and has nothing that could end a header, a line or a text. */
static void check_fields(struct fields *f)
{
	const char *text = (const char *)f->text.at;

	if (f->count > FIELDS_MAX)
		abort();
	for (size_t i = 0; i < f->count; i++) {
		const char *name = text + f->at[i].name, *value = text + f->at[i].value;

		if (!*name || fields_find(f, name) != value || strpbrk(name, "\r\n\x1b") ||
			strpbrk(value, "\r\n\x1b"))
			abort();
	}
	fields_wipe(f);
}

/* Nothing but text, wherever it is put. */
static void check_escape(struct span s)
{
	static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
	struct bytes out = {0};
	bool known;

	escape_html(s, &out);
	bytes_text(&out);
	for (const char *at = (const char *)out.at; at < (const char *)out.at + out.n; at++) {
		if (strchr("<>\"'", *at) || (unsigned char)*at == 0x7f ||
			((unsigned char)*at < 0x20 && *at != '\n'))
			abort();
		known = *at != '&';
		for (size_t i = 0; i < 5 && !known; i++)
			known = strncmp(at, entities[i], strlen(entities[i])) == 0;
		if (!known)
			abort();
	}
	bytes_free(&out);
}

/* A client has an address, the peer's or one of the header, and is none of the proxies while there is another. */
static void check_proxy(const char *header)
{
	struct in6_addr address;
	char client[INET6_ADDRSTRLEN];

	proxy_client("192.0.2.1, ::1", "192.0.2.1", header, client);
	if (inet_pton(AF_INET6, client, &address) != 1 && inet_pton(AF_INET, client, &address) != 1)
		abort();
	proxy_client("192.0.2.1", "192.0.2.9", header, client);
	if (strcmp(client, "192.0.2.9") != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = span_of(data, size);
	struct bytes text = {0};
	struct fields f = {0};
	char name[16];

	fields_read_urlencoded(input, &f, NULL);
	check_fields(&f);
	bytes_append(&text, input);
	fields_read_cookies(bytes_text(&text), &f);
	check_fields(&f);
	if (request_path_name(bytes_text(&text), "/static/@", name, sizeof(name)) &&
		(strchr(name, '/') || name[0] == '.'))
		abort();
	check_proxy(bytes_text(&text));
	check_escape(input);
	bytes_free(&text);
	return 0;
}

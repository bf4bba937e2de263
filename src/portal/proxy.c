#include "portal/proxy.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const char between[] = " ,\t";

/* In one form, whatever way it is written; false when it is none. */
static bool read_address(const char *text, size_t n, struct in6_addr *out)
{
	char copy[INET6_ADDRSTRLEN];

	if (n == 0 || n >= sizeof(copy))
		return false;
	memcpy(copy, text, n);
	copy[n] = '\0';
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET6, copy, out) == 1)
		return true;
	out->s6_addr[10] = out->s6_addr[11] = 0xff;
	return inet_pton(AF_INET, copy, out->s6_addr + 12) == 1;
}

static bool lists(const char *list, const struct in6_addr *address)
{
	struct in6_addr each;

	while (*(list += strspn(list, between))) {
		size_t n = strcspn(list, between);

		if (read_address(list, n, &each) && memcmp(&each, address, sizeof(each)) == 0)
			return true;
		list += n;
	}
	return false;
}

bool proxy_lists(const char *list, const char *address)
{
	struct in6_addr wanted;

	return read_address(address, strlen(address), &wanted) && lists(list, &wanted);
}

bool proxy_is_list(const char *list)
{
	struct in6_addr each;

	while (*(list += strspn(list, between))) {
		size_t n = strcspn(list, between);

		if (!read_address(list, n, &each))
			return false;
		list += n;
	}
	return true;
}

/* The last part of the first n bytes of text; *n is then what is left before it. */
static const char *take_last(const char *text, size_t *n, size_t *part)
{
	while (*n && strchr(between, text[*n - 1]))
		--*n;
	*part = 0;
	while (*n && !strchr(between, text[*n - 1])) {
		--*n;
		++*part;
	}
	return text + *n;
}

void proxy_client(const char *proxies, const char *peer, const char *forwarded_for,
	char out[INET6_ADDRSTRLEN])
{
	size_t n = forwarded_for ? strlen(forwarded_for) : 0, part;
	struct in6_addr address;
	const char *text;

	snprintf(out, INET6_ADDRSTRLEN, "%s", peer);
	while (proxy_lists(proxies, out)) {
		text = take_last(forwarded_for, &n, &part);
		if (!read_address(text, part, &address))
			return;
		snprintf(out, INET6_ADDRSTRLEN, "%.*s", (int)part, text);
	}
}

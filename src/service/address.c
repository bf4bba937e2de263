#include "service/address.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>

/* host as CURLUPART_HOST gives it: IPv4 in four numbers, IPv6 in brackets. */
static bool is_loopback(const char *host)
{
	char v6[INET6_ADDRSTRLEN + 1];
	struct in6_addr six;
	struct in_addr four;
	size_t n = strlen(host);

	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (n < 2 || n - 2 >= sizeof(v6) || host[0] != '[' || host[n - 1] != ']')
		return false;
	memcpy(v6, host + 1, n - 2);
	v6[n - 2] = '\0';
	return inet_pton(AF_INET6, v6, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static bool has_part(CURLU *parts, CURLUPart which)
{
	char *text = NULL;
	bool there = curl_url_get(parts, which, &text, 0) == CURLUE_OK;

	curl_free(text);
	return there;
}

static bool part_is(CURLU *parts, CURLUPart which, bool (*judge)(const char *))
{
	char *text = NULL;
	bool good = curl_url_get(parts, which, &text, 0) == CURLUE_OK && judge(text);

	curl_free(text);
	return good;
}

static bool is_http(const char *scheme)
{
	return strcmp(scheme, "http") == 0;
}

static bool is_https(const char *scheme)
{
	return strcmp(scheme, "https") == 0;
}

static bool acceptable(CURLU *parts, bool *plain)
{
	static const CURLUPart unwanted[] = {
		CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT};

	for (size_t i = 0; i < sizeof(unwanted) / sizeof(*unwanted); i++) {
		if (has_part(parts, unwanted[i]))
			return false;
	}
	*plain = part_is(parts, CURLUPART_SCHEME, is_http);
	if (*plain)
		return part_is(parts, CURLUPART_HOST, is_loopback);
	return part_is(parts, CURLUPART_SCHEME, is_https);
}

enum err address_read(const char *url, struct bytes *base, bool *plain, struct error *e)
{
	CURLU *parts = curl_url();
	char *text = NULL;
	bool good;
	size_t n;

	good = parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
	       acceptable(parts, plain) &&
	       curl_url_get(parts, CURLUPART_URL, &text, 0) == CURLUE_OK;
	if (good) {
		for (n = strlen(text); n > 0 && text[n - 1] == '/'; n--)
			;
		bytes_append(base, span_of(text, n));
	}
	curl_free(text);
	curl_url_cleanup(parts);
	return good ? ERR_OK : error_set(e, ERR_SERVICE_ADDRESS, "%s", url);
}

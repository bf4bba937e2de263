#include "portal/fetch_address.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>

/* host as CURLUPART_HOST gives it: IPv4 in four numbers, IPv6 in brackets. A name is none: who answers for it is up to a
 * resolver. */
static bool is_loopback(const char *host)
{
	struct in_addr four;

	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == IN_LOOPBACKNET;
	return strcmp(host, "[::1]") == 0;
}

static bool has_part(CURLU *parts, CURLUPart which)
{
	char *text = NULL;
	bool there = curl_url_get(parts, which, &text, 0) == CURLUE_OK;

	curl_free(text);
	return there;
}

static bool scheme_is_allowed(const char *scheme, const char *host, bool answer_is_signed)
{
	if (strcmp(scheme, "https") == 0)
		return true;
	return strcmp(scheme, "http") == 0 && (answer_is_signed || is_loopback(host));
}

static bool is_allowed(CURLU *parts, bool answer_is_signed)
{
	char *scheme = NULL, *host = NULL;
	bool allowed = curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		       curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
		       scheme_is_allowed(scheme, host, answer_is_signed);

	curl_free(scheme);
	curl_free(host);
	return allowed && !has_part(parts, CURLUPART_USER) &&
	       !has_part(parts, CURLUPART_PASSWORD) && !has_part(parts, CURLUPART_FRAGMENT);
}

enum err fetch_address_check(const char *url, bool answer_is_signed, struct error *e)
{
	CURLU *parts = curl_url();
	bool allowed = parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
		       is_allowed(parts, answer_is_signed);

	curl_url_cleanup(parts);
	return allowed ? ERR_OK : error_set(e, ERR_SERVICE_ADDRESS, "%s", url);
}

#include "portal/settings_check.h"

#include "base/text.h"
#include "portal/fetch_address.h"
#include "portal/proxy.h"

#include <stddef.h>
#include <string.h>

/* Answers that carry a signature of their own may come by http. */
static bool is_url(const char *text)
{
	return *text == '\0' || fetch_address_check(text, true, NULL) == ERR_OK;
}

static bool are_numbers(const char *text)
{
	static const char between[] = " ,";
	char number[12];

	while (*(text += strspn(text, between))) {
		size_t n = strcspn(text, between);

		if (n >= sizeof(number))
			return false;
		memcpy(number, text, n);
		number[n] = '\0';
		if (!text_is_tckn(number))
			return false;
		text += n;
	}
	return true;
}

/* OpenID Connect Core 3.1.2.1: without it there is no ID token. */
static bool has_openid(const char *text)
{
	static const char openid[] = "openid";

	while (*(text += strspn(text, " "))) {
		size_t n = strcspn(text, " ");

		if (n == strlen(openid) && memcmp(text, openid, n) == 0)
			return true;
		text += n;
	}
	return false;
}

static const struct {
	const char *name;
	size_t offset;
	bool (*is_good)(const char *text);
} texts[] = {
	{"listen.proxies", offsetof(struct portal_settings, proxies), proxy_is_list},
	{"listen.metrics", offsetof(struct portal_settings, metrics), proxy_is_list},
	{"revocation.ocsp_url", offsetof(struct portal_settings, ocsp_url), is_url},
	{"revocation.crl_url", offsetof(struct portal_settings, crl_url), is_url},
	{"revocation.ca_crl_url", offsetof(struct portal_settings, ca_crl_url), is_url},
	{"timestamp.url", offsetof(struct portal_settings, timestamp_url), is_url},
	{"timestamp.ocsp_url", offsetof(struct portal_settings, timestamp_ocsp_url), is_url},
	{"timestamp.crl_url", offsetof(struct portal_settings, timestamp_crl_url), is_url},
	{"login.scope", offsetof(struct portal_settings, login_scope), has_openid},
	{"login.operators", offsetof(struct portal_settings, login_operators), are_numbers},
};

enum err settings_check(const struct portal_settings *s, struct error *e)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const char *text = *(char *const *)((const char *)s + texts[i].offset);

		if (!texts[i].is_good(text))
			return error_set(e, ERR_CONFIG_VALUE, "%s", texts[i].name);
	}
	return ERR_OK;
}

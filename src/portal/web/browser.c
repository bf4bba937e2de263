#include "portal/web/browser.h"

#include "base/hex.h"
#include "base/secret.h"

#include <openssl/rand.h>
#include <string.h>

#define COOKIE "eonay"

static bool is_browser_id(const char *text)
{
	return strlen(text) == BROWSER_ID_SIZE &&
	       strspn(text, "0123456789ABCDEF") == BROWSER_ID_SIZE;
}

void browser_recognise(struct http_request *request)
{
	const char *id = request_cookie(request, COOKIE);

	*request->browser_id = '\0';
	if (id && is_browser_id(id))
		memcpy(request->browser_id, id, BROWSER_ID_SIZE + 1);
}

static void write_hex(const uint8_t *at, size_t n, char *out)
{
	struct bytes text = {0};

	hex_append(&text, span_of(at, n));
	memcpy(out, bytes_text(&text), 2 * n + 1);
	bytes_wipe(&text);
}

enum err browser_invent(const struct http_request *request, struct http_answer *answer,
	char out[BROWSER_ID_SIZE + 1], struct error *e)
{
	uint8_t random[BROWSER_ID_SIZE / 2];

	if (RAND_bytes(random, sizeof(random)) != 1)
		return error_set(e, ERR_CRYPTO, "RAND_bytes");
	write_hex(random, sizeof(random), out);
	explicit_bzero(random, sizeof(random));
	answer_cookie(request, answer, COOKIE, out, 0);
	return ERR_OK;
}

void browser_forget(const struct http_request *request, struct http_answer *answer)
{
	answer_cookie(request, answer, COOKIE, "", -1);
}

enum err browser_csrf(const struct http_request *request, const char *id,
	char out[BROWSER_CSRF_SIZE + 1], struct error *e)
{
	uint8_t mac[KEY_MAC_SIZE];
	enum err code =
		key_mac(&request->portal->key, KEY_FORM, span_text(id), (struct span){0}, mac, e);

	if (!code)
		write_hex(mac, sizeof(mac), out);
	return code;
}

/* Browsers tell where a request comes from (W3C Fetch Metadata); those that don't are held to the token alone. */
static bool is_from_elsewhere(const struct http_request *request)
{
	return request->fetch_site && strcmp(request->fetch_site, "same-origin") != 0 &&
	       strcmp(request->fetch_site, "none") != 0;
}

enum err browser_check_form(const struct http_request *request, struct error *e)
{
	const char *given = request_form(request, "csrf");
	char wanted[BROWSER_CSRF_SIZE + 1];
	enum err code;

	if (!*request->browser_id || !given || is_from_elsewhere(request))
		return error_set(e, ERR_FORM, "%s", request->route->path);
	code = browser_csrf(request, request->browser_id, wanted, e);
	if (!code && !secret_equal(span_text(given), span_text(wanted)))
		code = error_set(e, ERR_FORM, "%s", request->route->path);
	return code;
}

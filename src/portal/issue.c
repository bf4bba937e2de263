#include "portal/issue.h"

#include "base/clock.h"
#include "base/secret.h"

#include <string.h>

/* Bits are drawn again with three chances in ten (code.c); that 64 draws all fail does not happen. */
#define DRAWS 64

static enum err derive_code(const struct http_request *request, const char *id,
	char out[PORTAL_CODE_DIGITS + 1], struct error *e)
{
	uint8_t mac[KEY_MAC_SIZE];
	struct bytes drawn = {0};
	bool done = false;
	enum err code = ERR_OK;

	for (int i = 0; i < DRAWS && !done && !code; i++) {
		uint64_t bits = 0;

		bytes_clear(&drawn);
		bytes_append_format(&drawn, "%s:%d", id, i);
		code = key_mac(&request->portal->key, KEY_ISSUED, span_text(request->browser_id),
			bytes_span(&drawn), mac, e);
		for (size_t k = 0; k < sizeof(bits); k++)
			bits = bits << 8 | mac[k];
		done = !code && code_from_bits(bits, out);
	}
	explicit_bzero(mac, sizeof(mac));
	bytes_free(&drawn);
	return code || done ? code : error_set(e, ERR_CRYPTO, "code");
}

static enum err code_mac(
	const struct portal *p, const char *text, uint8_t out[KEY_MAC_SIZE], struct error *e)
{
	return key_mac(&p->key, KEY_CODE, span_text(text), (struct span){0}, out, e);
}

enum err issue_session(const struct http_request *request, enum session_purpose purpose,
	const struct texts *texts, char id[PORTAL_ID_DIGITS + 1], struct error *e)
{
	struct portal *p = request->portal;
	struct session s = {.purpose = purpose, .created = clock_wall_s()};
	char text[PORTAL_CODE_DIGITS + 1] = "";
	enum err code = limits_take(p->acts, LIMIT_CODES, request->person->tckn, e);

	if (!code)
		code = id_generate(s.id, e);

	s.expires = s.created + p->lifetime_s;
	memcpy(s.tckn, request->person->tckn, sizeof(s.tckn));
	memcpy(s.person, request->person->name, sizeof(s.person));
	if (!code)
		code = derive_code(request, s.id, text, e);
	if (!code)
		code = code_mac(p, text, s.code_mac, e);
	if (!code)
		code = store_add_session(p->store, &s, texts, e);
	memcpy(id, s.id, sizeof(s.id));
	explicit_bzero(text, sizeof(text));
	return code;
}

enum err issue_code(const struct http_request *request, const struct session *session,
	char out[PORTAL_CODE_DIGITS + 1], bool *known, struct error *e)
{
	uint8_t mac[KEY_MAC_SIZE];
	enum err code = derive_code(request, session->id, out, e);

	if (!code)
		code = code_mac(request->portal, out, mac, e);
	*known = !code &&
		 secret_equal(span_of(mac, sizeof(mac)), span_of(session->code_mac, sizeof(mac)));
	if (!*known)
		explicit_bzero(out, PORTAL_CODE_DIGITS + 1);
	return code;
}

#include "portal/web/values.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/text.h"
#include "portal/issue.h"
#include "portal/web/qr.h"
#include "sign/certificate.h"
#include "sign/digest.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define VERSION_BYTES 4

json_t *value_time(int64_t at)
{
	time_t t = (time_t)at;
	char text[20], iso[32] = "";
	struct tm utc;

	if (at == 0)
		return json_null();
	clock_format_local(at, text);
	if (gmtime_r(&t, &utc))
		strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return json_pack("{s:s, s:s}", "iso", iso, "text", text);
}

json_t *value_masked(const char *tckn)
{
	char masked[12];

	text_mask_tckn(tckn, masked);
	return json_string(masked);
}

void value_set_list(json_t *values, const char *name, json_t *list)
{
	char has[32];

	snprintf(has, sizeof(has), "has_%s", name);
	json_object_set_new(values, has, json_boolean(json_array_size(list) > 0));
	json_object_set_new(values, name, list);
}

static const char *status_name(const struct registered *r, int64_t now)
{
	if (r->status == REGISTERED_REVOKED)
		return "revoked";
	if (now > r->not_after)
		return "expired";
	return r->status == REGISTERED_SUSPENDED ? "suspended" : "valid";
}

/* "RSA 2048", as the terminal's list says: two certificates of a person are told apart by it. */
static json_t *key_kind(struct span der)
{
	struct certificate_info info;

	if (certificate_read(der, &info, NULL) || info.key == CERTIFICATE_KEY_OTHER)
		return json_null();
	return json_sprintf("%s %u", info.key == CERTIFICATE_KEY_RSA ? "RSA" : "EC", info.key_bits);
}

json_t *value_certificate(const struct registered *r, int64_t now)
{
	json_t *v = json_pack(
		"{s:s, s:s, s:s}", "serial", r->serial, "holder", r->holder, "issuer", r->issuer);
	bool changed = r->status != REGISTERED_VALID;

	json_object_set_new(v, "number", value_masked(r->tckn));
	json_object_set_new(v, "kind", key_kind(bytes_span(&r->der)));
	json_object_set_new(v, "not_before", value_time(r->not_before));
	json_object_set_new(v, "not_after", value_time(r->not_after));
	json_object_set_new(v, "status_at", changed ? value_time(r->status_at) : json_null());
	json_object_set_new(v, status_name(r, now), json_true());
	json_object_set_new(v, "revocable",
		json_boolean(r->status != REGISTERED_REVOKED && now <= r->not_after));
	return v;
}

json_t *value_texts(const struct texts *texts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < texts->count; i++)
		json_array_append_new(list,
			json_pack("{s:s%}", "text", (const char *)texts->at[i].at, texts->at[i].n));
	return list;
}

json_t *value_version(const struct texts *texts)
{
	struct bytes content = {0}, hex = {0};
	uint8_t sha256[DIGEST_MAX];
	json_t *v = NULL;

	texts_join(texts, &content);
	if (digest_of(DIGEST_SHA256, bytes_span(&content), sha256, NULL) == ERR_OK)
		hex_append(&hex, span_of(sha256, VERSION_BYTES));
	v = json_string(bytes_text(&hex));
	bytes_free(&content);
	bytes_free(&hex);
	return v;
}

/* "01234 5678 9012 3456": as the kiosk shows it while it is typed. */
static json_t *groups_of(const char *digits)
{
	return json_sprintf("%.5s %.4s %.4s %.4s", digits, digits + 5, digits + 9, digits + 13);
}

static enum err show_code(const char *digits, json_t **out, struct error *e)
{
	struct bytes path = {0};
	int size;
	enum err code = qr_path(digits, &path, &size, e);

	*out = code ? NULL
		    : json_pack("{s:o, s:s, s:i, s:s}", "groups", groups_of(digits), "digits",
			      digits, "qr_size", size, "qr_path", bytes_text(&path));
	bytes_wipe(&path);
	return code;
}

enum err value_code(const struct http_request *request, const struct session *s, json_t *values,
	struct error *e)
{
	char digits[PORTAL_CODE_DIGITS + 1];
	json_t *shown = NULL;
	bool known;
	enum err code = issue_code(request, s, digits, &known, e);

	if (!code && known)
		code = show_code(digits, &shown, e);
	if (shown)
		json_object_set_new(values, "code", shown);
	explicit_bzero(digits, sizeof(digits));
	return code;
}

json_t *value_failure(const char *code, enum language language)
{
	enum err failure = error_from_code(code);
	const char *message, *remedy;

	if (failure == ERR_COUNT || failure == ERR_OK)
		return json_null();
	error_words(failure, &message, &remedy);
	return json_pack("{s:s, s:s, s:s}", "message", translate(language, message), "remedy",
		*remedy ? translate(language, remedy) : "", "code", code);
}

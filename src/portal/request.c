#include "portal/request.h"

#include "base/text.h"
#include "base/json.h"

#include <string.h>
#include <strings.h>

/* A code of another form is told from a request of another form: a person may have typed it. */
static enum err take_code(json_t *root, char out[PORTAL_CODE_DIGITS + 1], struct error *e)
{
	json_t *value = json_object_get(root, "code");
	struct span code = span_of(json_string_value(value), json_string_length(value));

	if (!json_is_string(value))
		return error_set(e, ERR_REQUEST, "JSON: code");
	if (!code_is_wellformed(code))
		return error_set(e, ERR_CODE_FORMAT, "code");
	memcpy(out, code.at, code.n);
	out[code.n] = '\0';
	explicit_bzero((char *)json_string_value(value), code.n);
	return ERR_OK;
}

/* A kiosk that says nothing of it is of the time before cards were unblocked. Names that are not known here may be of a
 * later one. */
static enum err take_purposes(json_t *root, unsigned *out, struct error *e)
{
	json_t *names = json_object_get(root, "purposes"), *name;
	enum session_purpose purpose;
	size_t i;

	*out = 1u << SESSION_CONSENT | 1u << SESSION_LOGIN;
	if (!names)
		return ERR_OK;
	if (!json_is_array(names))
		return error_set(e, ERR_REQUEST, "JSON: purposes");
	*out = 0;
	json_array_foreach(names, i, name)
	{
		if (!json_is_string(name))
			return error_set(e, ERR_REQUEST, "JSON: purposes");
		if (session_purpose_named(json_string_value(name), &purpose))
			*out |= 1u << purpose;
	}
	return ERR_OK;
}

static enum err take_open(json_t *root, struct request_open *out, struct error *e)
{
	enum err code;

	if ((code = take_code(root, out->code, e)) ||
		(code = json_take_text(
			 root, "nonce", out->nonce, sizeof(out->nonce), ERR_REQUEST, e)) ||
		(code = json_take_text(
			 root, "kiosk", out->kiosk, sizeof(out->kiosk), ERR_REQUEST, e)) ||
		(code = take_purposes(root, &out->purposes, e)))
		return code;
	if (strlen(out->nonce) < SESSION_NONCE_MIN ||
		!text_is_plain(out->nonce, sizeof(out->nonce)))
		return error_set(e, ERR_REQUEST, "JSON: nonce");
	if (!text_is_safe(span_text(out->kiosk), NULL) || strchr(out->kiosk, '\n'))
		return error_set(e, ERR_REQUEST, "JSON: kiosk");
	return ERR_OK;
}

enum err request_read_open(struct span body, struct request_open *out, struct error *e)
{
	json_t *root = json_read_object(body, ERR_REQUEST, e);
	enum err code;

	*out = (struct request_open){0};
	if (!root)
		return ERR_REQUEST;
	code = take_open(root, out, e);
	json_decref(root);
	return code;
}

enum err request_read_abandon(struct span body, char reason[8], struct error *e)
{
	json_t *root = json_read_object(body, ERR_REQUEST, e);
	enum err code;

	if (!root)
		return ERR_REQUEST;
	code = json_take_text(root, "reason", reason, 8, ERR_REQUEST, e);
	if (!code && error_from_code(reason) == ERR_COUNT)
		code = error_set(e, ERR_REQUEST, "JSON: reason");
	json_decref(root);
	return code;
}

enum err request_read_done(struct span body, struct error *e)
{
	json_t *root = json_read_object(body, ERR_REQUEST, e);
	char result[16] = "";
	enum err code;

	if (!root)
		return ERR_REQUEST;
	code = json_take_text(root, "result", result, sizeof(result), ERR_REQUEST, e);
	if (!code && strcmp(result, "unblocked") != 0)
		code = error_set(e, ERR_REQUEST, "JSON: result");
	json_decref(root);
	return code;
}

struct span request_bearer(const char *header)
{
	static const char scheme[] = "Bearer ";
	size_t n = sizeof(scheme) - 1;

	if (!header || strncasecmp(header, scheme, n) != 0 || !text_is_plain(header + n, SIZE_MAX))
		return (struct span){0};
	return span_text(header + n);
}

bool request_path_fits(const char *path, const char *pattern, char id[PORTAL_ID_DIGITS + 1])
{
	const char *star = strchr(pattern, '*');
	size_t before = star ? (size_t)(star - pattern) : 0;

	if (!star)
		return strcmp(path, pattern) == 0;
	if (strncmp(path, pattern, before) != 0 || strlen(path) < before + PORTAL_ID_DIGITS ||
		!id_is_wellformed(span_of(path + before, PORTAL_ID_DIGITS)) ||
		strcmp(path + before + PORTAL_ID_DIGITS, star + 1) != 0)
		return false;
	memcpy(id, path + before, PORTAL_ID_DIGITS);
	id[PORTAL_ID_DIGITS] = '\0';
	return true;
}

bool request_path_name(const char *path, const char *pattern, char *name, size_t size)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
	size_t before = strcspn(pattern, "@"), n;

	if (strncmp(path, pattern, before) != 0)
		return false;
	path += before;
	n = strspn(path, allowed);
	if (n == 0 || n >= size || *path == '.' || strcmp(path + n, pattern + before + 1) != 0)
		return false;
	memcpy(name, path, n);
	name[n] = '\0';
	return true;
}

bool request_number(const char *text, uint64_t max, uint64_t *out)
{
	*out = 0;
	if (*text == '\0')
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		*out = *out * 10 + (uint64_t)(*text - '0');
		if (*out > max)
			return false;
	}
	return true;
}

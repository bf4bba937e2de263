#include "service/answer.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

#define CODE_TEXT_MAX 8 /* "K-410" */

static enum err refuse(struct error *e, const char *member)
{
	return error_set(e, ERR_SERVICE_ANSWER, "JSON: %s", member);
}

static json_t *read_object(struct span body, struct error *e)
{
	return json_read_object(body, ERR_SERVICE_ANSWER, e);
}

static enum err take_text(json_t *root, const char *member, char *out, size_t size, struct error *e)
{
	return json_take_text(root, member, out, size, ERR_SERVICE_ANSWER, e);
}

/* A text member that may stand in a path or a header. */
static enum err take_plain(
	json_t *root, const char *member, char *out, size_t size, struct error *e)
{
	enum err code = take_text(root, member, out, size, e);

	if (!code && !text_is_plain(out, size))
		code = refuse(e, member);
	return code;
}

/* Seconds since 1970, of this and the next two centuries: sums of two can't overflow. */
static enum err take_time(json_t *root, const char *member, int64_t *out, struct error *e)
{
	json_t *value = json_object_get(root, member);

	*out = json_integer_value(value);
	if (!json_is_integer(value) || *out < 0 || *out > INT64_C(10000000000))
		return refuse(e, member);
	return ERR_OK;
}

/* The token goes into locked memory; what jansson holds of it is overwritten. */
static enum err take_token(json_t *root, struct secret *out, struct error *e)
{
	json_t *value = json_object_get(root, "token");
	size_t n = json_string_length(value);
	bool locked;

	if (!json_is_string(value) || !text_is_plain(json_string_value(value), SECRET_MAX + 1))
		return refuse(e, "token");
	locked = secret_set(out, span_of(json_string_value(value), n));
	explicit_bzero((char *)json_string_value(value), n);
	return locked ? ERR_OK : error_set(e, ERR_SECRET_MEMORY, "token");
}

const char *const answer_purposes[SERVICE_PURPOSES] = {
	[SERVICE_CONSENT] = "consent", [SERVICE_LOGIN] = "login", [SERVICE_UNBLOCK] = "unblock"};

/* A service that says nothing of it is of the time when everything was a consent. */
static enum err take_purpose(json_t *root, enum service_purpose *out, struct error *e)
{
	json_t *value = json_object_get(root, "purpose");

	*out = SERVICE_CONSENT;
	if (!value)
		return ERR_OK;
	if (!json_is_string(value))
		return refuse(e, "purpose");
	for (unsigned i = 0; i < SERVICE_PURPOSES; i++) {
		if (strcmp(json_string_value(value), answer_purposes[i]) == 0) {
			*out = (enum service_purpose)i;
			return ERR_OK;
		}
	}
	return error_set(e, ERR_PURPOSE, "JSON: purpose");
}

static enum err take_texts(json_t *root, struct service_session *out, struct error *e)
{
	json_t *texts = json_object_get(root, "texts"), *text;
	size_t i, total = 0, n;

	if (out->purpose == SERVICE_UNBLOCK)
		return json_array_size(texts) == 0 ? ERR_OK : refuse(e, "texts");
	if (!json_is_array(texts) || json_array_size(texts) == 0 ||
		json_array_size(texts) > SERVICE_TEXTS_MAX)
		return refuse(e, "texts");
	json_array_foreach(texts, i, text)
	{
		n = json_string_length(text);
		if (!json_is_string(text) || n == 0 || n > ANSWER_TEXTS_MAX - total)
			return refuse(e, "texts");
		total += n;
		bytes_append(&out->texts[i], span_of(json_string_value(text), n));
		out->text_count = i + 1;
	}
	return ERR_OK;
}

static enum err take_times(json_t *root, struct service_session *out, struct error *e)
{
	int64_t expires;
	enum err code;

	if ((code = take_time(root, "created", &out->created, e)) ||
		(code = take_time(root, "expires", &expires, e)) ||
		(code = take_time(root, "service_time", &out->service_time, e)))
		return code;
	if (expires < out->service_time || expires - out->service_time > SERVICE_LIFETIME_MAX_S)
		return refuse(e, "expires");
	out->remaining_ms = (long)(expires - out->service_time) * 1000;
	return ERR_OK;
}

static enum err take_session(json_t *root, struct service_session *out, struct error *e)
{
	enum err code;

	if ((code = take_plain(root, "id", out->id, sizeof(out->id), e)) ||
		(code = take_token(root, &out->token, e)) ||
		(code = take_text(root, "person", out->person, sizeof(out->person), e)) ||
		(code = take_text(root, "tckn", out->tckn, sizeof(out->tckn), e)))
		return code;
	if (!text_is_tckn(out->tckn))
		return refuse(e, "tckn");
	if ((code = take_purpose(root, &out->purpose, e)) || (code = take_texts(root, out, e)))
		return code;
	return take_times(root, out, e);
}

enum err answer_session(struct span body, struct service_session *out, struct error *e)
{
	json_t *root = read_object(body, e);
	enum err code;

	*out = (struct service_session){0};
	if (!root)
		return ERR_SERVICE_ANSWER;
	code = take_session(root, out, e);
	json_decref(root);
	if (code && code != ERR_PURPOSE)
		service_session_free(out);
	return code;
}

enum err answer_receipt(struct span body, char *receipt, int64_t *accepted_at, struct error *e)
{
	json_t *root = read_object(body, e);
	enum err code;

	if (!root)
		return ERR_SERVICE_ANSWER;
	code = take_plain(root, "receipt", receipt, SERVICE_ID_MAX, e);
	if (!code)
		code = take_time(root, "accepted_at", accepted_at, e);
	json_decref(root);
	return code;
}

enum err answer_health(struct span body, char *version, int64_t *service_time, struct error *e)
{
	json_t *root = read_object(body, e);
	enum err code;

	if (!root)
		return ERR_SERVICE_ANSWER;
	code = take_text(root, "version", version, SERVICE_VERSION_MAX, e);
	if (!code)
		code = take_time(root, "service_time", service_time, e);
	json_decref(root);
	return code;
}

/* The failure that a problem document names, ERR_COUNT when it names none that a service may. */
static enum err named_failure(struct span body)
{
	json_t *root = read_object(body, NULL);
	char code[CODE_TEXT_MAX] = "";
	enum err named = ERR_COUNT;

	if (root && take_text(root, "code", code, sizeof(code), NULL) == ERR_OK &&
		(strncmp(code, "K-3", 3) == 0 || strncmp(code, "K-4", 3) == 0))
		named = error_from_code(code);
	json_decref(root);
	return named;
}

enum err answer_problem(struct span body, int http, struct error *e)
{
	enum err named = named_failure(body);

	if (named == ERR_COUNT)
		named = http >= 500 ? ERR_SERVICE_FAILED : ERR_SERVICE_ANSWER;
	return error_set_http(e, named, http, "service");
}

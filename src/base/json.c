#include "base/json.h"

#include <string.h>

/* Has the body few enough values? Each needs a separator, so that those outside of texts are counted. */
static bool is_small(struct span body)
{
	bool in_text = false;
	size_t separators = 0;

	for (size_t i = 0; i < body.n; i++) {
		if (in_text && body.at[i] == '\\')
			i++;
		else if (body.at[i] == '"')
			in_text = !in_text;
		else if (!in_text && (body.at[i] == ',' || body.at[i] == '[' || body.at[i] == '{'))
			separators++;
	}
	return separators <= JSON_VALUES_MAX;
}

json_t *json_read_object(struct span body, enum err refusal, struct error *e)
{
	json_error_t cause = {.line = 1};
	json_t *root = NULL;

	if (is_small(body))
		root = json_loadb((const char *)body.at, body.n, JSON_REJECT_DUPLICATES, &cause);
	if (root && json_is_object(root))
		return root;
	/* The parser's words may quote the body. */
	error_set(e, refusal, "JSON:%d", root ? 1 : cause.line);
	json_decref(root);
	return NULL;
}

enum err json_take_text(json_t *object, const char *member, char *out, size_t size,
	enum err refusal, struct error *e)
{
	json_t *value = json_object_get(object, member);
	size_t n = json_string_length(value);

	if (!json_is_string(value) || n >= size || strlen(json_string_value(value)) != n)
		return error_set(e, refusal, "JSON: %s", member);
	memcpy(out, json_string_value(value), n + 1);
	return ERR_OK;
}

bool json_is_text(const json_t *value, const char *text)
{
	return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

bool json_is_or_has(json_t *value, const char *text)
{
	json_t *item;
	size_t i;

	if (json_is_text(value, text))
		return true;
	json_array_foreach(value, i, item)
	{
		if (json_is_text(item, text))
			return true;
	}
	return false;
}

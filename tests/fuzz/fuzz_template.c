/* Templates are our own; a wrong one is an error and nothing worse, and whatever the value is, it goes out as text: the
 * markup of the page is that of the template. The input: a template, a NUL, a value. */
#include <stdlib.h>
#include <string.h>

#include "portal/web/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count_markup(struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.at[i] == '<' || s.at[i] == '>' || s.at[i] == '"' || s.at[i] == '\'';
	return n;
}

/* Renders text with the value under each of the names; returns the number of marks, or SIZE_MAX for an error. */
static size_t render(struct span text, json_t *value)
{
	json_t *values = json_pack(
		"{s:O, s:[O, O], s:{s:O}}", "x", value, "l", value, value, "o", "x", value);
	struct bytes out = {0};
	enum err code = template_render_text(text, values, LANGUAGE_ENGLISH, &out, NULL);
	size_t n = code ? SIZE_MAX : count_markup(bytes_span(&out));

	json_decref(values);
	bytes_free(&out);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, 0, size) : NULL;
	struct span text = span_of(data, end ? (size_t)(end - data) : size);
	struct span rest = span_from(span_of(data, size), text.n + 1);
	json_t *value = json_stringn(rest.n ? (const char *)rest.at : "y", rest.n ? rest.n : 1);
	json_t *plain = json_string("x");

	/* Partials within one another grow fast. */
	if (value && text.n <= 512 && render(text, value) != render(text, plain))
		abort();
	json_decref(value);
	json_decref(plain);
	return 0;
}

#include "portal/web/template.h"

#include "portal/web/asset.h"
#include "portal/web/escape.h"

#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 16 /* sections and partials in one another */
#define NAME_MAX_SIZE 64

struct render {
	enum language language;
	struct bytes *out;
	struct error *e;
	unsigned depth;
};

/* Where names are looked up: the innermost first. */
struct scope {
	const json_t *value;
	const struct scope *outer;
};

/* A tag and the text around it. type: the mark behind the braces, 'v' for a value. */
struct tag {
	struct span before, name, after;
	char type;
};

static enum err render_block(struct render *r, struct span text, const struct scope *scope);

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static struct span trim(struct span s)
{
	while (s.n && is_blank(*s.at))
		s = span_from(s, 1);
	while (s.n && is_blank(s.at[s.n - 1]))
		s.n--;
	return s;
}

static const uint8_t *find(struct span s, const char *mark)
{
	return s.n ? memmem(s.at, s.n, mark, strlen(mark)) : NULL;
}

/* The first tag of text. False: there is none. type 0: it has no end, or no name that we take. */
static bool next_tag(struct span text, struct tag *tag)
{
	const uint8_t *open = find(text, "{{"), *close;
	struct span rest;

	*tag = (struct tag){.before = text};
	if (!open)
		return false;
	tag->before.n = (size_t)(open - text.at);
	rest = span_from(text, tag->before.n + 2);
	close = find(rest, "}}");
	if (!close)
		return true;
	tag->after = span_from(rest, (size_t)(close - rest.at) + 2);
	tag->name = trim(span_first(rest, (size_t)(close - rest.at)));
	if (!tag->name.n)
		return true;
	tag->type = 'v';
	if (memchr("#^/>!&{=", *tag->name.at, 8)) {
		tag->type = (char)*tag->name.at;
		tag->name = trim(span_from(tag->name, 1));
	}
	return true;
}

static enum err malformed(struct error *e, struct span name)
{
	return error_set(e, ERR_INTERNAL, "template: {{%.*s}}", (int)(name.n < 32 ? name.n : 32),
		(const char *)name.at);
}

/* The end tag of the section open: what lies before it in *inside, what behind it in *after. */
static bool find_end(const struct tag *open, struct span *inside, struct span *after)
{
	struct span rest = open->after;
	struct tag tag;
	unsigned depth = 1;

	while (next_tag(rest, &tag)) {
		rest = tag.after;
		if (!span_equal(tag.name, open->name))
			continue;
		depth += tag.type == '#' || tag.type == '^';
		depth -= tag.type == '/';
		if (depth == 0) {
			*inside = open->after;
			inside->n = (size_t)(tag.before.at + tag.before.n - open->after.at);
			*after = rest;
			return true;
		}
	}
	return false;
}

static const json_t *member(const json_t *object, struct span name)
{
	return json_object_getn(object, (const char *)name.at, name.n);
}

static const json_t *look_up(const struct scope *scope, struct span name)
{
	const uint8_t *dot = memchr(name.at, '.', name.n);
	struct span first = dot ? span_first(name, (size_t)(dot - name.at)) : name;
	const json_t *value = NULL;

	if (dot && name.n == 1)
		return scope->value;
	for (; scope && !value; scope = scope->outer)
		value = member(scope->value, first);
	return dot && value ? member(value, span_from(name, first.n + 1)) : value;
}

static void render_value(struct render *r, const json_t *value)
{
	if (json_is_string(value))
		escape_html(span_of(json_string_value(value), json_string_length(value)), r->out);
	else if (json_is_integer(value))
		bytes_append_format(r->out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
}

static bool is_shown(const json_t *value)
{
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_ARRAY:
		return json_array_size(value) > 0;
	case JSON_STRING:
		return json_string_length(value) > 0;
	case JSON_INTEGER:
		return json_integer_value(value) != 0;
	case JSON_OBJECT:
	case JSON_TRUE:
		return true;
	default:
		return false;
	}
}

static enum err render_section(
	struct render *r, struct span inside, const json_t *value, const struct scope *outer)
{
	struct scope scope = {.value = value, .outer = outer};
	enum err code = ERR_OK;

	if (!json_is_array(value))
		return is_shown(value) ? render_block(r, inside, &scope) : ERR_OK;
	for (size_t i = 0; i < json_array_size(value) && !code; i++) {
		scope.value = json_array_get(value, i);
		code = render_block(r, inside, &scope);
	}
	return code;
}

/* The text as it stands in the catalogue: runs of white space are one blank. */
static void flatten(struct span text, struct bytes *out)
{
	text = trim(text);
	for (size_t i = 0; i < text.n; i++) {
		if (!is_blank(text.at[i]))
			bytes_append_byte(out, text.at[i]);
		else if (!is_blank(text.at[i + 1])) /* a blank is never the last */
			bytes_append_byte(out, ' ');
	}
}

static enum err render_translated(struct render *r, struct span inside, const struct scope *scope)
{
	struct bytes text = {0};
	enum err code;

	flatten(inside, &text);
	code = render_block(r, span_text(translate(r->language, bytes_text(&text))), scope);
	bytes_free(&text);
	return code;
}

/* The embedded template of that name, NULL when there is none. */
static const struct asset *find_template(struct span name)
{
	char file[NAME_MAX_SIZE + sizeof(".html")];

	if (name.n > NAME_MAX_SIZE)
		return NULL;
	snprintf(file, sizeof(file), "%.*s.html", (int)name.n, (const char *)name.at);
	return asset_find(file);
}

static enum err render_partial(struct render *r, struct span name, const struct scope *scope)
{
	const struct asset *asset = find_template(name);

	return asset ? render_block(r, span_of(asset->at, asset->n), scope) : malformed(r->e, name);
}

/* Renders a tag with what belongs to it; *after is then the text behind it. */
static enum err render_tag(
	struct render *r, const struct tag *tag, const struct scope *scope, struct span *after)
{
	struct span inside;

	*after = tag->after;
	switch (tag->type) {
	case '!':
		return ERR_OK;
	case 'v':
		render_value(r, look_up(scope, tag->name));
		return ERR_OK;
	case '>':
		return render_partial(r, tag->name, scope);
	case '#':
	case '^':
		break;
	default:
		return malformed(r->e, tag->name);
	}
	if (!tag->name.n || !find_end(tag, &inside, after))
		return malformed(r->e, tag->name);
	if (tag->type == '^')
		return is_shown(look_up(scope, tag->name)) ? ERR_OK
							   : render_block(r, inside, scope);
	if (span_equal(tag->name, span_text("t")))
		return render_translated(r, inside, scope);
	return render_section(r, inside, look_up(scope, tag->name), scope);
}

static enum err render_block(struct render *r, struct span text, const struct scope *scope)
{
	struct tag tag;
	enum err code = ERR_OK;

	if (++r->depth > DEPTH_MAX)
		return error_set(r->e, ERR_INTERNAL, "template: depth");
	while (!code && next_tag(text, &tag)) {
		bytes_append(r->out, tag.before);
		code = render_tag(r, &tag, scope, &text);
	}
	bytes_append(r->out, code ? (struct span){0} : text);
	r->depth--;
	return code;
}

enum err template_render_text(struct span text, const json_t *values, enum language language,
	struct bytes *out, struct error *e)
{
	struct render r = {.language = language, .out = out, .e = e};
	struct scope scope = {.value = values};

	return render_block(&r, text, &scope);
}

enum err template_render(const char *name, const json_t *values, enum language language,
	struct bytes *out, struct error *e)
{
	const struct asset *asset = find_template(span_text(name));

	return asset ? template_render_text(span_of(asset->at, asset->n), values, language, out, e)
		     : malformed(e, span_text(name));
}

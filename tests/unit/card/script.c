#include "script.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "card/reader_internal.h"

struct script {
	struct reader base;
	char *text;
	char *next; /* the line to be played */
	bool fresh, begun;
	unsigned resets;
};

/* The next line that says something, cut off; NULL at the end. */
static char *take_line(struct script *s)
{
	for (;;) {
		char *line = s->next, *end;

		while (isspace((unsigned char)*line))
			line++;
		if (!*line)
			return NULL;
		end = line + strcspn(line, "\n");
		s->next = *end ? end + 1 : end;
		*end = '\0';
		if (*line != '#')
			return line;
	}
}

/* As take_line(), but only when the line begins so; what follows is returned. */
static char *take_if(struct script *s, const char *start)
{
	char *at = s->next, *line;

	while (isspace((unsigned char)*at) || *at == '#')
		at += *at == '#' ? strcspn(at, "\n") : 1;
	if (strncmp(at, start, strlen(start)) != 0)
		return NULL;
	line = take_line(s);
	return line + strlen(start);
}

static bool matches(struct span command, const char *wanted)
{
	for (size_t i = 0; i < command.n; i++, wanted += 2) {
		char digits[3];

		while (*wanted == ' ')
			wanted++;
		if (wanted[0] == '*' && wanted[1] == '\0')
			return true;
		snprintf(digits, sizeof(digits), "%02X", command.at[i]);
		if (strncmp(wanted, "**", 2) != 0 && strncasecmp(wanted, digits, 2) != 0)
			return false;
	}
	return *wanted == '\0';
}

static enum err error_named(const char *symbol)
{
	for (int i = 1; i < ERR_COUNT; i++) {
		if (strcmp(error_symbol((enum err)i), symbol) == 0)
			return (enum err)i;
	}
	fail_msg("no error %s", symbol);
	return ERR_COUNT;
}

static enum err script_transmit(
	struct reader *r, struct span command, struct bytes *answer, struct error *e)
{
	struct script *s = (struct script *)r;
	char *wanted = take_if(s, "> "), *line;
	struct bytes said = {0};

	assert_true(s->begun);
	if (!wanted || !matches(command, wanted)) {
		hex_append(&said, command);
		fail_msg("said %s, wanted %s", bytes_text(&said), wanted ? wanted : "nothing more");
	}
	if ((line = take_if(s, "! ")))
		return error_set(e, error_named(line), "script");
	line = take_if(s, "< ");
	assert_non_null(line);
	assert_true(hex_read(line, answer));
	return ERR_OK;
}

static enum err script_begin(struct reader *r, bool *fresh, struct error *e)
{
	struct script *s = (struct script *)r;
	char *line;

	assert_false(s->begun);
	if ((line = take_if(s, "begin! ")))
		return error_set(e, error_named(line), "script");
	if (take_if(s, "reset"))
		s->fresh = true;
	*fresh = s->fresh;
	s->fresh = false;
	s->begun = true;
	return ERR_OK;
}

static void script_end(struct reader *r, bool reset)
{
	struct script *s = (struct script *)r;

	assert_true(s->begun);
	s->begun = false;
	s->fresh = reset;
	s->resets += reset;
}

static void script_disconnect(struct reader *r, bool reset)
{
	(void)reset;
	script_close(r);
}

static const struct reader_ops ops = {
	.transmit = script_transmit,
	.begin = script_begin,
	.end = script_end,
	.disconnect = script_disconnect,
};

struct reader *script_open(const char *text)
{
	struct script *s = must_zalloc(sizeof(*s));
	struct bytes atr = {0};
	char *line;

	s->base.ops = &ops;
	s->base.trace = -1;
	s->text = s->next = must_strdup(text);
	s->fresh = true;
	if ((line = take_if(s, "atr "))) {
		assert_true(hex_read(line, &atr) && atr.n <= ATR_MAX);
		memcpy(s->base.state.atr, atr.at, atr.n);
		s->base.state.atr_n = atr.n;
		bytes_free(&atr);
	}
	s->base.t0 = take_if(s, "t0") != NULL;
	return &s->base;
}

/* The text of a transcript; the caller frees it. */
static char *load(const char *name)
{
	char path[512];
	char *text;
	long n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/transcripts/%s", FIXTURES, name);
	f = fopen(path, "rb");
	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	text = must_zalloc((size_t)n + 1);
	assert_int_equal(fread(text, 1, (size_t)n, f), n);
	fclose(f);
	return text;
}

struct reader *script_open_file(const char *name)
{
	char *text = load(name);
	struct reader *r = script_open(text);

	free(text);
	return r;
}

struct reader *script_open_changed(const char *name, const char *command, const char *answer)
{
	struct bytes changed = {0};
	char *text = load(name), *at = text;
	struct reader *r;

	while ((at = strstr(at, "\n> ")) != NULL &&
		(strncmp(at + 3, command, 4) != 0 ||
			memchr(at + 1, '*', strcspn(at + 1, "\n")) == NULL))
		at++;
	assert_non_null(at);
	bytes_append(&changed, span_of(text, (size_t)(at - text)));
	bytes_append_format(&changed, "\n> %.8s*\n%s\n", at + 3, answer);
	r = script_open(bytes_text(&changed));
	bytes_free(&changed);
	free(text);
	return r;
}

void script_drop(struct reader *r)
{
	struct script *s = (struct script *)r;

	free(s->text);
	free(s);
}

void script_close(struct reader *r)
{
	struct script *s = (struct script *)r;
	char *left = take_line(s);

	assert_false(s->begun);
	if (left)
		fail_msg("not played: %s", left);
	script_drop(r);
}

unsigned script_resets(const struct reader *r)
{
	return ((const struct script *)r)->resets;
}

#include "cli/arguments.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where reading is. */
struct reading {
	int argc;
	const char *const *argv;
	int at; /* the argument being read */
	const struct argument_table *tables;
	size_t table_count;
	uint8_t *into;
	struct arguments *out;
};

static void problem(struct arguments *out, enum argument_problem what, const char *text, size_t n)
{
	if (out->problem)
		return;
	out->problem = what;
	snprintf(
		out->culprit, sizeof(out->culprit), "%.*s", (int)(n < INT_MAX ? n : INT_MAX), text);
}

static void problem_of(struct arguments *out, enum argument_problem what, const struct argument *a)
{
	char name[sizeof(out->culprit)];

	snprintf(name, sizeof(name), "--%s", a->name);
	problem(out, what, name, strlen(name));
}

static bool is_called(const struct argument *a, const char *name, size_t n, char letter)
{
	if (letter)
		return a->letter == letter;
	return strlen(a->name) == n && memcmp(a->name, name, n) == 0;
}

/* By its name of n bytes or, when letter is not 0, by that. */
static const struct argument *find(const struct reading *r, const char *name, size_t n, char letter)
{
	for (size_t t = 0; t < r->table_count; t++) {
		for (size_t i = 0; i < r->tables[t].count; i++) {
			if (is_called(&r->tables[t].arguments[i], name, n, letter))
				return &r->tables[t].arguments[i];
		}
	}
	return NULL;
}

static void take_number(struct reading *r, const struct argument *a, const char *text)
{
	char *end;
	long value;
	int number;

	errno = 0;
	value = strtol(text, &end, 10);
	number = (int)value;
	if (text[0] < '0' || text[0] > '9' || *end || errno || value > INT_MAX)
		problem_of(r->out, ARGUMENT_NO_NUMBER, a);
	else
		memcpy(r->into + a->offset, &number, sizeof(number));
}

/* value: what is attached to the option, NULL when nothing is. */
static void take(struct reading *r, const struct argument *a, const char *value)
{
	if (a->kind == ARGUMENT_SWITCH) {
		if (value)
			problem_of(r->out, ARGUMENT_WITH_VALUE, a);
		else
			*(bool *)(r->into + a->offset) = true;
		return;
	}
	if (!value && r->at + 1 < r->argc)
		value = r->argv[++r->at];
	if (!value)
		problem_of(r->out, ARGUMENT_WITHOUT_VALUE, a);
	else if (a->kind == ARGUMENT_NUMBER)
		take_number(r, a, value);
	else
		memcpy(r->into + a->offset, &value, sizeof(value));
}

static void read_long(struct reading *r, const char *text)
{
	size_t n = strcspn(text + 2, "=");
	const struct argument *a = find(r, text + 2, n, 0);

	if (!a)
		problem(r->out, ARGUMENT_UNKNOWN, text, n + 2);
	else
		take(r, a, text[n + 2] ? text + n + 3 : NULL);
}

/* "-o FILE", "-oFILE", "-ab". */
static void read_letters(struct reading *r, const char *text)
{
	for (const char *p = text + 1; *p; p++) {
		const struct argument *a = find(r, NULL, 0, *p);

		if (!a) {
			problem(r->out, ARGUMENT_UNKNOWN, text, strlen(text));
			return;
		}
		if (a->kind != ARGUMENT_SWITCH) {
			take(r, a, p[1] ? p + 1 : NULL);
			return;
		}
		take(r, a, NULL);
	}
}

static void read_operand(struct arguments *out, const char *text)
{
	if (out->operand_count == ARGUMENTS_OPERANDS_MAX)
		problem(out, ARGUMENTS_TOO_MANY, text, strlen(text));
	else
		out->operands[out->operand_count++] = text;
}

int arguments_read(int argc, const char *const argv[], int first, bool only_options,
	const struct argument_table *tables, size_t table_count, void *into, struct arguments *out)
{
	struct reading r = {.argc = argc, .argv = argv, .tables = tables, .into = into, .out = out};
	bool options = true;

	r.table_count = table_count;
	*out = (struct arguments){.operand_count = 0};
	for (r.at = first; r.at < argc; r.at++) {
		const char *text = argv[r.at];

		if (options && strcmp(text, "--") == 0)
			options = false;
		else if (options && strncmp(text, "--", 2) == 0)
			read_long(&r, text);
		else if (options && text[0] == '-' && text[1])
			read_letters(&r, text);
		else if (only_options)
			return r.at;
		else
			read_operand(out, text);
	}
	return argc;
}

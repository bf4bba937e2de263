/* Reading a command line against tables of known options. Pure: it finds, it says nothing. Long
 * options are taken whole only (no abbreviations, so that a later option never changes what a
 * script means). */
#ifndef EONAY_CLI_ARGUMENTS_H
#define EONAY_CLI_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARGUMENTS_OPERANDS_MAX 8

enum argument_kind {
	ARGUMENT_SWITCH, /* bool, true when given */
	ARGUMENT_TEXT,   /* const char *, into argv */
	ARGUMENT_NUMBER, /* int, 0 or more, decimal */
};

/* One known option, "--name" and, when letter is not 0, "-letter". */
struct argument {
	char letter;
	const char *name;
	enum argument_kind kind;
	size_t offset;     /* of the value in the struct that is filled */
	const char *value; /* what the value is called in the help, NULL for a switch */
	const char *help;  /* msgid */
};

/* A table; several may fill the same struct. */
struct argument_table {
	const struct argument *arguments;
	size_t count;
};

enum argument_problem {
	ARGUMENTS_FINE,
	ARGUMENT_UNKNOWN,
	ARGUMENT_WITHOUT_VALUE, /* it needs one */
	ARGUMENT_WITH_VALUE,    /* it takes none */
	ARGUMENT_NO_NUMBER,
	ARGUMENTS_TOO_MANY, /* operands */
};

struct arguments {
	const char *operands[ARGUMENTS_OPERANDS_MAX];
	size_t operand_count;
	enum argument_problem problem;
	char culprit[64]; /* the option as it is called, or the start of what was typed */
};

/* Reads argv[first] and on, until argv ends or, with only_options, at the first operand. Values go
 * into the struct at into, operands and the first problem into out (which is cleared first);
 * options behind a problem are still read as far as they are known. Returns the index of the first
 * argument not read. */
int arguments_read(int argc, const char *const argv[], int first, bool only_options,
	const struct argument_table *tables, size_t table_count, void *into, struct arguments *out);

#endif

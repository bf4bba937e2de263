#include "vcard/faults.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"

static const char *const whens[] = {
	[FAULT_AT] = "at",
	[FAULT_ON] = "on",
	[FAULT_EACH] = "each",
};

/* Actions and the number that they want behind them. */
static const struct {
	const char *word;
	enum fault_action action;
	int base; /* 0: no number */
	unsigned long min, max;
} actions[] = {
	{"remove", FAULT_REMOVE_BEFORE, 0, 0, 0},
	{"remove-before", FAULT_REMOVE_BEFORE, 0, 0, 0},
	{"remove-after", FAULT_REMOVE_AFTER, 0, 0, 0},
	{"status", FAULT_STATUS, 16, 0x6000, 0x9FFF},
	{"delay", FAULT_DELAY, 10, 0, FAULT_DELAY_MAX_MS},
	{"truncate", FAULT_TRUNCATE, 10, 0, FAULT_ANSWER_MAX},
	{"shorten", FAULT_SHORTEN, 10, 0, FAULT_ANSWER_MAX},
	{"stretch", FAULT_STRETCH, 10, 1, FAULT_ANSWER_MAX},
	{"flip", FAULT_FLIP, 10, 0, FAULT_ANSWER_MAX},
	{"garble", FAULT_GARBLE, 0, 0, 0},
	{"swap", FAULT_SWAP, 0, 0, 0},
};

static char *next_word(char **line)
{
	char *word;

	do
		word = strsep(line, " \t");
	while (word && !*word);
	return word;
}

static bool read_number(
	const char *word, int base, unsigned long min, unsigned long max, unsigned long *value)
{
	char *end;

	if (!word || !*word || *word == '-' || *word == '+')
		return false;
	errno = 0;
	*value = strtoul(word, &end, base);
	return !*end && errno == 0 && *value >= min && *value <= max;
}

static bool read_when(struct fault *f, char **line)
{
	const char *word = next_word(line), *value = next_word(line);

	if (!word || !value)
		return false;
	for (size_t i = 0; i < sizeof(whens) / sizeof(*whens); i++) {
		if (strcmp(word, whens[i]) == 0) {
			f->when = (enum fault_when)i;
			if (f->when == FAULT_AT)
				return read_number(value, 10, 1, ULONG_MAX, &f->number);
			return hex_read(value, &f->start) && f->start.n;
		}
	}
	return false;
}

static bool read_action(struct fault *f, char **line)
{
	const char *word = next_word(line);

	for (size_t i = 0; word && i < sizeof(actions) / sizeof(*actions); i++) {
		if (strcmp(word, actions[i].word) != 0)
			continue;
		f->action = actions[i].action;
		if (f->action == FAULT_SWAP) {
			const char *state = next_word(line);

			f->state = state ? must_strdup(state) : NULL;
			return state;
		}
		return !actions[i].base || read_number(next_word(line), actions[i].base,
						   actions[i].min, actions[i].max, &f->value);
	}
	return false;
}

/* One line without its end; empty ones and comments add nothing. */
static bool read_line(struct faults *all, char *line)
{
	struct fault *f;

	line[strcspn(line, "#\r\n")] = '\0';
	if (line[strspn(line, " \t")] == '\0')
		return true;
	if (all->count == FAULTS_MAX)
		return false;
	f = &all->list[all->count++];
	*f = (struct fault){0};
	return read_when(f, &line) && read_action(f, &line) && !next_word(&line);
}

enum err faults_load(struct faults *all, const char *path, struct error *e)
{
	FILE *f = fopen(path, "re");
	enum err err = ERR_OK;
	char *line = NULL;
	size_t room = 0;
	unsigned number = 0;

	*all = (struct faults){0};
	if (!f)
		return error_set_errno(e, ERR_FILE_READ, "%s", path);
	while (!err && getline(&line, &room, f) >= 0) {
		char *text = must_strdup(line);

		text[strcspn(text, "\r\n")] = '\0';
		number++;
		if (!read_line(all, line))
			err = error_set(e, ERR_CONFIG_SYNTAX, "%s:%u: %s", path, number, text);
		free(text);
	}
	free(line);
	fclose(f);
	if (err)
		faults_free(all);
	return err;
}

static bool meets(const struct fault *f, unsigned long number, struct span apdu)
{
	if (f->done)
		return false;
	if (f->when == FAULT_AT)
		return f->number == number;
	return span_equal(span_first(apdu, f->start.n), bytes_span(&f->start));
}

const struct fault *faults_next(
	struct faults *all, unsigned long number, struct span apdu, size_t *index)
{
	while (*index < all->count) {
		struct fault *f = &all->list[(*index)++];

		if (meets(f, number, apdu)) {
			f->done = f->when != FAULT_EACH;
			return f;
		}
	}
	return NULL;
}

enum { STATUS_WORD = 2 };

/* Puts n bytes 00 before the status word, as far as a message can hold them. */
static void stretch(struct bytes *answer, size_t n)
{
	const uint8_t sw[STATUS_WORD] = {answer->at[answer->n - 2], answer->at[answer->n - 1]};

	answer->n -= STATUS_WORD;
	while (n-- && answer->n < FAULT_ANSWER_MAX - STATUS_WORD)
		bytes_append_byte(answer, 0);
	bytes_append(answer, span_of(sw, sizeof(sw)));
}

void fault_spoil(const struct fault *f, struct bytes *answer)
{
	size_t data = answer->n > STATUS_WORD ? answer->n - STATUS_WORD : 0;

	switch (f->action) {
	case FAULT_TRUNCATE:
		answer->n = f->value < answer->n ? f->value : answer->n;
		break;
	case FAULT_SHORTEN:
		if (f->value < data) {
			memmove(answer->at + f->value, answer->at + data, STATUS_WORD);
			answer->n = f->value + STATUS_WORD;
		}
		break;
	case FAULT_STRETCH:
		if (answer->n >= STATUS_WORD)
			stretch(answer, f->value);
		break;
	case FAULT_FLIP:
		if (f->value < data)
			answer->at[f->value] ^= 1;
		break;
	case FAULT_GARBLE:
		for (size_t i = 0; i < data; i++)
			answer->at[i] ^= 0xFF;
		break;
	default:
		break;
	}
}

void faults_free(struct faults *all)
{
	for (size_t i = 0; i < all->count; i++) {
		bytes_free(&all->list[i].start);
		free(all->list[i].state);
	}
	*all = (struct faults){0};
}

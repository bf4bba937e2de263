/* What is said and asked around a PIN or a PUK. */
#ifndef EONAY_CLI_DIALOG_H
#define EONAY_CLI_DIALOG_H

#include "base/secret.h"
#include "cli/command.h"
#include "job/cards.h"

/* The words for one of the two; msgids. */
struct dialog {
	const char *left;      /* "Kalan PIN hakkı" */
	const char *last;      /* the last try is at stake */
	const char *uncertain; /* an unknown number of them */
	const char *next;      /* the next wrong one is the last */
	const char *kept;      /* no try was used up */
	const char *unknown;   /* nobody knows whether one was */
	enum err last_try;     /* the failure when the last try is not confirmed */
};
extern const struct dialog dialog_pin, dialog_puk;

/* Whose certificate, in which reader, and the tries left: what the person must know before. */
void dialog_choice(const struct dialog *d, const struct cards *cards,
	const struct cards_certificate *c, const struct card_pin *state);

/* The last try, and an unknown number of them, want a decision of their own: the option --last-try or, when the secret
 * does not come by fd, the word on the terminal. */
enum err dialog_confirm(struct cli *cli, const struct dialog *d, const struct card_pin *state,
	int fd, bool *confirmed);

/* One line from fd or, when that is -1, the terminal, with the label (a msgid) before it. */
enum err dialog_secret(struct cli *cli, int fd, const char *label, struct secret *out);

/* After a failure: what became of the try. */
void dialog_outcome(const struct dialog *d, const struct error *e);

#endif

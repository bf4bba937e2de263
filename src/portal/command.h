/* The commands of eonay-portal, one file each. */
#ifndef EONAY_PORTAL_COMMAND_H
#define EONAY_PORTAL_COMMAND_H

#include "portal/options.h"
#include "portal/store/store.h"

#include <libintl.h>
#include <stdio.h>

#define _(text) dgettext("eonay", text)

/* Runs until SIGTERM or SIGINT. */
enum err command_serve(const struct options *o, struct error *e);
/* Creates a session and prints its code. */
enum err command_code(const struct options *o, struct error *e);
/* Prints the sessions. */
enum err command_list(const struct options *o, struct error *e);
/* Prints a session, or writes its signature to a file. */
enum err command_show(const struct options *o, struct error *e);
/* Adds certificates to the registry, prints those of a person, tells or changes the status of one. */
enum err command_certificate(const struct options *o, struct error *e);
/* Adds an application for a certificate, prints those of a person, tells how far one has come. */
enum err command_application(const struct options *o, struct error *e);
/* Verifies the audit log, or prints its heads. */
enum err command_audit(const struct options *o, struct error *e);
/* Deletes personal data. */
enum err command_forget(const struct options *o, struct error *e);

/* Prints what others have written, on one line; what must not reach a terminal is shown visibly (base/text.h). */
void command_print(FILE *to, const char *text);

/* What a command does with the store of the settings. */
typedef enum err command_deed(struct store *store, const struct options *o, struct error *e);

/* Does it, with the store open and whoever runs the command as the actor. create: a store that is not there. ERR_FILE_WRITE
 * when what was printed could not be written. */
enum err command_on_store(const struct options *o, bool create, command_deed *run, struct error *e);

/* A command whose first argument tells what it does with the store. */
struct command_action {
	const char *name;
	bool create;
	/* Judges the other arguments before the store is opened. */
	enum err (*judge)(struct options *o, struct error *e);
	command_deed *run;
};

/* Runs the action that the first argument names, of those that an entry without a name ends. command: for ERR_USAGE. */
enum err command_act(const struct command_action *actions, const char *command,
	const struct options *o, struct error *e);

#endif

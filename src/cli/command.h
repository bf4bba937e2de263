/* The commands of eonay: one file and one struct each. */
#ifndef EONAY_CLI_COMMAND_H
#define EONAY_CLI_COMMAND_H

#include "base/error.h"
#include "cli/arguments.h"
#include "job/settings.h"

/* What the command line can say, for all commands together; each command's table names those that
 * it takes. */
struct options {
	/* every command */
	bool help;
	bool version;
	const char *config;
	const char *lang;
	/* the full screen */
	bool demo;
	bool kiosk;
	/* card list, verify, doctor */
	bool json;
	/* sign, card unblock */
	bool detached;
	bool last_try;
	const char *cert;
	const char *reader;
	const char *output;
	int pin_fd; /* -1: the terminal */
	int puk_fd;
	/* verify */
	bool offline;
	const char *ca;
	const char *content;
	const char *stamp_ca;
};

/* One run of the program. */
struct cli {
	struct options options;
	struct arguments arguments; /* operands behind the command's name */
	struct settings settings;
	struct error settings_error; /* doctor alone runs with settings that could not be read */
	struct error secret_error;   /* why there is no safe place for a PIN; ERR_OK: there is */
	struct error error;          /* of the command */
	int status;                  /* exit status when there is no error */
	bool told;                   /* the command has said itself what went wrong */
};

struct command {
	const char *name;
	const char *usage;   /* behind "eonay ", not translated */
	const char *summary; /* msgid */
	struct argument_table options;
	size_t operands; /* how many it takes */
	/* Runs with settings read, language chosen, log open. Fills cli->error and returns its
	 * code. */
	enum err (*run)(struct cli *cli);
};

/* The full screen, what eonay is without a command. */
extern const struct command command_screen;
extern const struct command command_card;
extern const struct command command_sign;
extern const struct command command_verify;
extern const struct command command_doctor;

/* Options that every command takes. */
extern const struct argument_table command_common;

/* The one called so, NULL when there is none. */
const struct command *command_find(const char *name);

/* Prints how the command is used, for command_screen with the list of all commands. */
void command_print_help(const struct command *command);

#endif

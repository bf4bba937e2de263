/* eonay: the full screen of the signing terminal, and its commands. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "cli/command.h"
#include "cli/environment.h"
#include "cli/language.h"
#include "cli/report.h"
#include "cli/words.h"
#include "config.h"

static const char *problem_words(enum argument_problem problem)
{
	switch (problem) {
	case ARGUMENT_UNKNOWN:
		return _("%s: bilinmeyen seçenek");
	case ARGUMENT_WITHOUT_VALUE:
		return _("%s: değeri eksik");
	case ARGUMENT_WITH_VALUE:
		return _("%s: değer almaz");
	case ARGUMENT_NO_NUMBER:
		return _("%s: sayı olmalı");
	default:
		return _("%s: fazla");
	}
}

static enum err usage(struct cli *cli, const char *words, const char *culprit)
{
	char text[sizeof(cli->error.where)];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), words, culprit);
#pragma GCC diagnostic pop
	return error_set(&cli->error, ERR_USAGE, "%s", text);
}

/* Options before the command's name, the name, and what is behind it. */
static const struct command *read_arguments(struct cli *cli, int argc, const char *const argv[])
{
	struct argument_table tables[] = {command_screen.options, command_common};
	const struct command *command = &command_screen;
	int at = arguments_read(argc, argv, 1, true, tables, 2, &cli->options, &cli->arguments);

	if (at == argc || cli->arguments.problem)
		return command;
	command = command_find(argv[at]);
	if (command) {
		tables[0] = command->options;
		arguments_read(
			argc, argv, at + 1, false, tables, 2, &cli->options, &cli->arguments);
	} else {
		arguments_read(argc, argv, at, false, tables, 2, &cli->options, &cli->arguments);
	}
	return command;
}

/* What is wrong with the command line, in words. */
static enum err judge_arguments(struct cli *cli, const struct command *command)
{
	const struct arguments *a = &cli->arguments;
	int language;

	if (cli->options.lang && !language_read(cli->options.lang, &language))
		return usage(cli, _("%s: --lang tr veya en olmalı"), cli->options.lang);
	if (!command)
		return usage(
			cli, _("%s: bilinmeyen komut"), a->operand_count ? a->operands[0] : "");
	if (a->problem)
		return usage(cli, problem_words(a->problem), a->culprit);
	if (command != &command_screen && (cli->options.demo || cli->options.kiosk))
		return usage(cli, problem_words(ARGUMENT_UNKNOWN),
			cli->options.demo ? "--demo" : "--kiosk");
	if (cli->options.help || cli->options.version)
		return ERR_OK;
	if (a->operand_count > command->operands)
		return usage(
			cli, problem_words(ARGUMENTS_TOO_MANY), a->operands[command->operands]);
	if (a->operand_count < command->operands)
		return usage(cli, _("eksik: eonay %s"), command->usage);
	return ERR_OK;
}

/* --lang, else the setting; Turkish when the settings can't be read. */
static void choose_language(struct cli *cli)
{
	int language = cli->settings_error.code ? LANGUAGE_TR : cli->settings.language;

	if (cli->options.lang)
		language_read(cli->options.lang, &language);
	language_choose((enum settings_language)language);
}

static enum err start(struct cli *cli, const struct command *command)
{
	enum err code = judge_arguments(cli, command);

	if (code || cli->options.help || cli->options.version)
		return code;
	if (command == &command_doctor)
		return ERR_OK;
	if (cli->settings_error.code) {
		cli->error = cli->settings_error;
		return cli->error.code;
	}
	return log_open("eonay", cli->settings.log_target, (enum log_level)cli->settings.log_level,
		&cli->error);
}

static enum err run(struct cli *cli, const struct command *command)
{
	enum err code = start(cli, command);

	if (code)
		return code;
	if (cli->options.version)
		puts(PACKAGE_STRING);
	else if (cli->options.help)
		command_print_help(command);
	else
		code = command->run(cli);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		cli->told = false;
		return error_set_errno(&cli->error, ERR_FILE_WRITE, "stdout");
	}
	return code;
}

int main(int argc, char **argv)
{
	struct cli cli = {.options.pin_fd = -1, .options.puk_fd = -1};
	const struct command *command;
	enum err code;

	environment_enter("eonay", environment_kept, argv);
	environment_settle();
	command = read_arguments(&cli, argc, (const char *const *)argv);
	environment_close_descriptors(cli.options.pin_fd, cli.options.puk_fd);
	secret_init(&cli.secret_error);
	settings_load(cli.options.config, &cli.settings, &cli.settings_error);
	choose_language(&cli);
	code = run(&cli, command);
	if (code && !cli.told)
		report_failure(&cli.error);
	settings_release(&cli.settings);
	return code ? error_exit_status(code) : cli.status;
}

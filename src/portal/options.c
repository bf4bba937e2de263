#include "portal/options.h"

#include "base/load.h"
#include "base/text.h"
#include "portal/request.h"
#include "portal/store/db.h"

#include <getopt.h>
#include <stddef.h>
#include <string.h>

/* Values of getopt_long(), and the commands that know them. */
enum {
	OPT_CONFIG = 1,
	OPT_DATABASE,
	OPT_TRUST,
	OPT_LISTEN,
	OPT_LOG,
	OPT_DEMO,
	OPT_READY,
	OPT_TCKN,
	OPT_NAME,
	OPT_TEXT,
	OPT_PURPOSE,
	OPT_LIFETIME,
	OPT_OUTPUT,
	OPT_SUBMITTED,
	OPT_STATUS,
	OPT_STAMP,
	OPT_HEADS,
	OPT_OLDER_THAN
};

static const struct option names[] = {
	{"config", required_argument, NULL, OPT_CONFIG},
	{"database", required_argument, NULL, OPT_DATABASE},
	{"trust", required_argument, NULL, OPT_TRUST},
	{"listen", required_argument, NULL, OPT_LISTEN},
	{"log", required_argument, NULL, OPT_LOG},
	{"demo", required_argument, NULL, OPT_DEMO},
	{"ready-fd", required_argument, NULL, OPT_READY},
	{"tckn", required_argument, NULL, OPT_TCKN},
	{"name", required_argument, NULL, OPT_NAME},
	{"text", required_argument, NULL, OPT_TEXT},
	{"purpose", required_argument, NULL, OPT_PURPOSE},
	{"lifetime", required_argument, NULL, OPT_LIFETIME},
	{"output", required_argument, NULL, OPT_OUTPUT},
	{"submitted", required_argument, NULL, OPT_SUBMITTED},
	{"status", required_argument, NULL, OPT_STATUS},
	{"stamp", required_argument, NULL, OPT_STAMP},
	{"heads", required_argument, NULL, OPT_HEADS},
	{"older-than", required_argument, NULL, OPT_OLDER_THAN},
	{NULL, 0, NULL, 0},
};

#define PLACE(member) offsetof(struct options, member)

static const struct {
	unsigned known_by;
	size_t place; /* of what is taken as it is; for the others take_option() has a case */
} about[] = {
	[OPT_CONFIG] = {COMMAND_ALL, PLACE(config)},
	[OPT_DATABASE] = {COMMAND_ALL, PLACE(database)},
	[OPT_TRUST] = {COMMAND_SERVE, PLACE(trust)},
	[OPT_LISTEN] = {COMMAND_SERVE, PLACE(listen)},
	[OPT_LOG] = {COMMAND_SERVE, PLACE(log)},
	[OPT_DEMO] = {COMMAND_SERVE, PLACE(demo)},
	[OPT_READY] = {COMMAND_SERVE, 0},
	[OPT_TCKN] = {COMMAND_CODE | COMMAND_CERTIFICATE | COMMAND_APPLICATION | COMMAND_FORGET,
		PLACE(tckn)},
	[OPT_NAME] = {COMMAND_CODE, PLACE(name)},
	[OPT_TEXT] = {COMMAND_CODE, 0},
	[OPT_PURPOSE] = {COMMAND_CODE, 0},
	[OPT_LIFETIME] = {COMMAND_CODE, 0},
	[OPT_OUTPUT] = {COMMAND_SHOW, PLACE(output)},
	[OPT_SUBMITTED] = {COMMAND_SHOW, PLACE(submitted)},
	[OPT_STATUS] = {COMMAND_SHOW, PLACE(status)},
	[OPT_STAMP] = {COMMAND_SHOW, PLACE(stamp)},
	[OPT_HEADS] = {COMMAND_AUDIT, PLACE(heads)},
	[OPT_OLDER_THAN] = {COMMAND_FORGET, 0},
};

static enum err take_number(
	const char *name, const char *text, uint64_t max, uint64_t *out, struct error *e)
{
	return request_number(text, max, out) ? ERR_OK
					      : error_set(e, ERR_USAGE, "--%s %s", name, text);
}

static enum err add_text(struct options *o, const char *path, struct error *e)
{
	if (o->text_count == SESSION_TEXTS_MAX)
		return error_set(e, ERR_TEXT_SIZE, "--text: > %d", SESSION_TEXTS_MAX);
	o->texts[o->text_count++] = path;
	return ERR_OK;
}

static enum err take_option(int option, const char *value, struct options *o, struct error *e)
{
	uint64_t number = 0;
	enum err code = ERR_OK;

	switch (option) {
	case OPT_READY:
		code = take_number("ready-fd", value, 65535, &number, e);
		o->ready_fd = (int)number;
		break;
	case OPT_TEXT:
		code = add_text(o, value, e);
		break;
	case OPT_PURPOSE:
		if (!session_purpose_named(value, &o->purpose))
			code = error_set(e, ERR_USAGE, "--purpose %s", value);
		break;
	case OPT_LIFETIME:
		code = take_number("lifetime", value, PORTAL_CODE_LIFETIME_MAX_S, &number, e);
		if (!code && number == 0)
			code = error_set(e, ERR_USAGE, "--lifetime %s", value);
		o->lifetime_s = (long)number;
		break;
	case OPT_OLDER_THAN:
		code = take_number("older-than", value, RETENTION_DAYS_MAX, &number, e);
		o->older_than = (long)number;
		break;
	default:
		*(const char **)((char *)o + about[option].place) = value;
		break;
	}
	return code;
}

enum err options_read(
	int argc, char **argv, enum command_set command, struct options *out, struct error *e)
{
	enum err code;
	int option;

	*out = (struct options){.ready_fd = -1, .older_than = -1};
	optind = 0; /* from the start, whatever was read before */
	opterr = 0;
	while ((option = getopt_long(argc, argv, "o:", names, NULL)) != -1) {
		if (option == 'o')
			option = OPT_OUTPUT;
		if (option == '?' || !(about[option].known_by & command))
			return error_set(e, ERR_USAGE, "%s", argv[optind - 1]);
		if ((code = take_option(option, optarg, out, e)))
			return code;
	}
	if ((command & (COMMAND_SHOW | COMMAND_AUDIT)) && optind < argc)
		out->argument = argv[optind++];
	if ((command & (COMMAND_CERTIFICATE | COMMAND_APPLICATION)) &&
		argc - optind <= OPTIONS_ARGUMENTS_MAX) {
		while (optind < argc)
			out->arguments[out->argument_count++] = argv[optind++];
	}
	return optind == argc ? ERR_OK : error_set(e, ERR_USAGE, "%s", argv[optind]);
}

enum err options_tckn(const struct options *o, char out[12], struct error *e)
{
	struct bytes line = {0};
	const char *text = o->tckn;
	enum err code = ERR_OK;

	if (text && strcmp(text, "-") == 0) {
		code = load_file("-", 64, &line, e);
		text = bytes_text(&line);
		line.at[strcspn(text, "\r\n")] = '\0';
	}
	if (!code && (!text || !text_is_tckn(text)))
		code = error_set(e, text ? ERR_TCKN : ERR_USAGE, "--tckn");
	if (!code)
		memcpy(out, text, 12);
	bytes_wipe(&line);
	return code;
}

enum err options_take_person(struct options *o, struct error *e)
{
	return options_tckn(o, o->person, e);
}

static void replace(char **setting, const char *by)
{
	if (by)
		settings_replace(setting, by);
}

enum err options_settings(const struct options *o, struct portal_settings *out, struct error *e)
{
	enum err code = settings_load(o->config, out, e);

	if (code)
		return code;
	replace(&out->database, o->database);
	replace(&out->trust, o->trust);
	replace(&out->listen_address, o->listen);
	replace(&out->log_target, o->log);
	/* Another file is another service: it does not share the configured one's key. */
	if (o->database && !db_is_server(o->database))
		settings_replace(&out->server_key, "");
	if (!db_is_lasting(out->database))
		return error_set(e, ERR_CONFIG_VALUE, "store.database");
	if (o->lifetime_s)
		out->lifetime_s = o->lifetime_s;
	return ERR_OK;
}

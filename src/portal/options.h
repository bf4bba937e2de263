/* The command line of eonay-portal. */
#ifndef EONAY_PORTAL_OPTIONS_H
#define EONAY_PORTAL_OPTIONS_H

#include "portal/session.h"
#include "portal/settings.h"

/* Which commands know an option: bits. */
enum command_set {
	COMMAND_SERVE = 1,
	COMMAND_CODE = 2,
	COMMAND_LIST = 4,
	COMMAND_SHOW = 8,
	COMMAND_CERTIFICATE = 16,
	COMMAND_AUDIT = 32,
	COMMAND_FORGET = 64,
	COMMAND_APPLICATION = 128,
	COMMAND_ALL = 255
};

#define OPTIONS_ARGUMENTS_MAX 64

struct options {
	const char *config;   /* NULL: the standard place */
	const char *database; /* these replace settings; NULL: as the file says */
	const char *trust;
	const char *listen;
	const char *log;
	const char *demo; /* directory of serve --demo, or NULL */
	int ready_fd;     /* -1: none */
	const char *tckn;
	char person[12]; /* whose number tckn is; "" before options_take_person() */
	const char *name;
	const char *texts[SESSION_TEXTS_MAX];
	size_t text_count;
	enum session_purpose purpose;
	long lifetime_s; /* 0: as the file says */
	/* Files for the signature, for what was handed in, for what was learned of the certificate, for the time stamp. */
	const char *output, *submitted, *status, *stamp;
	const char *heads;    /* file of heads of the audit log */
	long older_than;      /* days; -1: not given */
	const char *argument; /* what is no option: an id, what to do with the audit log, or NULL */
	const char *arguments
		[OPTIONS_ARGUMENTS_MAX]; /* of certificate and application: an action and what it is about */
	size_t argument_count;
};

/* Reads the arguments behind the command's name (argv[0]). ERR_USAGE; the reason is then in
 * e->where. */
enum err options_read(
	int argc, char **argv, enum command_set command, struct options *out, struct error *e);

/* The person of --tckn, whose number is personal: "-" lets it come by the standard input, where no list of processes shows it.
 * ERR_USAGE, ERR_TCKN, ERR_FILE_READ. */
enum err options_tckn(const struct options *o, char out[12], struct error *e);

/* The same into o->person. */
enum err options_take_person(struct options *o, struct error *e);

/* The settings of the file with what the options replace; released by settings_release() also after a failure. */
enum err options_settings(const struct options *o, struct portal_settings *out, struct error *e);

#endif

/* What eonay doctor has found. */
#ifndef EONAY_CLI_DOCTOR_H
#define EONAY_CLI_DOCTOR_H

#include <stdbool.h>

#include "base/error.h"
#include "job/settings.h"

#define FINDINGS_MAX 64 /* readers are at most CARDS_READERS_MAX, everything else is a dozen */

enum finding_level { FINDING_OK, FINDING_WARNING, FINDING_FAILURE };

struct finding {
	const char *id;    /* stable, for programs: "daemon" */
	const char *label; /* msgid */
	enum finding_level level;
	enum err code;      /* whose message and remedy are told, ERR_OK: text alone */
	char text[256];     /* what was found; not judged for display */
	const char *remedy; /* msgid; NULL: that of code */
};

struct findings {
	unsigned count;
	struct finding list[FINDINGS_MAX];
};

/* Adds a finding and returns it; the last place is used over when all are taken. */
struct finding *findings_add(struct findings *all, const char *id, const char *label,
	enum finding_level level, const char *text, ...) __attribute__((format(printf, 5, 6)));

/* The machine: where the settings let write, locale, terminal, clock. (doctor_machine.c) */
void doctor_look_at_machine(struct findings *all, const struct settings *settings);

#endif

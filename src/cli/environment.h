/* What eonay takes over of the process that starts it: base/environment.h's list, signals and descriptors. */
#ifndef EONAY_CLI_ENVIRONMENT_H
#define EONAY_CLI_ENVIRONMENT_H

#include "base/environment.h"

/* TERM when it is a known terminal, TZ when it is the plain name of a zone. */
extern const struct environment_variable environment_kept[];

/* May this terminal name be looked up in terminfo? A family that we know, in plain characters. */
bool environment_is_terminal(const char *name);

/* A name below the system's zoneinfo, such as "Europe/Istanbul": no path elsewhere, no rule to be
 * parsed. */
bool environment_is_zone(const char *name);

/* Descriptors 0 to 2 are open afterwards (on /dev/null where they were closed), so that no file
 * opened later is taken for the terminal. Signals are back at their defaults and unblocked; new
 * files are the user's own (umask 077). */
void environment_settle(void);

/* Closes every inherited descriptor above 2 but two (-1: none), which no other program gets. */
void environment_close_descriptors(int keep, int keep_too);

#endif

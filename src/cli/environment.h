/* What a process inherits from whoever starts it, and how eonay gets rid of it. LD_*, OPENSSL_CONF,
 * SSLKEYLOGFILE, *_proxy, TERMINFO*, NCURSES_*, PCSCLITE_* and their like load code, redirect
 * connections or write secrets down; so nothing but what is listed here gets through, and what an
 * administrator may set stands in eonay.conf. */
#ifndef EONAY_CLI_ENVIRONMENT_H
#define EONAY_CLI_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

#define ENVIRONMENT_MAX 3 /* PATH, TERM, TZ */

/* The clean environment made of the one given: a fixed PATH, TERM when it is a known terminal, TZ
 * when it is the plain name of a zone. NULL-ended; the pointers are literals or point into envp.
 * Pure; a clean environment gives itself. Returns the number of entries. */
size_t environment_clean(const char *const envp[], const char *out[ENVIRONMENT_MAX + 1]);

/* Is envp exactly the clean one? */
bool environment_is_clean(const char *const envp[]);

/* May this terminal name be looked up in terminfo? A family that we know, in plain characters. */
bool environment_is_terminal(const char *name);

/* A name below the system's zoneinfo, such as "Europe/Istanbul": no path elsewhere, no rule to be
 * parsed. */
bool environment_is_zone(const char *name);

/* The first act of main: unless the environment is clean, starts /proc/self/exe afresh with a clean
 * one. Ends the process when that is impossible. */
void environment_enter(char *const argv[]);

/* Descriptors 0 to 2 are open afterwards (on /dev/null where they were closed), so that no file
 * opened later is taken for the terminal. Signals are back at their defaults and unblocked; new
 * files are the user's own (umask 077). */
void environment_settle(void);

/* Closes every inherited descriptor above 2 but two (-1: none), which no other program gets. */
void environment_close_descriptors(int keep, int keep_too);

#endif

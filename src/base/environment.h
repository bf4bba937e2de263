/* The environment that a process inherits from whoever starts it, and how a program gets rid of it. LD_*, OPENSSL_CONF,
 * SSLKEYLOGFILE, *_proxy, TERMINFO*, NCURSES_*, PCSCLITE_*, PG*, GNUTLS_* and their like load code, redirect connections or
 * write secrets down; so nothing but what a program lists gets through, and what an administrator may set stands in a
 * configuration file. */
#ifndef EONAY_BASE_ENVIRONMENT_H
#define EONAY_BASE_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

/* A variable that gets through when its value is acceptable. */
struct environment_variable {
	const char *name; /* NULL ends a list */
	bool (*accepts)(const char *value);
};

#define ENVIRONMENT_MAX 16 /* entries of a clean environment */

/* The clean environment made of the one given: a fixed PATH, and the variables of the list, at most ENVIRONMENT_MAX - 1, in
 * its order. NULL-ended; the pointers are literals or point into envp. Pure; a clean environment gives itself. Returns the
 * number of entries. */
size_t environment_clean(const struct environment_variable *list, const char *const envp[],
	const char *out[ENVIRONMENT_MAX + 1]);

/* Is envp exactly the clean one? */
bool environment_is_clean(const struct environment_variable *list, const char *const envp[]);

/* The first act of main: unless the environment is clean, starts /proc/self/exe afresh with a clean one. Ends the process
 * when that is impossible, with a word under the program's name. */
void environment_enter(
	const char *program, const struct environment_variable *list, char *const argv[]);

#endif

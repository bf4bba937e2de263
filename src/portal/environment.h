/* What the service inherits from whoever starts it. LD_*, OPENSSL_CONF, SSLKEYLOGFILE, *_proxy, PG*, GNUTLS_* and their
 * like load code, redirect connections or write secrets down; so only what systemd gives, the languages of messages and
 * the time zone get through. */
#ifndef EONAY_PORTAL_ENVIRONMENT_H
#define EONAY_PORTAL_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

#define ENVIRONMENT_MAX 16

/* The clean environment made of the one given, with a fixed PATH. NULL-ended; the pointers are literals or point into
 * envp. Pure; a clean environment gives itself. Returns the number of entries. */
size_t environment_clean(const char *const envp[], const char *out[ENVIRONMENT_MAX + 1]);

/* The first act of main: unless the environment is clean, starts /proc/self/exe afresh with a clean one. Ends the process
 * when that is impossible. */
void environment_enter(char *const argv[]);

#endif

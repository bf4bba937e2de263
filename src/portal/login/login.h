/* Logging in: from the page of methods (seed, step 3) to the identity provider and back, and logging out. */
#ifndef EONAY_PORTAL_LOGIN_LOGIN_H
#define EONAY_PORTAL_LOGIN_LOGIN_H

#include "portal/login/client.h"
#include "portal/routes.h"
#include "portal/settings.h"

#define LOGIN_PENDING_S 600 /* from the way to the provider to the way back */
#define LOGIN_CALLBACK "/giris/donus"

/* The identity provider that is logged in with, and who is an operator. */
struct login_setup {
	struct fetch *fetch;
	struct client *client; /* NULL: no provider is configured */
	struct bytes secret;   /* of client_secret_file */
	const char *operators; /* T.C. kimlik no, with blanks or commas between them; "": none */
};

/* Takes the settings login.*, or demo's provider where there is one; s and demo must outlive *out. ERR_CONFIG_VALUE
 * (where names the setting), ERR_FILE_READ, ERR_INTERNAL. *out is ended by login_close(). */
enum err login_open(const struct portal_settings *s, const struct demo *demo,
	struct login_setup **out, struct error *e);
void login_close(struct login_setup *l); /* NULL is allowed */

/* Is the number in the list? */
bool login_lists_operator(const char *operators, const char *tckn);

extern const struct route login_routes[];

#endif

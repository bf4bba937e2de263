/* The demo identity provider: OpenID Connect for one client, ourselves, with a login page that looks like the official one
 * (seed, step 4). Only with `serve --demo DIR`. */
#ifndef EONAY_PORTAL_DEMO_IDP_H
#define EONAY_PORTAL_DEMO_IDP_H

#include "portal/routes.h"

#define IDP_PATH "/demo/idp"
#define IDP_CLIENT "eonay-portal"
#define IDP_CALLBACK "/giris/donus"

struct idp;

/* Keys and people are files in directory; they are made on first use. ERR_FILE_READ, ERR_FILE_WRITE, ERR_CRYPTO,
 * ERR_CONFIG_SYNTAX, ERR_TCKN. *out is ended by idp_close(). */
enum err idp_open(const char *directory, struct idp **out, struct error *e);
void idp_close(struct idp *i); /* NULL is allowed */

/* Where the service is reached, "http://127.0.0.1:8080": before the first request. */
void idp_set_origin(struct idp *i, const char *origin);

/* What its client needs to know; borrowed. The secret is made anew at each start. */
const char *idp_issuer(const struct idp *i);
const char *idp_secret(const struct idp *i);
const char *idp_callback(const struct idp *i);

/* Discovery, authorization, token, keys; the login page; e-İmza. All flagged ROUTE_DEMO. */
extern const struct route idp_protocol_routes[];
extern const struct route idp_login_routes[];
extern const struct route idp_signature_routes[];

#endif

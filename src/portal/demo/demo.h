/* What `eonay-portal serve --demo DIR` has beside the service: a world around it in which it can be tried out. Its files
 * lie in DIR, which is made on first use. Never in production: whoever reads DIR can be anyone. */
#ifndef EONAY_PORTAL_DEMO_DEMO_H
#define EONAY_PORTAL_DEMO_DEMO_H

#include "portal/demo/idp.h"
#include "portal/demo/pki.h"

struct demo {
	struct idp *idp;
	struct pki *pki;
	char *origin;
};

/* ERR_FILE_READ, ERR_FILE_WRITE, ERR_CRYPTO, and what the parts' own files bring. *out is ended by demo_close(). */
enum err demo_open(const char *directory, struct demo **out, struct error *e);
void demo_close(struct demo *d); /* NULL is allowed */

/* Where browsers and the service itself reach the demo: "http://127.0.0.1:8080". */
void demo_set_origin(struct demo *d, const char *origin);

/* What the settings leave open is the demo's. After demo_set_origin(). */
void demo_fill_settings(const struct demo *d, struct portal_settings *settings);

#endif

/* What `eonay-portal serve --demo DIR` has beside the service: a world around it in which it can be tried out. Its files
 * lie in DIR, which is made on first use. Never in production: whoever reads DIR can be anyone. */
#ifndef EONAY_PORTAL_DEMO_DEMO_H
#define EONAY_PORTAL_DEMO_DEMO_H

#include "portal/demo/idp.h"

struct demo {
	struct idp *idp;
};

/* ERR_FILE_READ, ERR_FILE_WRITE, ERR_CRYPTO, and what the parts' own files bring. *out is ended by demo_close(). */
enum err demo_open(const char *directory, struct demo **out, struct error *e);
void demo_close(struct demo *d); /* NULL is allowed */

#endif

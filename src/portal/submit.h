/* Taking a signature in, wherever it comes from: a kiosk, or the browser of who logs in. */
#ifndef EONAY_PORTAL_SUBMIT_H
#define EONAY_PORTAL_SUBMIT_H

#include "portal/routes.h"

/* Is it the session's (acceptance_take())? A signature that is kept already needs no second verification: only the same
 * bytes get the receipt again. What was learned goes into signature, which signature_free() releases. */
enum err submit_verify(struct portal *p, const struct session *s, struct span cms, int64_t now,
	struct signature *signature, struct error *e);

/* Keeps a signature that holds (store_add_signature()), with a new receipt. */
enum err submit_keep(struct portal *p, const struct session *s, struct span cms,
	struct signature *signature, bool *fresh, struct error *e);

#endif

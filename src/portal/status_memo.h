/* CAs, and time stamp authorities, that have been found in force by an answer that still counts: reading and verifying it again,
 * or asking anew, for each signature would say the same. */
#ifndef EONAY_PORTAL_STATUS_MEMO_H
#define EONAY_PORTAL_STATUS_MEMO_H

#include "base/bytes.h"

/* Safe for threads. */
struct status_memo;

struct status_memo *status_memo_new(void);
void status_memo_free(struct status_memo *m); /* NULL is allowed */

/* Was this certificate (DER) noted as good up to now or later? Times in seconds since 1970. */
bool status_memo_has(struct status_memo *m, struct span certificate, int64_t now);
void status_memo_note(struct status_memo *m, struct span certificate, int64_t until);

#endif

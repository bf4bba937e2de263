/* Which certificate signs, of all that are there. */
#ifndef EONAY_CLI_CHOICE_H
#define EONAY_CLI_CHOICE_H

#include "job/cards.h"

/* The certificate that reader and id (hexadecimal, in either case; each NULL for any) leave, among
 * those that may sign. With one left it is that; with several ERR_CERTIFICATE_CHOICE; with none the
 * reason: the one reader's or card's state, why the one certificate is not usable, ERR_READER_NAME,
 * ERR_NO_CERTIFICATE. A certificate whose PIN is blocked or not set is found and judged by the
 * caller. Pure. */
enum err choice_of_certificate(const struct cards *cards, const char *reader, const char *id,
	const struct cards_certificate **out, struct error *e);

/* The certificate whose PIN is meant by reader and id (as above) when a PIN is to be set: of one card's the first that
 * may sign, else the first with a key, for a PIN is set beside an expired certificate too. Several cards:
 * ERR_CERTIFICATE_CHOICE; none: as above. Pure. */
enum err choice_of_pin(const struct cards *cards, const char *reader, const char *id,
	const struct cards_certificate **out, struct error *e);

#endif

/* The readers and the cards in them, kept up to date: what struct cards reports
 * is made from this. */
#ifndef EONAY_JOB_WATCH_H
#define EONAY_JOB_WATCH_H

#include "card/card.h"
#include "job/cards.h"
#include "job/message.h"

struct watch;

/* Called while a refresh goes on, each time there is something new to be seen.
 */
typedef void watch_report(const struct cards *now, void *context);

/* settings must outlive the watch. ERR_* of readers_open_*(), ERR_FILE_READ or
 * ERR_CERTIFICATE for the trust file. */
enum err watch_open(const struct message_setup *settings, struct watch **out, struct error *e);
void watch_close(struct watch *w); /* NULL is allowed */

/* Polls readable when watch_refresh() has something to do. */
int watch_fd(const struct watch *w);

/* Looks at all readers, reads cards that are new, forgets those that have gone.
 */
void watch_refresh(struct watch *w, watch_report *report, void *context);

/* Asks the card again for the PIN state of its certificates (after a try) and
 * reports. */
void watch_refresh_pins(struct watch *w, const char *reader, watch_report *report, void *context);

/* The open card in the named reader that carries the certificate with this
 * SHA-256, and the certificate's index there. ERR_READER_GONE,
 * ERR_CARD_REMOVED, ERR_CARD_CHANGED (another card is there), or why the card
 * could not be read. */
enum err watch_find(struct watch *w, const char *reader, const uint8_t sha256[32],
	struct card **card, size_t *certificate, struct error *e);

#endif

/* A card that plays a transcript: what the host must say and what the card answers, line by line.
 *
 *	atr HEX      the card's ATR (first line)
 *	t0           the card speaks T=0
 *	> HEX        the next command must be this; ** stands for any byte (a masked PIN), * at the end for any rest
 *	< HEX        its answer
 *	! SYMBOL     the command gets no answer but this error of the reader (CARD_REMOVED, CARD_IO ...)
 *	reset        another program resets the card before the next transaction
 *	# ...        a comment
 */
#ifndef EONAY_TESTS_CARD_SCRIPT_H
#define EONAY_TESTS_CARD_SCRIPT_H

#include "unit.h"

#include "card/reader.h"

/* A reader that plays text; ended by script_close(). */
struct reader *script_open(const char *text);

/* The same from a file of tests/fixtures/transcripts. */
struct reader *script_open_file(const char *name);

/* The same, but the first command with data that begins with 00 and these digits may have any data, is answered by
 * answer ("< HEX" or "! SYMBOL"), and is the last of the transcript. */
struct reader *script_open_changed(const char *name, const char *command, const char *answer);

/* Ends it, played to its end or not. */
void script_drop(struct reader *r);

/* Fails the test when the transcript was not played to its end, or a transaction is still open. */
void script_close(struct reader *r);

/* How often the card was reset by the host at the end of a transaction. */
unsigned script_resets(const struct reader *r);

#endif

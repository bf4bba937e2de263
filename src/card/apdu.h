/* Command and answer of ISO 7816-4 5.1 (cases 1 to 4, short and extended), with what 7816-3 and
 * 7816-4 leave to the sender: GET RESPONSE after 61xx, once more after 6Cxx, command chaining. */
#ifndef EONAY_CARD_APDU_H
#define EONAY_CARD_APDU_H

#include "card/reader.h"

#define APDU_SHORT_NC 255
#define APDU_SHORT_NE 256
#define APDU_EXTENDED_NC 65535
#define APDU_EXTENDED_NE 65536

/* A command. data.n is Nc (0: none), ne is Ne (0: no answer expected, at most APDU_EXTENDED_NE). */
struct apdu {
	uint8_t cla, ins, p1, p2;
	struct span data;
	unsigned ne;
};

/* The way to one card: its reader, and what reader and card bear. */
struct channel {
	struct reader *reader;
	unsigned nc; /* most bytes of data in one short command; APDU_SHORT_NC unless the card is
			odd */
	unsigned ne; /* most bytes asked for at once in short form */
	unsigned long_nc; /* the same with extended length fields; 0: the card is not known to take
			     them */
	unsigned long_ne;
};

/* A channel with nothing assumed. */
static inline struct channel channel_of(struct reader *reader)
{
	return (struct channel){.reader = reader, .nc = APDU_SHORT_NC, .ne = APDU_SHORT_NE};
}

/* The card takes extended length fields, of at most these values. Ignored under T=0, which has
 * none. */
void channel_extend(struct channel *c, unsigned nc, unsigned ne);

/* Ne that asks for as much as one answer can hold on this channel. */
unsigned channel_ne(const struct channel *c);

/* Sends command; answer (cleared first) receives the data without the status word, *sw the status
 * word. Data longer than the channel takes goes out chained (ISO 7816-4 5.1.1.1). A command with
 * data but without Ne (VERIFY) is never sent twice. Every buffer that held the command is wiped.
 * Errors are those of reader_transmit(), and ERR_CARD_DATA for an answer without status word or one
 * that never ends. Whatever the status word says is ERR_OK here. */
enum err apdu_exchange(struct channel *c, const struct apdu *command, struct bytes *answer,
	unsigned *sw, struct error *e);

/* The same for a command whose answer is its status word: data that comes all the same is dropped. */
enum err apdu_send(struct channel *c, const struct apdu *command, unsigned *sw, struct error *e);

#endif

/* A card made of fuzz bytes: blocks of a 16-bit big-endian length and that many bytes; the first block is the ATR, each
 * further one the answer to a command. An empty block, or the end, is a card that was pulled. */
#ifndef EONAY_TESTS_FUZZ_BLOCKS_H
#define EONAY_TESTS_FUZZ_BLOCKS_H

#include "card/reader.h"

/* A reader with that card; the bytes must outlive it. Ended by reader_disconnect(). */
struct reader *blocks_reader(struct span blocks);

/* Commands with a PIN or PUK to be checked since blocks_reader(): VERIFY with data, RESET RETRY COUNTER with P1 00. */
unsigned blocks_secrets(const struct reader *r);

/* The next block of *rest; empty at the end. */
struct span blocks_next(struct span *rest);

#endif

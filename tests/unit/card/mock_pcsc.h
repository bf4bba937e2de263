/* libpcsclite as the test wants it: what each call answers and what there is to be seen. Linked in its place. */
#ifndef EONAY_TESTS_CARD_MOCK_PCSC_H
#define EONAY_TESTS_CARD_MOCK_PCSC_H

#include "unit.h"

#include <winscard.h>

/* Set before a call, or with mock_lock() held while a watcher is running. */
struct mock {
	LONG establish, list, change, connect, reconnect, status, begin, transmit;
	const char *readers; /* names, each behind the other with ';' between; "" for none */
	DWORD state;         /* of each reader, with the event counter in the upper half */
	unsigned char atr[MAX_ATR_SIZE];
	DWORD atr_n;
	DWORD protocol;
	const char *answer; /* hexadecimal, to SCardTransmit() */
	DWORD claim;        /* not 0: the length that SCardTransmit() says it wrote */
	/* seen */
	unsigned establishes, releases, connects, disconnects, begins, ends, reconnects, waits;
	DWORD end_how, share;
};

extern struct mock mock;

/* Everything as on a good day: one reader "R", a card in it. */
void mock_reset(void);

void mock_lock(void);
/* Wakes whoever waits in SCardGetStatusChange(), and gives the lock back. */
void mock_unlock_and_wake(void);

#endif

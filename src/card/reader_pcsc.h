/* What reader_pcsc.c (one card) and readers_pcsc.c (the list of readers) share. */
#ifndef EONAY_CARD_READER_PCSC_H
#define EONAY_CARD_READER_PCSC_H

#include <winscard.h>

#include "card/reader_internal.h"

/* Meaning of a PC/SC result (pcsc-lite, pcsclite.h) while the connection is being made. Results
 * that have no entry of their own are ERR_CARD_IO. */
enum err pcsc_meaning(LONG result);

/* SCardConnect() on a context of its own, so that a call that hangs holds up no other reader. */
enum err pcsc_connect(struct readers *r, const char *name, struct reader **out, struct error *e);

#endif

/* The card in its reader: connection, power, commands, faults, and the hand that pulls it and puts
 * it back. */
#ifndef EONAY_VCARD_SERVE_H
#define EONAY_VCARD_SERVE_H

#include <stdio.h>

#include "vcard/card.h"
#include "vcard/faults.h"
#include "vcard/link.h"

struct server {
	/* set by the caller */
	const char *address; /* of the reader, HOST:PORT */
	bool retry;          /* come back when the reader has gone, wait when it is not there yet */
	const struct profile *profile;
	struct card_contents contents;
	struct bytes atr;
	struct state state; /* released by the caller; a swap puts another one here */
	struct faults faults;
	FILE *trace; /* NULL for none */
	/* the server's own */
	struct card card;
	struct link link;
	int signals;         /* signalfd */
	bool out;            /* the card was pulled */
	bool ended;          /* SIGTERM, SIGINT or SIGHUP came */
	unsigned long count; /* APDUs so far */
};

/* Serves until a signal ends it or, without retry, until the reader goes. SIGUSR1 pulls the card,
 * SIGUSR2 puts it back. ERR_NO_DAEMON when the reader is not there, ERR_USAGE for an impossible
 * address. */
enum err serve(struct server *s, struct error *e);

#endif

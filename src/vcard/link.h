/* The card's side of the vpcd protocol: the card connects to the virtual reader's TCP port; each
 * message is a length of two bytes, high byte first, and that many bytes. A message of one byte is
 * a control, a longer one an APDU; only an APDU and the question for the ATR are answered. */
#ifndef EONAY_VCARD_LINK_H
#define EONAY_VCARD_LINK_H

#include "base/bytes.h"
#include "base/error.h"

enum {
	LINK_POWER_OFF = 0,
	LINK_POWER_ON = 1,
	LINK_RESET = 2,
	LINK_GET_ATR = 4,
};

struct link {
	int fd;          /* -1: not connected */
	struct bytes in; /* received and not yet taken */
};

/* Connects to the reader at address ("HOST:PORT", an IPv6 host in brackets). ERR_NO_DAEMON when
 * nobody listens there, ERR_USAGE when the address cannot be one. */
enum err link_open(struct link *l, const char *address, struct error *e);

/* Receives what is there; false when the connection has ended. Call it when l->fd is readable. */
bool link_receive(struct link *l);

/* Takes the next whole message; false when there is none yet. */
bool link_take(struct link *l, struct bytes *message);

/* Sends a message of at most 65535 bytes; false when the connection has ended. */
bool link_send(struct link *l, struct span message);

/* Closes the connection: the card is out of the reader. */
void link_close(struct link *l);

#endif

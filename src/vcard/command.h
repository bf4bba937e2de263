/* A command APDU taken apart (ISO 7816-4 5.1), and the status words that answer it
 * (5.1.3). Here and in the other files of the card clauses are those of the edition of 2005. */
#ifndef EONAY_VCARD_COMMAND_H
#define EONAY_VCARD_COMMAND_H

#include "base/bytes.h"

/* Status words of ISO 7816-4 tables 5 and 6, and the ones that AKiS cards add to them. */
enum {
	SW_OK = 0x9000,
	SW_MORE_DATA = 0x6100, /* low byte: bytes waiting, 00 for 256 and more */
	SW_END_OF_FILE = 0x6282,
	SW_TRIES_LEFT = 0x63C0, /* low digit: tries */
	SW_AKIS_NO_PIN_ENTERED = 0x6406,
	SW_AKIS_CHAINING = 0x6423,
	SW_MEMORY = 0x6581,
	SW_LENGTH = 0x6700,
	SW_CHANNEL = 0x6881,
	SW_SECURE_MESSAGING = 0x6882,
	SW_LAST_OF_CHAIN = 0x6883,
	SW_SECURITY_STATUS = 0x6982,
	SW_BLOCKED = 0x6983,
	SW_REFERENCE_DATA = 0x6984, /* AKiS v1: the PIN is blocked */
	SW_CONDITIONS = 0x6985,
	SW_NO_CURRENT_EF = 0x6986,
	SW_DATA = 0x6A80,
	SW_FUNCTION = 0x6A81,
	SW_FILE_NOT_FOUND = 0x6A82,
	SW_P1P2 = 0x6A86,
	SW_NOT_FOUND = 0x6A88,
	SW_OFFSET = 0x6B00,
	SW_EXACT_LENGTH = 0x6C00, /* low byte: the right Le */
	SW_INSTRUCTION = 0x6D00,
	SW_CLASS = 0x6E00,
	SW_FAILURE = 0x6F00,
};

enum {
	NE_SHORT_MAX = 256,      /* what a short Le of 00 asks for */
	NE_EXTENDED_MAX = 65536, /* what an extended Le of 0000 asks for */
};

struct command {
	uint8_t cla, ins, p1, p2;
	struct span data;
	size_t ne;     /* answer bytes asked for; 0 without Le */
	bool ne_all;   /* Le is 00 or 0000: whatever there is */
	bool extended; /* Lc and Le are in extended form */
};

/* Takes apdu apart; c->data points into it. False when its length fits none of the cases 1 to 4. */
bool command_parse(struct span apdu, struct command *c);

/* The place of the data field in apdu, empty when it has none or cannot be parsed. */
struct span command_data(struct span apdu);

#endif

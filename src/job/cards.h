/* What is in the readers now: the card worker's running report. Plain data. */
#ifndef EONAY_JOB_CARDS_H
#define EONAY_JOB_CARDS_H

#include "card/pin.h"
#include "sign/certificate.h"

#define CARDS_READERS_MAX 16
#define CARDS_CERTIFICATES_MAX 64

struct cards_reader {
	char name[128];
	enum err state; /* ERR_OK: a card was read; ERR_BUSY: being read; ERR_NO_CARD, ERR_CARD_MUTE
			   ... */
	char driver[16]; /* of the card, "" when there is none */
	char label[64];
	char serial[64]; /* hexadecimal */
	char atr[67];    /* hexadecimal */
	uint32_t events; /* the daemon's count of insertions and removals */
};

struct cards_certificate {
	unsigned reader; /* index into readers */
	char id[65];     /* hexadecimal iD on the card: what --cert takes */
	char label[64];
	struct certificate_info info;
	enum err usable; /* ERR_OK, or why it can't sign: ERR_CERTIFICATE_*, ERR_NO_KEY */
	struct card_pin pin;
	bool has_puk; /* the card has a PUK for this PIN */
	struct card_pin puk;
};

struct cards {
	struct error error; /* why there is no reader at all: ERR_NO_DAEMON, ERR_ACCESS_DENIED,
			       ERR_NO_READER ... */
	bool reading;       /* a card is being read: more will come */
	unsigned reader_count;
	struct cards_reader readers[CARDS_READERS_MAX];
	unsigned certificate_count;
	struct cards_certificate certificates[CARDS_CERTIFICATES_MAX];
};

#endif

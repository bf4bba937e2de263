/* The virtual card in this process, with a hand that lets things go wrong and an eye on every VERIFY. The card's code
 * is that of eonay-vcard: none of it is the card module's. */
#ifndef EONAY_TESTS_CARD_MODEL_H
#define EONAY_TESTS_CARD_MODEL_H

#include "unit.h"

#include "card/reader.h"

struct model;

/* Every kind of card that a driver knows, and one that none does. */
struct model_kind {
	const char *profile;
	bool directory, unknown_atr, asks_empty;
	const char *driver;
};
#define MODEL_KINDS 6
extern const struct model_kind model_kinds[MODEL_KINDS];

/* What happens at one command. */
enum model_fault {
	FAULT_NONE,
	FAULT_PULL_BEFORE, /* the card is out before it has the command */
	FAULT_PULL_AFTER,  /* it is out before its answer is here */
	FAULT_IO,          /* carried out, but the answer is lost; the card stays */
	FAULT_RESET,       /* another program resets the card instead */
	FAULT_SW,          /* not carried out; value is the status word */
	FAULT_SILENT,      /* an answer of no byte */
	FAULT_ONE_BYTE,
	FAULT_MORE_FOREVER, /* 61 value, however often */
	FAULT_TRUNCATE,     /* the data is cut in half */
	FAULT_GARBLE,       /* each data byte is inverted */
	FAULT_HUGE,         /* 70000 bytes of data before the status word */
};

/* All that may happen at a command; FAULT_NONE ends it. */
struct model_mishap {
	enum model_fault fault;
	unsigned value;
};
extern const struct model_mishap model_mishaps[];

/* A card of profile akis, akis1 or iso, made once for the process. unknown_atr: with an ATR that no driver knows. */
struct model *model_new(const char *profile, bool directory, bool unknown_atr);
void model_free(struct model *m);

/* Connects to it; ended by reader_disconnect(). All counts start over, PIN and PUK have their first values and
 * all their tries. */
struct reader *model_connect(struct model *m);

/* One of each kind of model_kinds, for all tests of a group. */
extern struct model *models[MODEL_KINDS];
int models_setup(void **state);
int models_teardown(void **state);

/* From the at-th command (from 1) since model_connect(). */
void model_fault(struct model *m, unsigned at, enum model_fault fault, unsigned value);

/* The reader swaps the card for one that looks the same but has been put in again. */
void model_reinsert(struct model *m);

/* What another program would do outside our transactions. */
void model_other_program(struct model *m, const char *apdu);

struct model_seen {
	unsigned commands;
	unsigned verifies; /* VERIFY with data that left the host */
	unsigned empty_verifies;
	unsigned verify_at; /* command number of the last VERIFY with data */
	unsigned verify_sw; /* answered to it; 0: no answer */
	bool verified;      /* the PIN is verified in the card now */
	unsigned tries;
	unsigned
		puks; /* commands with the PUK that left the host: VERIFY of it, RESET RETRY COUNTER with it */
	unsigned puk_sw; /* answered to the last; 0: no answer */
	unsigned puk_tries;
	bool puk_verified;
	bool in_transaction;
};
struct model_seen model_seen(const struct model *m);

void model_set_tries(struct model *m, unsigned tries);
void model_set_puk_tries(struct model *m, unsigned tries);

/* Is this the PIN now, with all its tries? */
bool model_pin_is(const struct model *m, const char *pin);

#endif

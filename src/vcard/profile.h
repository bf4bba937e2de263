/* What differs from one kind of card to another. A profile is a constant; the commands that it
 * knows are a table. */
#ifndef EONAY_VCARD_PROFILE_H
#define EONAY_VCARD_PROFILE_H

#include "vcard/command.h"
#include "vcard/filesystem.h"

struct card;

/* Carries a command out: the answer's data goes to out, the status word is returned. */
typedef unsigned command_function(struct card *c, const struct command *cmd, struct bytes *out);

struct instruction {
	uint8_t cla, ins;
	command_function *run;
};

/* How a PIN stands in a command. */
enum pin_coding {
	PIN_ASCII,  /* digits, as many as there are */
	PIN_VALUES, /* one byte 00 to 09 for each digit */
	PIN_PADDED, /* ASCII digits, 00 behind them up to 16 bytes where it is not the last field */
};

/* What a command that says nothing (VERIFY without data) does to the counter. */
enum empty_verify {
	EMPTY_VERIFY_COUNTS, /* taken for a wrong PIN */
	EMPTY_VERIFY_ASKS,   /* answers the tries left */
};

/* The application identifier of ISO 7816-15: the registered provider, and the name that AKiS cards give it. */
enum { PKCS15_RID_SIZE = 5, PKCS15_AID_SIZE = 12 };
extern const uint8_t profile_pkcs15[PKCS15_AID_SIZE];

struct profile {
	const char *name;
	const char *atr; /* hexadecimal */
	uint16_t df;     /* identifier of the signature application's DF */
	struct span df_names[FILE_NAMES_MAX];
	struct span df_aid; /* what EF.DIR says; also a name where df_names has it */
	struct span info;   /* EF.ATR; empty for none */
	size_t data_max;    /* bytes of data either way in short form */
	bool extended;      /* extended length is understood */
	bool chaining;      /* command chaining is understood */
	bool exact_le; /* an Le above what is there answers 6Cxx; data without Le answers 61xx */
	bool path_from_mf;     /* a path selected with P1=08 may begin with 3F00 */
	bool ef_by_p1_02_only; /* P1=00 finds DFs only */
	bool ec;               /* keys on elliptic curves are there */
	bool local_references; /* keys and PINs belong to the DF: 0x80 is set in their references */
	bool pin_each_time;    /* a signature uses the verified PIN up */
	uint8_t pin_references[2]; /* by enum pin_name */
	enum pin_coding pin_coding;
	enum empty_verify empty_verify;
	uint8_t pin_min, pin_max;
	unsigned sw_blocked;
	unsigned sw_not_verified;
	const struct instruction *instructions; /* ended by one without a function */
	/* Appends what the profile adds to a file's control information. */
	void (*control_information)(const struct card *c, const struct file *f, struct bytes *out);
};

extern const struct profile profile_akis;
extern const struct profile profile_akis1;
extern const struct profile profile_iso;

/* The profile of this name, NULL for none. */
const struct profile *profile_named(const char *name);

#endif

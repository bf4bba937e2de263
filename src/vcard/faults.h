/* A script of what goes wrong. One line a fault, "#" begins a comment:
 *
 *	at N ACTION      at the N-th APDU since the program started (from 1)
 *	on HEX ACTION    at the first APDU that begins with these bytes
 *	each HEX ACTION  at every APDU that begins with these bytes
 *
 * ACTION is one of
 *
 *	remove-before    the card is pulled before it has seen the command ("remove" is the same)
 *	remove-after     the card is pulled when it has carried the command out, before the answer
 *	status XXXX      the answer is this status word; the command is not carried out
 *	delay MS         the answer comes so much later
 *	truncate N       only the first N bytes of the answer come
 *	shorten N        only the first N data bytes of the answer come, and its status word
 *	stretch N        N bytes 00 more come before the status word
 *	flip N           the lowest bit of data byte N (from 0) is another one
 *	garble           every data byte of the answer is inverted; the status word stays
 *	swap STATE       the card is pulled as by remove-before and the card of another state file
 *is put in */
#ifndef EONAY_VCARD_FAULTS_H
#define EONAY_VCARD_FAULTS_H

#include "base/bytes.h"
#include "base/error.h"

enum fault_action {
	FAULT_REMOVE_BEFORE,
	FAULT_REMOVE_AFTER,
	FAULT_STATUS,
	FAULT_DELAY,
	FAULT_TRUNCATE,
	FAULT_SHORTEN,
	FAULT_STRETCH,
	FAULT_FLIP,
	FAULT_GARBLE,
	FAULT_SWAP,
};

enum fault_when { FAULT_AT, FAULT_ON, FAULT_EACH };

struct fault {
	enum fault_when when;
	unsigned long number; /* FAULT_AT */
	struct bytes start;   /* FAULT_ON, FAULT_EACH */
	enum fault_action action;
	unsigned long value; /* status word, milliseconds, bytes */
	char *state;         /* FAULT_SWAP */
	bool done;           /* FAULT_AT, FAULT_ON: has happened */
};

enum {
	FAULTS_MAX = 64,
	FAULT_DELAY_MAX_MS = 600000,
	FAULT_ANSWER_MAX = 0xFFFF, /* bytes; what a message of the reader's can hold */
};

struct faults {
	struct fault list[FAULTS_MAX];
	size_t count;
};

/* Reads the script at path. ERR_FILE_READ; ERR_CONFIG_SYNTAX with "FILE:LINE: text" for a line that
 * is none of the above. On an error nothing stays allocated. */
enum err faults_load(struct faults *f, const char *path, struct error *e);

/* The next fault, from *index on, that the number-th APDU meets; NULL for none. Those that happen
 * once are then done. */
const struct fault *faults_next(
	struct faults *f, unsigned long number, struct span apdu, size_t *index);

/* Does to an answer what the fault is about: truncate, shorten, stretch, flip, garble; nothing for other actions. */
void fault_spoil(const struct fault *f, struct bytes *answer);

void faults_free(struct faults *f);

#endif

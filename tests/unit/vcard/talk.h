/* Talking to a virtual card inside the test: commands and answers in hexadecimal. */
#ifndef EONAY_TESTS_VCARD_TALK_H
#define EONAY_TESTS_VCARD_TALK_H

#include "unit.h"

#include "vcard/card.h"

/* A card of the named profile for a new holder, in memory. Keys are made once and shared by all
 * tests of a program: use talk_setup_state() and talk_teardown_state() as the group's fixtures. */
struct talk {
	struct state state;
	struct card card;
};
extern struct talk talk;

int talk_setup_state(void **state);
int talk_teardown_state(void **state);

/* A fresh, switched-on card with all tries and the first PINs. */
void talk_open(const char *profile, bool directory, bool more);

/* Sends a command; the answer is valid until the next one. Blanks in command are ignored. */
const char *talk_send(const char *command);

/* Sends a command and fails the test unless the answer is as wanted; "..." at the front of wanted
 * stands for any data. */
void talk_expect(const char *command, const char *wanted);

/* Sends a command and leaves the answer's data in out (which is emptied first); the status word
 * must be 9000. */
void talk_fetch(const char *command, struct bytes *out);

/* True when signature over the hash value is the key's: RSA (padding of OpenSSL) or ECDSA as DER.
 */
bool talk_signature_is(
	uint8_t key_id, const EVP_MD *hash, struct span value, struct span signature, int padding);

/* As above for ECDSA with r and s side by side. */
bool talk_raw_signature_is(uint8_t key_id, struct span value, struct span signature);

#endif

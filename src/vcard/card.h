/* The card: what it keeps (state), what it is (profile) and what it forgets without power (the
 * rest). */
#ifndef EONAY_VCARD_CARD_H
#define EONAY_VCARD_CARD_H

#include "vcard/profile.h"
#include "vcard/state.h"

enum {
	CHAIN_MAX =
		4096, /* bytes of a chained command; the longest data is a hash or a DigestInfo */
};

/* P1 and P2 of MANAGE SECURITY ENVIRONMENT: SET the template of a digital signature (ISO 7816-4 7.5.11). */
enum { MSE_SET_COMPUTE = 0x41, MSE_SIGNATURE = 0xB6 };

/* The security environment for signatures. */
struct environment {
	bool set;
	uint8_t algorithm;
	uint8_t key; /* id, without the bit for "local" */
};

struct card {
	const struct profile *profile;
	struct state *state;
	struct filesystem fs;
	bool verified[PIN_COUNT];
	struct environment environment;
	unsigned iso_api;   /* profile iso: the interface version that the host has asked for */
	struct bytes chain; /* data of the commands chained so far */
	uint8_t chained[3]; /* their INS, P1, P2 */
	bool chain_open;
	struct bytes rest; /* answer bytes that GET RESPONSE fetches */
	unsigned rest_sw;  /* the status word behind them */
};

/* What is put on the card. */
struct card_contents {
	bool directory; /* EF.DIR and the PKCS#15 directory */
	bool more;      /* the certificates that cannot be used for signing contracts */
};

/* A card of this profile with what state keeps. The state stays the caller's and must outlive the
 * card. */
void card_open(struct card *c, const struct profile *profile, struct state *state,
	struct card_contents contents);
void card_close(struct card *c);

/* Power on or reset: the MF is current, no PIN verified, no environment, nothing waiting. */
void card_reset(struct card *c);

/* Carries out one command APDU; appends the response APDU, at least a status word. */
void card_transmit(struct card *c, struct span apdu, struct bytes *response);

/* Keys and certificates that this card has, from the index given on; NULL at the end. *index is
 * then the next one. */
struct state_key *card_next_key(const struct card *c, bool more, size_t *index);

/* The reference of a key or a PIN as this card's commands and directory give it. */
uint8_t card_key_reference(const struct card *c, const struct state_key *k);

/* True when the signature application's DF is current. */
bool card_in_application(const struct card *c);

/* Commands that several profiles have; see commands.c, pins.c, security.c. */
command_function command_select, command_read_binary, command_get_challenge;
command_function command_verify, command_reset_retry_counter;

/* Pieces that profiles put their own commands together from. */

/* The PIN that a reference names; PIN_COUNT when there is none. */
enum pin_name card_pin_of(const struct card *c, uint8_t reference);

/* Checks value (as coded in commands) against a PIN: counts, keeps the counter before it returns,
 * remembers success. SW_OK, SW_TRIES_LEFT | n, the profile's "blocked", SW_LENGTH, SW_MEMORY when
 * the counter could not be kept. */
unsigned card_check_pin(struct card *c, enum pin_name name, struct span value);

/* Gives a PIN a new value (as coded in commands) and all its tries; SW_OK, SW_LENGTH, SW_DATA,
 * SW_MEMORY. */
unsigned card_set_pin(struct card *c, enum pin_name name, struct span value);

/* The bytes that a PIN takes up in a command. */
size_t card_pin_field(const struct card *c, enum pin_name name);

/* Takes tags 80 (algorithm) and 84 (private key) out of an MSE SET template and makes them the
 * environment when the algorithm is one that known() accepts for the key. SW_OK, SW_DATA,
 * SW_NOT_FOUND. */
unsigned card_set_environment(
	struct card *c, struct span template, bool (*known)(uint8_t algorithm, EVP_PKEY *key));

/* The key of the environment when PSO COMPUTE DIGITAL SIGNATURE may make a signature now; otherwise
 * NULL and the status word. */
struct state_key *card_signing_key(struct card *c, const struct command *cmd, unsigned *sw);

#endif

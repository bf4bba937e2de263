/* What a card keeps when it has no power: the test CA, the holder, keys, certificates, PINs and
 * their tries. It lives in a state file; without one in memory only. Everything here is for tests:
 * PIN and keys lie in it in clear. */
#ifndef EONAY_VCARD_STATE_H
#define EONAY_VCARD_STATE_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/bytes.h"
#include "base/error.h"

enum {
	STATE_KEYS_MAX = 8, /* five kinds of certificate are made */
	STATE_FILE_MAX =
		1 << 20,        /* bytes; five RSA keys with certificates take a twentieth of it */
	STATE_SERIAL_SIZE = 12, /* AKiS: the serial number is 12 bytes */
	PIN_SIZE_MAX = 16,      /* the longest PIN of the three profiles */
};

enum pin_name { PIN_USER, PIN_PUK, PIN_COUNT };

struct pin {
	uint8_t tries;
	uint8_t tries_max;
	char value[PIN_SIZE_MAX + 1]; /* ASCII digits */
};

struct state_key {
	uint8_t id; /* as in the certificate table, 1 to 31 */
	EVP_PKEY *key;
	struct bytes certificate; /* DER */
};

struct state {
	char *path; /* NULL: nothing is written */
	char tckn[12];
	char *name; /* of the holder, UTF-8 */
	uint8_t serial[STATE_SERIAL_SIZE];
	EVP_PKEY *ca_key;
	X509 *ca;
	struct state_key keys[STATE_KEYS_MAX];
	size_t key_count;
	struct pin pins[PIN_COUNT];
};

/* Reads the file at path into s. ERR_FILE_READ when it cannot be read (errno ENOENT kept when there
 * is none), ERR_CARD_DATA with FILE:LINE when it says something else than a state. On an error s is
 * empty. */
enum err state_load(struct state *s, const char *path, struct error *e);

/* Writes s to its file: a new file with mode 0600 is written, synced and renamed over the old one.
 * ERR_FILE_WRITE. Nothing is done without a path. */
enum err state_save(const struct state *s, struct error *e);

/* The key with this id, NULL for none. */
struct state_key *state_key(struct state *s, uint8_t id);

void state_free(struct state *s);

#endif

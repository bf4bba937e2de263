/* The server's key: what is secret of codes, nonces and tokens is stored only as a keyed hash.
 * Whoever reads the database without this key can neither look a code up nor try the 10^17 codes
 * through. */
#ifndef EONAY_PORTAL_KEY_H
#define EONAY_PORTAL_KEY_H

#include "base/bytes.h"
#include "base/error.h"

#define KEY_MAC_SIZE 32 /* bytes, HMAC-SHA-256 */

struct server_key {
	uint8_t at[32];
};

/* What is hashed; the purposes never give equal hashes for equal texts. */
enum key_purpose {
	KEY_CODE,
	KEY_NONCE,
	KEY_TOKEN,
	KEY_TOKEN_STORED,
	KEY_FORM,
	KEY_ISSUED,
	KEY_BROWSER,
	KEY_LOGIN_STATE,
	KEY_LOGIN_BROWSER,
	KEY_CLIENT,
};

/* Reads the key at path, or makes one (mode 0600) when there is none; two programs that do so at
 * the same time end with the same key. ERR_FILE_READ, ERR_FILE_WRITE, ERR_FILE_MODE (others may
 * read it), ERR_CRYPTO. */
enum err key_load(const char *path, struct server_key *out, struct error *e);

/* HMAC-SHA-256 (RFC 2104) over the purpose and the two parts (b may be empty), none of which can
 * run into another. ERR_CRYPTO. */
enum err key_mac(const struct server_key *key, enum key_purpose purpose, struct span a,
	struct span b, uint8_t out[KEY_MAC_SIZE], struct error *e);

#endif

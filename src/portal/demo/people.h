/* The made-up people of the demo identity provider: who may log in with which password. A file of one line a person,
 *
 *	T.C. KİMLİK NO:NAME:ROLE:HINT:SALT:HASH
 *
 * ROLE is "gorevli" for operators or empty, HINT is shown on the login page, SALT and HASH are base64url; HASH is scrypt
 * (RFC 7914) of the password with N = 2^14, r = 8, p = 1. Lines that begin with "#" are comments. */
#ifndef EONAY_PORTAL_DEMO_PEOPLE_H
#define EONAY_PORTAL_DEMO_PEOPLE_H

#include "portal/session.h"

#define PEOPLE_MAX 64
#define PEOPLE_OPERATOR "gorevli"

struct somebody {
	char tckn[12];
	char name[SESSION_PERSON_MAX];
	bool operator;
	char hint[64];
	uint8_t salt[16];
	uint8_t hash[32];
};

struct people {
	struct somebody at[PEOPLE_MAX];
	size_t count;
};

/* Reads the text of such a file. ERR_CONFIG_SYNTAX (where tells the line), ERR_TCKN. */
enum err people_read(struct span text, struct people *out, struct error *e);

/* Reads the file at path; where there is none, it is made with the demo's people. ERR_FILE_READ, ERR_FILE_WRITE,
 * ERR_CONFIG_SYNTAX, ERR_TCKN, ERR_CRYPTO. */
enum err people_load(const char *path, struct people *out, struct error *e);

/* The person with this number and password, NULL when there is none: in the same time whichever of the two is wrong. */
const struct somebody *people_check(const struct people *p, const char *tckn, struct span password);

/* The person with this number, NULL when there is none. */
const struct somebody *people_find(const struct people *p, const char *tckn);

#endif

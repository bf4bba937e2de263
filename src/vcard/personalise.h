/* Making a card ready for its holder, as an issuer does: CA, keys, certificates, PINs. */
#ifndef EONAY_VCARD_PERSONALISE_H
#define EONAY_VCARD_PERSONALISE_H

#include "vcard/certificates.h"

/* The default holder and PINs: made up, for tests. */
#define HOLDER_TCKN "10000000146"
#define HOLDER_NAME "Işıl Çağrı Yeşildağ"
#define PIN_TEST "123456"
#define PUK_TEST "12345678"

struct holder {
	const char *tckn;            /* NULL: whoever the state is for, else HOLDER_TCKN */
	const char *name;            /* likewise */
	const struct issuer *issuer; /* NULL: the state's own test CA */
};

/* Loads the state at path (NULL: in memory only), makes what is missing, and keeps it. say() is
 * told what takes time; it may be NULL. ERR_TCKN, ERR_CRYPTO, the errors of state_load() and
 * state_save(), those of certificate_load_ca(), and ERR_CARD_CHANGED when the state is another holder's or its CA another one. On an error s is empty. */
enum err personalise(struct state *s, const char *path, const struct holder *holder, bool more,
	void (*say)(const char *what), struct error *e);

#endif

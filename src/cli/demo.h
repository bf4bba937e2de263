/* The demonstration: a service of its own and a virtual card, so that the whole ceremony runs without a reader, a daemon or
 * a network. */
#ifndef EONAY_CLI_DEMO_H
#define EONAY_CLI_DEMO_H

#include "cli/sweeper.h"
#include "job/settings.h"
#include "tui/app.h"

#define DEMO_CODE_MAX 32
#define DEMO_URL_MAX 32

/* A running demonstration. A zeroed struct is none. */
struct demo {
	struct sweeper sweeper; /* owns the directory of card, database and authority */
	pid_t portal;
	pid_t vcard;
	char code[DEMO_CODE_MAX];
	char url[DEMO_URL_MAX];
	struct app_demo app; /* what the screens are told; points into this struct */
};

/* Starts everything and points settings at it. ERR_DEMO. Ended by demo_stop() also after an error. */
enum err demo_start(struct demo *d, struct settings *settings, struct error *e);
void demo_stop(struct demo *d);

#endif

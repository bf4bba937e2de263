/* The full-screen program: the loop between terminal, clock and workers around the flow. */
#ifndef EONAY_TUI_APP_H
#define EONAY_TUI_APP_H

#include <stdint.h>

#include "job/settings.h"

/* What a demonstration tells the person at the bottom of the screen. Texts are borrowed. */
struct app_demo {
	const char *code;   /* a ready verification code, CODE_DIGITS digits */
	const char *pin;    /* of the virtual card */
	const char *url;    /* of the portal, for a browser */
	uint16_t card_port; /* where the virtual card is awaited, see worker_open() */
	/* Makes a new code ready in the place that code points to (some 50 ms); called when a code was
	 * opened or has expired, before the first screen comes back. The old one stays on a failure. */
	void (*renew)(void *context);
	void *context;
};

/* Runs until the person leaves or a signal ends it; the terminal is as before then. demo: NULL, or
 * a demonstration. The caller has set the C.UTF-8 locale, an allowed TERM, gettext's domain "eonay",
 * and called secret_init(). *status is the exit status: 0 when the person left, 128 + n for signal n
 * (SIGHUP when the terminal went away). A failure (ERR_TERMINAL, ERR_WORKER_DIED ...) says why it
 * could not begin. */
enum err app_run(
	const struct settings *settings, const struct app_demo *demo, int *status, struct error *e);

#endif

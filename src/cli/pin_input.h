/* Taking a PIN, and a decision about it, from the person or from a descriptor. */
#ifndef EONAY_CLI_PIN_INPUT_H
#define EONAY_CLI_PIN_INPUT_H

#include "base/secret.h"

/* Reads one line from the controlling terminal without echo into pin. The terminal stays in its
 * line mode: Linux's TTY audit records the keys of every other mode, but spares lines that are not
 * echoed. The terminal is as before when this returns or a signal ends the process. ERR_PIN_INPUT:
 * no terminal, nothing typed; ERR_PIN_LENGTH: more than SECRET_MAX. */
enum err pin_read_terminal(const char *prompt, struct secret *pin, struct error *e);

/* Reads one line, or all there is, from fd. Errors as above. */
enum err pin_read_descriptor(int fd, struct secret *pin, struct error *e);

/* Shows the question on the controlling terminal and takes a line; true when it is the word wanted.
 */
bool pin_confirm(const char *question, const char *wanted);

#endif

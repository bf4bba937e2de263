/* The transcript of what went between host and card, one line an APDU: "> 00A4…" and "< 6F…9000".
 * Lines with "# " in front tell of power, reset, insertion and removal. The data of commands that
 * carry a PIN are masked ("**" a byte). */
#ifndef EONAY_VCARD_TRACE_H
#define EONAY_VCARD_TRACE_H

#include <stdio.h>

#include "base/bytes.h"

/* All do nothing when f is NULL; each line is flushed. */
void trace_command(FILE *f, struct span apdu);
void trace_response(FILE *f, struct span apdu);
void trace_note(FILE *f, const char *note);

#endif

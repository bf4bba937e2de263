/* What commands print, for people and for programs. Nothing that came from a card, a file or the
 * command line reaches the terminal but through base/text. */
#ifndef EONAY_CLI_REPORT_H
#define EONAY_CLI_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/error.h"

/* A failure on standard error: "eonay: K-501 message (place)", and the remedy below. */
void report_failure(const struct error *e);

/* text as it is fit for display, one line. */
void report_text(FILE *to, const char *text);

/* "label      value" on standard output, value from outside; columns: of the widest label. */
void report_field(unsigned columns, const char *label, const char *value);

/* Prints text and blanks up to columns. */
void report_padded(FILE *to, unsigned columns, const char *text);

/* A JSON string of a text from outside: valid UTF-8, unsafe characters in their visible form. */
json_t *report_json_text(const char *text);
/* A JSON string of the bytes in upper-case hexadecimal. */
json_t *report_json_hex(struct span bytes);
/* {code, symbol, message, remedy, where, exit}; null for ERR_OK. */
json_t *report_json_error(const struct error *e);
/* t (seconds since 1970) as a string "2026-11-24T23:20:45Z". */
json_t *report_json_time(int64_t t);
/* Prints the value on standard output and releases it. */
void report_json_print(json_t *value);

#endif

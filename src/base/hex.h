/* Bytes as hexadecimal text and back. */
#ifndef EONAY_BASE_HEX_H
#define EONAY_BASE_HEX_H

#include "base/bytes.h"

/* Appends s to out as upper-case digits without separators. */
void hex_append(struct bytes *out, struct span s);

/* Appends the bytes that text (pairs of digits of either case; spaces and colons between pairs are skipped) names.
 * False, with out unchanged, when text is anything else. */
bool hex_read(const char *text, struct bytes *out);

#endif

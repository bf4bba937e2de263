/* Base 64 (RFC 4648): the form with padding of section 4, and base64url without padding (section 5), as JOSE and OAuth
 * have it. What is read must be the one encoding of its bytes: the bits left over are 0 (section 3.5). */
#ifndef EONAY_BASE_BASE64_H
#define EONAY_BASE_BASE64_H

#include "base/bytes.h"

/* Appends s to out, with padding. */
void base64_append(struct bytes *out, struct span s);

/* Appends the bytes that text encodes, with padding; blanks and line ends in it are skipped. False, with out unchanged,
 * when text is anything else. */
bool base64_read(struct span text, struct bytes *out);

/* Appends s to out in base64url, without padding. */
void base64url_append(struct bytes *out, struct span s);

/* Appends the bytes that text encodes in base64url, without padding. False, with out unchanged, when text is anything
 * else. */
bool base64url_read(struct span text, struct bytes *out);

#endif

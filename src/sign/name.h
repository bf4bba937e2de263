/* Texts out of distinguished names. */
#ifndef EONAY_SIGN_NAME_H
#define EONAY_SIGN_NAME_H

#include <openssl/x509.h>

#include "base/bytes.h"

/* Appends an ASN.1 character string as UTF-8, which the result always is: a NUL, a surrogate and
 * any byte that is no UTF-8 become U+FFFD, which base/text takes as unsafe and shows. So nothing
 * ends a text early or hides in it. */
void name_append_string(struct bytes *out, const ASN1_STRING *string);

/* Appends every attribute of this kind (NID_commonName ...), in order, with ", " between two, so
 * that a second one can't hide behind the first. Returns how many there are. */
unsigned name_append(struct bytes *out, const X509_NAME *name, int nid);

/* Copies text 0-ended into out (size bytes), cut at a character when it is too long. */
void name_copy(char *out, size_t size, struct span text);

#endif

/* The bytes that are signed for a session: what is shown, what is hashed and what the service
 * compares are these. */
#ifndef EONAY_SIGN_CONTENT_H
#define EONAY_SIGN_CONTENT_H

#include "base/bytes.h"

#define CONTENT_TEXTS_MAX 16   /* texts a session may have */
#define CONTENT_MAX (1u << 20) /* bytes of all texts of a session together with their headings */

/* Appends to out the content made of the texts of a session. One text: its bytes as they are.
 * Several: each as "İmzalanacak Metin n:\n\n" text "\n", with a further "\n" between two. */
void content_join(const struct span *texts, size_t count, struct bytes *out);

#endif

/* Problem documents (RFC 9457): the catalogue of failures as the portal tells it over HTTP. */
#ifndef EONAY_PORTAL_PROBLEM_H
#define EONAY_PORTAL_PROBLEM_H

#include "portal/routes.h"

#define PROBLEM_TYPE "application/problem+json"

/* The HTTP status of a failure. */
unsigned problem_status(enum err code);

/* Appends the document: type "urn:eonay:error:K-410", title (the message), status, detail (the
 * remedy), code "K-410". What only concerns the operator (e->where) is not in it. */
void problem_write(enum err code, struct bytes *out);

/* The document becomes the answer, with its status. */
void problem_answer(enum err code, struct http_answer *answer);

#endif

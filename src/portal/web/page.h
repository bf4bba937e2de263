/* Pages for people. */
#ifndef EONAY_PORTAL_WEB_PAGE_H
#define EONAY_PORTAL_WEB_PAGE_H

#include "portal/answer.h"

/* The template template_name.html (portal/web/template.h), filled with values (an object, taken; NULL is an empty one),
 * becomes the body. Beside values each template has
 *   language   "tr" or "en"; turkish, english: which of them it is
 *   other_language  the page's address in the other one; values may have a page that it is of, where the request was a
 *              form or can't be made again
 *   csrf       for each form: <input type="hidden" name="csrf" value="{{csrf}}">
 *   demo       whether it is serve --demo
 *   person     who is logged in: name, masked (the T.C. kimlik no), operator; or nothing
 *   menu       which of its entries the page is: operations, consents or desk; nothing where it is a failure's
 * The parameter lang of the query changes the language for good (a cookie). A browser without a cookie is given one.
 * ERR_INTERNAL. */
enum err page_answer(const struct http_request *request, struct http_answer *answer,
	unsigned status, const char *template_name, json_t *values, struct error *e);

/* The page of a failure: message, remedy, code, and the way on. */
void page_failure(const struct http_request *request, enum err code, struct http_answer *answer);

#endif

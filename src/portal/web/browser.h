/* The cookie by which a browser is known again, and the token that a form of ours has because of it. */
#ifndef EONAY_PORTAL_WEB_BROWSER_H
#define EONAY_PORTAL_WEB_BROWSER_H

#include "portal/answer.h"

/* Puts the id in request's cookie into request->browser_id; "" when there is none of our form. */
void browser_recognise(struct http_request *request);

/* Gives the browser a new random id, in answer's cookie and out. ERR_CRYPTO. */
enum err browser_invent(const struct http_request *request, struct http_answer *answer,
	char out[BROWSER_ID_SIZE + 1], struct error *e);

/* Takes the browser its id. */
void browser_forget(const struct http_request *request, struct http_answer *answer);

#define BROWSER_CSRF_SIZE 64 /* characters */

/* The token of the forms of the browser id: an HMAC, kept nowhere. ERR_CRYPTO. */
enum err browser_csrf(const struct http_request *request, const char *id,
	char out[BROWSER_CSRF_SIZE + 1], struct error *e);

/* Was the form made for this browser, and sent by a page of ours? ERR_FORM, ERR_CRYPTO. */
enum err browser_check_form(const struct http_request *request, struct error *e);

#endif

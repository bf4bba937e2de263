/* What the files of the demo identity provider share. */
#ifndef EONAY_PORTAL_DEMO_IDP_PRIVATE_H
#define EONAY_PORTAL_DEMO_IDP_PRIVATE_H

#include "portal/demo/attempts.h"
#include "portal/demo/idp.h"
#include "portal/demo/issuer.h"
#include "portal/demo/people.h"

#include <pthread.h>

struct idp {
	struct people people;
	struct issuer *issuer;
	struct attempts *attempts;
	char secret[RANDOM_TEXT_SIZE];
	struct bytes
		credentials; /* what the Authorization header of our client says behind "Basic " */
	char name[128];      /* as issuer */
	char callback[128];
	pthread_mutex_t limits_mutex;
	struct ratelimit *by_address, *by_account; /* wrong passwords */
	struct ratelimit *challenges;              /* signing sessions, by address */
};

int64_t idp_now_s(void);

/* The attempt that the request's path names, begun by this browser. ERR_LOGIN_STATE. */
enum err idp_attempt(
	struct portal *p, const struct http_request *request, struct attempt *out, struct error *e);

/* Sends the browser back with the person's code. ERR_LOGIN_STATE: the attempt has ended; ERR_CRYPTO. */
enum err idp_succeed(struct portal *p, const struct attempt *attempt, const struct identity *who,
	struct http_answer *answer, struct error *e);

/* Sends the browser back with an error (RFC 6749 4.1.2.1). state: "" when there was none. */
void idp_fail(struct portal *p, const char *state, const char *error, struct http_answer *answer);

/* The login page with the method chosen: one of "sifre", "mobil", "e-imza", "kart", "banka". values (taken): what the
 * method's part of the template needs more. A refusal in the address (idp_refuse()) is told. */
enum err idp_page(const struct http_request *request, struct http_answer *answer,
	const struct attempt *attempt, const char *method, json_t *values, struct error *e);

/* Sends the browser to the attempt's page "giris" or "dosya", to be told there why the login failed: going back and loading
 * anew ask for no form again. Its address has no more of it than the code. */
void idp_refuse(const struct attempt *attempt, const char *page, const char *method,
	enum err refusal, struct http_answer *answer);

#endif

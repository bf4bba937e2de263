/* What the service asks of others over HTTP: the identity provider, OCSP responders, CRLs and time stamp authorities.
 * The one place where it goes out; libcurl, set as strictly as it can be: no redirect, no proxy, no .netrc, nothing of the
 * environment. Blocks, up to its deadline. */
#ifndef EONAY_PORTAL_FETCH_H
#define EONAY_PORTAL_FETCH_H

#include "base/bytes.h"
#include "base/error.h"

/* Whom TLS trusts, and connections that are kept. Safe for threads. */
struct fetch;

/* ca_file: PEM file of the CAs of the servers; NULL or "": the system's. ERR_INTERNAL. *out is ended by fetch_close(), when
 * no fetch_run() is under way any more. */
enum err fetch_open(const char *ca_file, struct fetch **out, struct error *e);
void fetch_close(struct fetch *f); /* NULL is allowed */

struct fetch_request {
	const char *url;
	/* The answer carries a signature of its own that the caller checks, as OCSP, CRL and time stamps do (RFC 6960 A.1,
	 * RFC 5280 8): http:// will do. Else it is only for loopback addresses. */
	bool answer_is_signed;
	const char *accept;        /* media type; NULL: any */
	const char *authorization; /* the header's value, a secret; NULL: none */
	const char *content_type;  /* of body: POST; NULL: GET */
	struct span body;
	long timeout_ms;   /* of all of it, connection and answer */
	size_t answer_max; /* bytes of a body; a longer one is no answer */
};

/* A zeroed struct is empty; fetch_release() empties it. */
struct fetch_answer {
	int status;
	char content_type[80]; /* as sent, cut; "" when there was none */
	struct bytes body;
};

/* Asks. A server that let a question run out of its time is left alone for twice that time: it is not asked then, but for a
 * single try when that has passed. ERR_OK when an answer has come, whatever its status. ERR_SERVICE_ADDRESS (not https, user or password in it),
 * ERR_SERVICE_UNREACHABLE, ERR_SERVICE_TLS, ERR_SERVICE_ANSWER (not HTTP, too long). On an error answer is empty. */
enum err fetch_run(struct fetch *f, const struct fetch_request *request,
	struct fetch_answer *answer, struct error *e);
void fetch_release(struct fetch_answer *answer);

#endif

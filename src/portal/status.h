/* Is a signer's certificate in force at this moment? Asked of the issuer's OCSP responder and, when that does not answer, looked
 * up in the issuer's revocation list; who can't be asked says nothing, and nothing is not accepted. */
#ifndef EONAY_PORTAL_STATUS_H
#define EONAY_PORTAL_STATUS_H

#include "portal/fetch.h"
#include "portal/store/store.h"
#include "sign/chain.h"
#include "sign/revocation.h"

struct status_settings {
	const char *ocsp_url;    /* "": from the certificate */
	const char *list_url;    /* the CRL of the signers' issuer; "": from the certificate */
	const char *ca_list_url; /* the CRL of the CA above it; "": from the issuer's certificate */
	const char *stamp_ocsp_url,
		*stamp_list_url; /* of the issuer of the time stamp authority's; "": from the certificate */
	bool from_certificate; /* may certificates say where? */
	bool nonce;
	enum revocation_hash hash;
	long ocsp_age_s; /* of an OCSP answer */
	long list_age_s; /* for which a CRL is kept before it is asked for again */
	long timeout_ms; /* of each question */
	long clock_s;    /* by which clocks may differ */
};

/* Settings (which it copies) and the lists that are kept. Safe for threads. */
struct status;

/* ERR_CONFIG_VALUE when there is nowhere to ask. f must outlive *out, which status_close() ends. */
enum err status_open(const struct status_settings *settings, struct fetch *f, struct status **out,
	struct error *e);
void status_close(struct status *s); /* NULL is allowed */

/* Checks chain: the signer's certificate by OCSP or list, the CAs between it and the root by their lists where it is known
 * where these are. evidence takes where the answer about the signer's came from (status_source, status_at, status_response).
 * ERR_CERTIFICATE_SUSPENDED, _REVOKED, _UNKNOWN; ERR_CERTIFICATE_STATUS when nobody could tell. */
enum err status_check(struct status *s, const struct chain *chain, int64_t now,
	struct signature *evidence, struct error *e);

/* The same of a time stamp authority's certificate and the CAs above it. One of which it is not known who could tell is as
 * good as trust in its root says. An answer is remembered for as long as it counts. */
enum err status_check_authority(
	struct status *s, const struct chain *chain, int64_t now, struct error *e);

#endif

#include "portal/demo/demo.h"
#include "portal/demo/pki_private.h"

#define REQUEST_MAX 8192 /* bytes of a question; they have some hundred */

static enum err answer_certificate(
	const struct pki *p, enum pki_part which, struct http_answer *answer, struct error *e)
{
	uint8_t *der = NULL;
	int n = i2d_X509(p->part[which].x, &der);

	answer->status = 200;
	answer->content_type = "application/pkix-cert"; /* RFC 2585 */
	if (n > 0)
		bytes_append(&answer->body, span_of(der, (size_t)n));
	OPENSSL_free(der);
	return n > 0 ? ERR_OK : error_set(e, ERR_CRYPTO, "certificate");
}

static enum err answer_ca(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	(void)request;
	return answer_certificate(p->demo->pki, PKI_CA, answer, e);
}

static enum err answer_root(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	(void)request;
	return answer_certificate(p->demo->pki, PKI_ROOT, answer, e);
}

static enum err answer_list(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	(void)request;
	answer->status = 200;
	answer->content_type = "application/pkix-crl"; /* RFC 2585 */
	return pki_write_list(p->demo->pki, p->store, &answer->body, e);
}

static enum err answer_root_list(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	(void)request;
	answer->status = 200;
	answer->content_type = "application/pkix-crl";
	return pki_write_list(p->demo->pki, NULL, &answer->body, e);
}

static enum err answer_ocsp(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	answer->status = 200;
	answer->content_type = "application/ocsp-response"; /* RFC 6960 A.2 */
	return pki_answer_ocsp(p->demo->pki, p->store, request->body, &answer->body, e);
}

static enum err answer_tsa(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	answer->status = 200;
	answer->content_type = "application/timestamp-reply"; /* RFC 3161 3.4 */
	return pki_answer_tsa(p->demo->pki, request->body, &answer->body, e);
}

/* Inline: the threads that work may all be waiting for just these. */
const struct route pki_routes[] = {
	{"GET", PKI_PATH "/ca", NULL, 0, answer_ca, ROUTE_DEMO | ROUTE_INLINE},
	{"GET", PKI_PATH "/root", NULL, 0, answer_root, ROUTE_DEMO | ROUTE_INLINE},
	{"GET", PKI_PATH "/crl", NULL, 0, answer_list, ROUTE_DEMO | ROUTE_INLINE},
	{"GET", PKI_PATH "/root-crl", NULL, 0, answer_root_list, ROUTE_DEMO | ROUTE_INLINE},
	{"POST", PKI_PATH "/ocsp", "application/ocsp-request", REQUEST_MAX, answer_ocsp,
		ROUTE_DEMO | ROUTE_INLINE},
	{"POST", PKI_PATH "/tsa", "application/timestamp-query", REQUEST_MAX, answer_tsa,
		ROUTE_DEMO | ROUTE_INLINE},
	{0},
};

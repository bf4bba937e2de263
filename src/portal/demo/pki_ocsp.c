/* The demo's OCSP responder (RFC 6960): the registry, signed. */
#include "portal/demo/pki_private.h"

#include "base/clock.h"
#include "base/hex.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>

#define QUESTIONS_MAX 16 /* certificates in one request */
#define NEXT_UPDATE_S 60

/* Is it our CA that the id names, by whatever hash? */
static bool is_ours(const struct pki *p, OCSP_CERTID *id)
{
	X509 *ca = p->part[PKI_CA].x;
	ASN1_OBJECT *hash = NULL;
	OCSP_CERTID *ours = NULL;
	const EVP_MD *md;
	bool same;

	OCSP_id_get0_info(NULL, &hash, NULL, NULL, id);
	md = EVP_get_digestbyobj(hash);
	if (md)
		ours = OCSP_cert_id_new(md, X509_get_subject_name(ca), X509_get0_pubkey_bitstr(ca),
			X509_get0_serialNumber(ca));
	same = ours && OCSP_id_issuer_cmp(ours, id) == 0;
	OCSP_CERTID_free(ours);
	return same;
}

static void write_serial(OCSP_CERTID *id, struct bytes *out)
{
	ASN1_INTEGER *serial = NULL;

	OCSP_id_get0_info(NULL, NULL, NULL, &serial, id);
	hex_append(out, span_of(ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial)));
}

/* The time stamp authority is no person's, so not in the registry: it is in force. */
static bool is_authority(const struct pki *p, OCSP_CERTID *id)
{
	ASN1_INTEGER *serial = NULL;

	OCSP_id_get0_info(NULL, NULL, NULL, &serial, id);
	return ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(p->part[PKI_TSA].x)) == 0;
}

/* ERR_RECORD_UNKNOWN: none of ours, or not in the registry. */
static enum err look_up(const struct pki *p, struct store *store, OCSP_CERTID *id,
	struct registered *found, struct error *e)
{
	struct bytes serial = {0};
	enum err code;

	if (!is_ours(p, id))
		return ERR_RECORD_UNKNOWN;
	if (is_authority(p, id))
		return ERR_OK;
	write_serial(id, &serial);
	code = store_find_certificate(store, bytes_text(&serial), p->ca_name, found, e);
	bytes_free(&serial);
	return code;
}

static int status_of(const struct registered *found, int *reason)
{
	*reason = found->status == REGISTERED_SUSPENDED ? OCSP_REVOKED_STATUS_CERTIFICATEHOLD
							: OCSP_REVOKED_STATUS_NOSTATUS;
	return found->status == REGISTERED_VALID ? V_OCSP_CERTSTATUS_GOOD
						 : V_OCSP_CERTSTATUS_REVOKED;
}

static bool add_status(OCSP_BASICRESP *basic, OCSP_CERTID *id, int status, int reason, int64_t at)
{
	ASN1_TIME *now = ASN1_GENERALIZEDTIME_set(NULL, (time_t)clock_wall_s());
	ASN1_TIME *next = ASN1_GENERALIZEDTIME_set(NULL, (time_t)clock_wall_s() + NEXT_UPDATE_S);
	ASN1_TIME *when = ASN1_GENERALIZEDTIME_set(NULL, (time_t)at);
	bool done = now && next && when &&
		    OCSP_basic_add1_status(basic, id, status, reason, when, now, next);

	ASN1_TIME_free(now);
	ASN1_TIME_free(next);
	ASN1_TIME_free(when);
	return done;
}

static enum err answer_one(const struct pki *p, struct store *store, OCSP_CERTID *id,
	OCSP_BASICRESP *basic, struct error *e)
{
	struct registered found = {0};
	int status = V_OCSP_CERTSTATUS_UNKNOWN, reason = OCSP_REVOKED_STATUS_NOSTATUS;
	enum err code = look_up(p, store, id, &found, e);

	if (code == ERR_OK)
		status = status_of(&found, &reason);
	if (code == ERR_RECORD_UNKNOWN)
		code = ERR_OK;
	if (!code && !add_status(basic, id, status, reason, found.status_at))
		code = error_set(e, ERR_CRYPTO, "OCSP status");
	registered_free(&found);
	return code;
}

static enum err answer_all(const struct pki *p, struct store *store, OCSP_REQUEST *request,
	OCSP_BASICRESP *basic, struct error *e)
{
	int n = OCSP_request_onereq_count(request);
	enum err code = ERR_OK;

	for (int i = 0; !code && i < n; i++)
		code = answer_one(p, store,
			OCSP_onereq_get0_id(OCSP_request_onereq_get0(request, i)), basic, e);
	/* 1 and 2: there was one, and it is in the answer; there was none. */
	if (!code && (OCSP_copy_nonce(basic, request) < 1 ||
			     OCSP_basic_sign(basic, p->part[PKI_OCSP].x, p->part[PKI_OCSP].key,
				     EVP_sha256(), NULL, 0) != 1))
		code = error_set(e, ERR_CRYPTO, "OCSP signature");
	return code;
}

static enum err write_response(OCSP_RESPONSE *response, struct bytes *out, struct error *e)
{
	uint8_t *der = NULL;
	int n = response ? i2d_OCSP_RESPONSE(response, &der) : -1;

	if (n > 0)
		bytes_append(out, span_of(der, (size_t)n));
	OPENSSL_free(der);
	return n > 0 ? ERR_OK : error_set(e, ERR_CRYPTO, "OCSP response");
}

static OCSP_REQUEST *read_request(struct span der)
{
	const unsigned char *at = der.at;
	OCSP_REQUEST *request = d2i_OCSP_REQUEST(NULL, &at, (long)der.n);
	int n = request ? OCSP_request_onereq_count(request) : 0;

	if (at == der.at + der.n && n >= 1 && n <= QUESTIONS_MAX)
		return request;
	OCSP_REQUEST_free(request);
	return NULL;
}

enum err pki_answer_ocsp(const struct pki *p, struct store *store, struct span der,
	struct bytes *out, struct error *e)
{
	OCSP_REQUEST *request;
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	OCSP_RESPONSE *response = NULL;
	enum err code = ERR_OK;

	ERR_set_mark();
	request = read_request(der);
	if (request && basic)
		code = answer_all(p, store, request, basic, e);
	if (!code) {
		response = OCSP_response_create(request ? OCSP_RESPONSE_STATUS_SUCCESSFUL
							: OCSP_RESPONSE_STATUS_MALFORMEDREQUEST,
			request ? basic : NULL);
		code = write_response(response, out, e);
	}
	ERR_pop_to_mark();
	OCSP_RESPONSE_free(response);
	OCSP_BASICRESP_free(basic);
	OCSP_REQUEST_free(request);
	return code;
}

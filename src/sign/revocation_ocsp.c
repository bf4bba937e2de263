/* OCSP (RFC 6960): OpenSSL reads and writes; who may say what, and when, is judged here. */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <string.h>

#include "sign/crypto.h"
#include "sign/der.h"
#include "sign/revocation_ocsp.h"

enum err ocsp_refuse(struct ocsp_judgement *j, const char *why)
{
	return error_set(j->e, ERR_REVOCATION_ANSWER, "OCSP: %s", why);
}

EVP_MD *ocsp_hash(enum revocation_hash hash)
{
	return EVP_MD_fetch(crypto_context(), hash == REVOCATION_SHA256 ? "SHA256" : "SHA1", NULL);
}

static OCSP_CERTID *make_id(const struct revocation_parties *p, enum revocation_hash hash)
{
	EVP_MD *md = crypto_context() ? ocsp_hash(hash) : NULL;
	OCSP_CERTID *id = md ? OCSP_cert_id_new(md, X509_get_subject_name(p->issuer),
				       X509_get0_pubkey_bitstr(p->issuer),
				       X509_get0_serialNumber(p->certificate))
			     : NULL;

	EVP_MD_free(md);
	return id;
}

/* The request takes the id. */
static bool fill_request(OCSP_REQUEST *request, OCSP_CERTID *id, struct span nonce)
{
	uint8_t value[REVOCATION_NONCE_SIZE];

	if (!OCSP_request_add0_id(request, id)) {
		OCSP_CERTID_free(id);
		return false;
	}
	if (nonce.n == 0)
		return true;
	if (nonce.n > sizeof(value))
		return false;
	memcpy(value, nonce.at, nonce.n);
	return OCSP_request_add1_nonce(request, value, (int)nonce.n) == 1;
}

static bool write_request(OCSP_REQUEST *request, struct bytes *out)
{
	uint8_t *der = NULL;
	int n = i2d_OCSP_REQUEST(request, &der);

	if (n > 0)
		bytes_append(out, span_of(der, (size_t)n));
	OPENSSL_free(der);
	return n > 0;
}

enum err revocation_request(
	const struct revocation_question *question, struct bytes *out, struct error *e)
{
	struct revocation_parties p = {0};
	OCSP_REQUEST *request = NULL;
	OCSP_CERTID *id = NULL;
	enum err code;

	ERR_set_mark();
	code = revocation_parties_read(question, &p, e);
	if (!code) {
		id = make_id(&p, question->hash);
		request = OCSP_REQUEST_new();
		if (!id || !request || !fill_request(request, id, question->nonce) ||
			!write_request(request, out))
			code = error_set(e, ERR_CRYPTO, "OCSP request");
	}
	ERR_pop_to_mark();
	OCSP_REQUEST_free(request);
	revocation_parties_free(&p);
	return code;
}

/* Written again it is the same: nothing in it that was not read. */
static bool is_canonical(OCSP_RESPONSE *response, struct span der)
{
	uint8_t *again = NULL;
	int n = i2d_OCSP_RESPONSE(response, &again);
	bool same = n > 0 && span_equal(der, span_of(again, (size_t)n));

	OPENSSL_free(again);
	return same;
}

/* The basic response lies in an OCTET STRING, which is the last thing in the response. */
static bool basic_is_canonical(OCSP_BASICRESP *basic, struct span der)
{
	uint8_t *again = NULL;
	int n = i2d_OCSP_BASICRESP(basic, &again);
	struct bytes tail = {0};
	bool same = false;

	if (n > 0 && der_is_whole(span_of(again, (size_t)n))) {
		der_put(&tail, DER_OCTET_STRING, span_of(again, (size_t)n));
		same = der.n > tail.n &&
		       span_equal(span_from(der, der.n - tail.n), bytes_span(&tail));
	}
	bytes_free(&tail);
	OPENSSL_free(again);
	return same;
}

static enum err read_response(struct ocsp_judgement *j, struct span der)
{
	const unsigned char *at = der.at;
	int status;

	if (der.n > REVOCATION_ANSWER_MAX || !der_is_whole(der))
		return ocsp_refuse(j, "not one response in DER");
	j->response = d2i_OCSP_RESPONSE(NULL, &at, (long)der.n);
	if (!j->response || !is_canonical(j->response, der))
		return ocsp_refuse(j, "not one response in DER");
	status = OCSP_response_status(j->response);
	if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL)
		return ocsp_refuse(j, OCSP_response_status_str(status));
	j->basic = OCSP_response_get1_basic(j->response);
	if (!j->basic || !basic_is_canonical(j->basic, der))
		return ocsp_refuse(j, "not one basic response in DER");
	return ERR_OK;
}

static enum err check_signature(struct ocsp_judgement *j)
{
	X509 *signer = j->responder ? j->responder : j->parties.issuer;
	const X509_ALGOR *algorithm = OCSP_resp_get0_tbs_sigalg(j->basic);

	if (!crypto_algorithm_is_known(algorithm))
		return ocsp_refuse(j, "signature algorithm");
	if (ASN1_item_verify_ex(ASN1_ITEM_rptr(OCSP_RESPDATA), algorithm,
		    OCSP_resp_get0_signature(j->basic), OCSP_resp_get0_respdata(j->basic), NULL,
		    X509_get0_pubkey(signer), crypto_context(), NULL) != 1)
		return ocsp_refuse(j, "signature");
	return ERR_OK;
}

/* The value of the extension is an OCTET STRING (RFC 8954 2.1). */
static bool nonce_is_equal(OCSP_BASICRESP *basic, int at, struct span nonce)
{
	const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(OCSP_BASICRESP_get_ext(basic, at));
	struct span inside;

	return der_only(span_of(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)),
		       DER_OCTET_STRING, &inside) &&
	       span_equal(inside, nonce);
}

static enum err check_nonce(struct ocsp_judgement *j)
{
	int at = OCSP_BASICRESP_get_ext_by_NID(j->basic, NID_id_pkix_OCSP_Nonce, -1);

	if (j->question->nonce.n == 0)
		return ERR_OK;
	if (at < 0 || OCSP_BASICRESP_get_ext_by_NID(j->basic, NID_id_pkix_OCSP_Nonce, at) >= 0 ||
		!nonce_is_equal(j->basic, at, j->question->nonce))
		return ocsp_refuse(j, "nonce");
	return ERR_OK;
}

static enum err check_extensions(struct ocsp_judgement *j)
{
	int at = -1;

	while ((at = OCSP_BASICRESP_get_ext_by_critical(j->basic, 1, at)) >= 0) {
		if (at != OCSP_BASICRESP_get_ext_by_NID(j->basic, NID_id_pkix_OCSP_Nonce, -1))
			return ocsp_refuse(j, "critical extension");
	}
	return ERR_OK;
}

static enum err find_single(struct ocsp_judgement *j)
{
	int n = OCSP_resp_count(j->basic);

	for (int i = 0; i < n; i++) {
		OCSP_SINGLERESP *single = OCSP_resp_get0(j->basic, i);

		if (OCSP_id_cmp(j->id, OCSP_SINGLERESP_get0_id(single)) != 0)
			continue;
		if (j->single)
			return ocsp_refuse(j, "two answers for the certificate");
		j->single = single;
	}
	if (!j->single)
		return ocsp_refuse(j, "no answer for the certificate");
	if (OCSP_SINGLERESP_get_ext_by_critical(j->single, 1, -1) >= 0)
		return ocsp_refuse(j, "critical extension");
	return ERR_OK;
}

static enum err check_times(struct ocsp_judgement *j, const ASN1_GENERALIZEDTIME *this,
	const ASN1_GENERALIZEDTIME *next)
{
	const struct revocation_question *q = j->question;
	struct revocation_verdict *v = j->verdict;

	if (!revocation_time(OCSP_resp_get0_produced_at(j->basic), &v->produced_at) ||
		!revocation_time(this, &v->this_update) ||
		(next && !revocation_time(next, &v->next_update)))
		return ocsp_refuse(j, "a time");
	if (v->this_update > q->at + q->clock_s || v->produced_at > q->at + q->clock_s)
		return ocsp_refuse(j, "from the future");
	if (v->this_update < q->at - q->age_max_s)
		return ocsp_refuse(j, "too old");
	if (next && (v->next_update < q->at || v->next_update < v->this_update))
		return ocsp_refuse(j, "nextUpdate is over");
	return ERR_OK;
}

/* RFC 6960 2.2: a certificate that was never issued may be told as on hold since 1970. */
static void read_revoked(struct ocsp_judgement *j, int reason, int64_t at)
{
	if (reason == CRL_REASON_CERTIFICATE_HOLD && at == 0)
		j->verdict->status = REVOCATION_UNKNOWN;
	else
		revocation_verdict_revoked(j->verdict, reason, at);
}

static enum err read_status(struct ocsp_judgement *j)
{
	ASN1_GENERALIZEDTIME *revoked = NULL, *this = NULL, *next = NULL;
	int reason = -1;
	int status = OCSP_single_get0_status(j->single, &reason, &revoked, &this, &next);
	int64_t at = 0;
	enum err code = check_times(j, this, next);

	if (code)
		return code;
	if (status == V_OCSP_CERTSTATUS_GOOD)
		j->verdict->status = REVOCATION_GOOD;
	if (status != V_OCSP_CERTSTATUS_REVOKED)
		return ERR_OK;
	if (!revocation_time(revoked, &at))
		return ocsp_refuse(j, "a time");
	read_revoked(j, reason, at);
	return ERR_OK;
}

/* What costs little comes first. */
static enum err judge(struct ocsp_judgement *j, struct span response)
{
	static enum err (*const checks[])(struct ocsp_judgement *) = {
		check_extensions,
		check_nonce,
		find_single,
		read_status,
		ocsp_check_responder,
		check_signature,
	};
	enum err code = read_response(j, response);

	if (!code)
		code = revocation_parties_read(j->question, &j->parties, j->e);
	if (!code && !(j->id = make_id(&j->parties, j->question->hash)))
		code = error_set(j->e, ERR_CRYPTO, "OCSP: hash");
	for (size_t i = 0; !code && i < sizeof(checks) / sizeof(*checks); i++)
		code = checks[i](j);
	return code;
}

enum err revocation_check_ocsp(const struct revocation_question *question, struct span response,
	struct revocation_verdict *verdict, struct error *e)
{
	struct ocsp_judgement j = {.question = question, .verdict = verdict, .e = e};
	enum err code;

	*verdict = (struct revocation_verdict){.status = REVOCATION_UNKNOWN, .reason = -1};
	ERR_set_mark();
	code = judge(&j, response);
	ERR_pop_to_mark();
	if (code)
		verdict->status = REVOCATION_UNKNOWN;
	OCSP_CERTID_free(j.id);
	OCSP_BASICRESP_free(j.basic);
	OCSP_RESPONSE_free(j.response);
	X509_free(j.responder);
	revocation_parties_free(&j.parties);
	return code;
}

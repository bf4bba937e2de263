#include "sign/timestamp.h"

#include <openssl/err.h>
#include <openssl/ts.h>

#include <string.h>

#include "sign/crypto.h"
#include "sign/der.h"
#include "sign/timestamp_token.h"

static enum err refuse(struct error *e, const char *why)
{
	return error_set(e, ERR_TIMESTAMP, "time stamp: %s", why);
}

static bool set_imprint(TS_REQ *request, const struct timestamp_question *q)
{
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *algorithm = X509_ALGOR_new();
	uint8_t value[DIGEST_MAX];
	bool done;

	memcpy(value, q->imprint.at, q->imprint.n);
	done = imprint && algorithm &&
	       X509_ALGOR_set0(algorithm, OBJ_nid2obj(timestamp_digest_nid(q->digest)), V_ASN1_NULL,
		       NULL) == 1 &&
	       TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
	       TS_MSG_IMPRINT_set_msg(imprint, value, (int)q->imprint.n) == 1 &&
	       TS_REQ_set_msg_imprint(request, imprint) == 1;
	X509_ALGOR_free(algorithm);
	TS_MSG_IMPRINT_free(imprint);
	return done;
}

static bool set_nonce(TS_REQ *request, struct span nonce)
{
	ASN1_INTEGER *value;
	bool done;

	if (nonce.n == 0)
		return true;
	value = ASN1_INTEGER_new();
	done = value && ASN1_STRING_set(value, nonce.at, (int)nonce.n) == 1 &&
	       TS_REQ_set_nonce(request, value) == 1;
	ASN1_INTEGER_free(value);
	return done;
}

static bool write_request(const TS_REQ *request, struct bytes *out)
{
	uint8_t *der = NULL;
	int n = i2d_TS_REQ(request, &der);

	if (n > 0)
		bytes_append(out, span_of(der, (size_t)n));
	OPENSSL_free(der);
	return n > 0;
}

static bool is_askable(const struct timestamp_question *q)
{
	if (q->digest == DIGEST_NONE || q->imprint.n != digest_size(q->digest))
		return false;
	return q->nonce.n == 0 ||
	       (q->nonce.n <= TIMESTAMP_NONCE_MAX && q->nonce.at[0] >= 1 && q->nonce.at[0] <= 0x7F);
}

enum err timestamp_request(
	const struct timestamp_question *question, struct bytes *out, struct error *e)
{
	TS_REQ *request;
	enum err code = ERR_OK;

	if (!is_askable(question))
		return error_set(e, ERR_INTERNAL, "time stamp: imprint or nonce");
	ERR_set_mark();
	request = TS_REQ_new();
	if (!request || TS_REQ_set_version(request, 1) != 1 || !set_imprint(request, question) ||
		!set_nonce(request, question->nonce) || TS_REQ_set_cert_req(request, 1) != 1 ||
		!write_request(request, out))
		code = error_set(e, ERR_CRYPTO, "time stamp request");
	ERR_pop_to_mark();
	TS_REQ_free(request);
	return code;
}

/* TimeStampResp { PKIStatusInfo { status INTEGER ... }, timeStampToken OPTIONAL } (RFC 3161 2.4.2) */
static bool take_apart(struct span response, struct span *status, struct span *token)
{
	struct span body, info, last = {0};

	if (!der_is_whole(response) || !der_only(response, DER_SEQUENCE, &body) ||
		!der_take(&body, DER_SEQUENCE, &info) || !der_take(&info, DER_INTEGER, status) ||
		status->n != 1)
		return false;
	if (body.n && (!der_take_whole(&body, DER_SEQUENCE, &last) || body.n))
		return false;
	*token = last;
	return true;
}

enum err timestamp_check_response(const struct timestamp_question *question, struct span response,
	struct span *token, struct timestamp *out, struct error *e)
{
	struct span status;

	*token = (struct span){0};
	*out = (struct timestamp){0};
	if (response.n > TIMESTAMP_MAX || !take_apart(response, &status, token))
		return refuse(e, "not one response in DER");
	if (status.at[0] != TS_STATUS_GRANTED && status.at[0] != TS_STATUS_GRANTED_WITH_MODS)
		return error_set(e, ERR_TIMESTAMP, "time stamp: status %d", status.at[0]);
	if (token->n == 0)
		return refuse(e, "no token");
	return timestamp_check(question, *token, out, e);
}

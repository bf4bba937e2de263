#include "sign/stamp.h"

#include "unit.h"

#include <openssl/ts.h>

#include "sign/timestamp.h"

void stamp_make_authority(struct pki *out, const struct pki *issuer, int64_t to)
{
	pki_make(out,
		&(struct pki_spec){.key = "p384",
			.name = "ZDS",
			.to = to,
			.usage = "critical,digitalSignature",
			.extended_usage = "critical,timeStamping"},
		issuer);
}

static ASN1_INTEGER *serial(struct TS_resp_ctx *c, void *data)
{
	ASN1_INTEGER *one = ASN1_INTEGER_new();

	(void)c;
	(void)data;
	ASN1_INTEGER_set(one, 1);
	return one;
}

static int tell_time(struct TS_resp_ctx *c, void *data, long *seconds, long *microseconds)
{
	(void)c;
	*seconds = (long)*(const int64_t *)data;
	*microseconds = 0;
	return 1;
}

static void write_token(TS_RESP *response, struct bytes *token)
{
	uint8_t *der = NULL;
	int n;

	assert_non_null(response);
	assert_non_null(TS_RESP_get_token(response));
	n = i2d_PKCS7(TS_RESP_get_token(response), &der);
	assert_true(n > 0);
	bytes_append(token, span_of(der, (size_t)n));
	OPENSSL_free(der);
	TS_RESP_free(response);
}

void stamp_make(const struct pki *authority, const struct pki *issuer, enum digest d,
	struct span stamped, int64_t time, struct bytes *token)
{
	uint8_t imprint[DIGEST_MAX];
	struct timestamp_question question = {
		.digest = d, .imprint = span_of(imprint, digest_size(d))};
	STACK_OF(X509) *chain = sk_X509_new_null();
	ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4", 1);
	TS_RESP_CTX *c = TS_RESP_CTX_new();
	struct bytes request = {0};
	BIO *in;

	assert_int_equal(digest_of(d, stamped, imprint, NULL), ERR_OK);
	assert_int_equal(timestamp_request(&question, &request, NULL), ERR_OK);
	in = BIO_new_mem_buf(request.at, (int)request.n);
	sk_X509_push(chain, issuer->x);
	TS_RESP_CTX_set_signer_cert(c, authority->x);
	TS_RESP_CTX_set_signer_key(c, authority->key);
	TS_RESP_CTX_set_certs(c, chain);
	TS_RESP_CTX_set_def_policy(c, policy);
	TS_RESP_CTX_set_signer_digest(c, EVP_sha256());
	TS_RESP_CTX_set_ess_cert_id_digest(c, EVP_sha256());
	TS_RESP_CTX_add_md(c, EVP_sha256());
	TS_RESP_CTX_add_md(c, EVP_sha384());
	TS_RESP_CTX_add_md(c, EVP_sha512());
	TS_RESP_CTX_set_serial_cb(c, serial, NULL);
	TS_RESP_CTX_set_time_cb(c, tell_time, &time);
	write_token(TS_RESP_create_response(c, in), token);
	TS_RESP_CTX_free(c);
	ASN1_OBJECT_free(policy);
	sk_X509_free(chain);
	BIO_free(in);
	bytes_free(&request);
}

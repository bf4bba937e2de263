/* The demo's time stamp authority (RFC 3161): OpenSSL's. */
#include "portal/demo/pki_private.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ts.h>

#define POLICY "1.3.6.1.4.1.55555.1.1" /* made up */

/* Unique enough without a counter: 63 random bits. */
static ASN1_INTEGER *make_serial(struct TS_resp_ctx *context, void *data)
{
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	uint64_t number = 0;

	(void)context;
	(void)data;
	if (serial && RAND_bytes((uint8_t *)&number, sizeof(number)) == 1 &&
		ASN1_INTEGER_set_uint64(serial, number >> 1 | 1) == 1)
		return serial;
	ASN1_INTEGER_free(serial);
	return NULL;
}

static bool accept_digests(TS_RESP_CTX *c)
{
	return TS_RESP_CTX_add_md(c, EVP_sha256()) == 1 &&
	       TS_RESP_CTX_add_md(c, EVP_sha384()) == 1 && TS_RESP_CTX_add_md(c, EVP_sha512()) == 1;
}

static bool set_authority(TS_RESP_CTX *c, const struct pki *p)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	ASN1_OBJECT *policy = OBJ_txt2obj(POLICY, 1);
	bool done = chain && policy && sk_X509_push(chain, p->part[PKI_CA].x) &&
		    TS_RESP_CTX_set_signer_cert(c, p->part[PKI_TSA].x) == 1 &&
		    TS_RESP_CTX_set_signer_key(c, p->part[PKI_TSA].key) == 1 &&
		    TS_RESP_CTX_set_certs(c, chain) == 1 &&
		    TS_RESP_CTX_set_def_policy(c, policy) == 1 &&
		    TS_RESP_CTX_set_signer_digest(c, EVP_sha256()) == 1 &&
		    TS_RESP_CTX_set_ess_cert_id_digest(c, EVP_sha256()) == 1 &&
		    TS_RESP_CTX_set_accuracy(c, 1, 0, 0) == 1 && accept_digests(c);

	ASN1_OBJECT_free(policy);
	sk_X509_free(chain);
	return done;
}

/* A request that can't be read gets a response that says so. */
enum err pki_answer_tsa(
	const struct pki *p, struct span request, struct bytes *out, struct error *e)
{
	BIO *in = BIO_new_mem_buf(request.at, (int)request.n);
	TS_RESP_CTX *c = TS_RESP_CTX_new();
	TS_RESP *response = NULL;
	uint8_t *der = NULL;
	int n = 0;

	ERR_set_mark();
	if (in && c && set_authority(c, p)) {
		TS_RESP_CTX_set_serial_cb(c, make_serial, NULL);
		response = TS_RESP_create_response(c, in);
	}
	if (response)
		n = i2d_TS_RESP(response, &der);
	if (n > 0)
		bytes_append(out, span_of(der, (size_t)n));
	OPENSSL_free(der);
	ERR_pop_to_mark();
	TS_RESP_free(response);
	TS_RESP_CTX_free(c);
	BIO_free(in);
	return n > 0 ? ERR_OK : error_set(e, ERR_CRYPTO, "time stamp");
}

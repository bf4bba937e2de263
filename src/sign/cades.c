#include "sign/cades.h"

#include <stdlib.h>
#include <string.h>

#include "sign/algorithm.h"
#include "sign/attributes.h"
#include "sign/chain.h"
#include "sign/cms.h"
#include "sign/crypto.h"
#include "sign/der.h"
#include "sign/oid.h"
#include "sign/verify.h"

enum step { STEP_CONTENT, STEP_SIGNATURE, STEP_DONE };

struct cades {
	enum step step;
	struct bytes store; /* the certificates' DER, one behind the other */
	struct span certificates[CMS_CERTIFICATES_MAX]; /* in store; the signer's first */
	size_t certificate_count;
	X509 *signer;
	bool detached;
	int64_t signing_time;
	enum signature_scheme scheme;
	enum digest digest;
	EVP_MD_CTX *content;
	uint64_t content_size;
	uint8_t content_digest[DIGEST_MAX];
	struct bytes attributes; /* DER SET OF: what is signed */
	uint8_t to_sign[DIGEST_MAX];
};

static bool holds_certificate(const struct cades *c, struct span one)
{
	for (size_t i = 0; i < c->certificate_count; i++) {
		if (span_equal(c->certificates[i], one))
			return true;
	}
	return false;
}

/* Copies the signer's and the further certificates, each once. */
static enum err take_certificates(struct cades *c, const struct cades_request *r, struct error *e)
{
	if (r->further_count > CHAIN_FURTHER_MAX)
		return error_set(e, ERR_CERTIFICATE, "%zu further certificates", r->further_count);
	bytes_append(&c->store, r->certificate);
	for (size_t i = 0; i < r->further_count; i++)
		bytes_append(&c->store, r->further[i]);
	/* Only now: store does not move any more. */
	for (size_t i = 0, at = 0; i <= r->further_count; i++) {
		struct span one = i ? r->further[i - 1] : r->certificate;
		X509 *x = crypto_read_certificate(one);

		if (!x)
			return error_set(e, ERR_CERTIFICATE, "certificate %zu", i);
		X509_free(x);
		one.at = c->store.at + at;
		at += one.n;
		if (!holds_certificate(c, one))
			c->certificates[c->certificate_count++] = one;
	}
	return ERR_OK;
}

/* P-384 with SHA-384, P-521 with SHA-512, all else with SHA-256; an RSASSA-PSS key may allow one
 * digest only. */
static enum digest digest_for(EVP_PKEY *key, unsigned bits, enum certificate_key kind)
{
	char only[16];

	if (EVP_PKEY_get_default_digest_name(key, only, sizeof(only)) == 2) {
		if (strcmp(only, "SHA384") == 0 || strcmp(only, "SHA2-384") == 0)
			return DIGEST_SHA384;
		if (strcmp(only, "SHA512") == 0 || strcmp(only, "SHA2-512") == 0)
			return DIGEST_SHA512;
	}
	if (kind != CERTIFICATE_KEY_EC || bits <= 256)
		return DIGEST_SHA256;
	return bits <= 384 ? DIGEST_SHA384 : DIGEST_SHA512;
}

static enum err choose_algorithms(struct cades *c, const struct cades_request *r, struct error *e)
{
	EVP_PKEY *key = X509_get0_pubkey(c->signer);
	unsigned bits;
	enum certificate_key kind = crypto_key_kind(key, &bits);

	if (!crypto_key_is_strong(kind, bits))
		return error_set(e, ERR_CERTIFICATE_KEY, "%u bits", bits);
	if (kind == CERTIFICATE_KEY_EC)
		c->scheme = SCHEME_ECDSA;
	else
		c->scheme =
			r->pss || EVP_PKEY_is_a(key, "RSA-PSS") ? SCHEME_RSA_PSS : SCHEME_RSA_PKCS1;
	if (r->pss && c->scheme != SCHEME_RSA_PSS)
		return error_set(e, ERR_ALGORITHM, "PSS wants an RSA key");
	c->digest = r->digest == DIGEST_NONE ? digest_for(key, bits, kind) : r->digest;
	return ERR_OK;
}

static enum err begin(struct cades *c, const struct cades_request *r, struct error *e)
{
	enum err result;

	if (r->signing_time < 0 || r->signing_time > DER_TIME_MAX)
		return error_set(e, ERR_INTERNAL, "signing-time %lld", (long long)r->signing_time);
	c->detached = r->detached;
	c->signing_time = r->signing_time;
	result = take_certificates(c, r, e);
	if (result)
		return result;
	c->signer = crypto_read_certificate(c->certificates[0]);
	if (!c->signer)
		return error_set(e, ERR_CERTIFICATE, "signer's certificate");
	result = choose_algorithms(c, r, e);
	if (result)
		return result;
	c->content = crypto_digest_begin(c->digest);
	return c->content ? ERR_OK : error_set(e, ERR_CRYPTO, "%s", digest_name(c->digest));
}

enum err cades_begin(const struct cades_request *request, struct cades **out, struct error *e)
{
	*out = must_zalloc(sizeof(**out));
	return begin(*out, request, e);
}

enum err cades_update(struct cades *c, struct span piece, struct error *e)
{
	if (c->step != STEP_CONTENT)
		return error_set(e, ERR_INTERNAL, "content after cades_prepare()");
	if (piece.n && EVP_DigestUpdate(c->content, piece.at, piece.n) != 1)
		return error_set(e, ERR_CRYPTO, "%s", digest_name(c->digest));
	c->content_size += piece.n;
	return ERR_OK;
}

enum err cades_prepare(struct cades *c, struct cades_to_sign *out, struct error *e)
{
	size_t n = digest_size(c->digest);
	enum err result;

	if (c->step != STEP_CONTENT)
		return error_set(e, ERR_INTERNAL, "cades_prepare() twice");
	if (EVP_DigestFinal_ex(c->content, c->content_digest, NULL) != 1)
		return error_set(e, ERR_CRYPTO, "%s", digest_name(c->digest));
	result = attributes_put(&c->attributes, c->digest, span_of(c->content_digest, n),
		c->signing_time, c->certificates, c->certificate_count, e);
	if (!result)
		result = digest_of(c->digest, bytes_span(&c->attributes), c->to_sign, e);
	if (result)
		return result;
	c->step = STEP_SIGNATURE;
	*out = (struct cades_to_sign){.scheme = c->scheme, .digest = c->digest};
	memcpy(out->value, c->to_sign, n);
	return ERR_OK;
}

/* SignerInfo of version 1 (RFC 5652 5.3). */
static bool put_signer(struct bytes *out, const struct cades *c, struct span signature)
{
	size_t signer = der_begin(out), part;
	struct span issuer, serial, attributes;

	if (!attributes_issuer_serial(c->certificates[0], &issuer, &serial) ||
		!der_only(bytes_span(&c->attributes), DER_SET, &attributes))
		return false;
	der_put(out, DER_INTEGER, OID(1));
	part = der_begin(out);
	bytes_append(out, issuer);
	bytes_append(out, serial);
	der_end(out, part, DER_SEQUENCE);
	algorithm_put_digest(out, c->digest);
	der_put(out, DER_CONTEXT_0, attributes);
	algorithm_put_signature(out, c->scheme, c->digest);
	der_put(out, DER_OCTET_STRING, signature);
	der_end(out, signer, DER_SEQUENCE);
	return true;
}

/* What stands behind the content: certificates and the one SignerInfo. */
static bool put_tail(struct bytes *out, struct cades *c, struct span signature)
{
	struct span set[CMS_CERTIFICATES_MAX];
	size_t signers;
	bool done;

	memcpy(set, c->certificates, sizeof(set));
	der_put_set(out, DER_CONTEXT_0, set, c->certificate_count);
	signers = der_begin(out);
	done = put_signer(out, c, signature);
	der_end(out, signers, DER_SET);
	return done;
}

/* Puts more before what b holds. */
static void put_before(struct bytes *b, struct bytes *more)
{
	bytes_append(more, bytes_span(b));
	bytes_free(b);
	*b = *more;
	*more = (struct bytes){0};
}

/* Puts the header of an element before what b holds; the element's value is b, and rest bytes that
 * follow elsewhere. */
static void wrap(struct bytes *b, uint8_t tag, uint64_t rest)
{
	struct bytes header = {0};

	der_put_header(&header, tag, b->n + rest);
	put_before(b, &header);
}

/* What stands before the content, written from the inside out since lengths come first in DER.
 * rest: bytes that come behind, content included. */
static void put_head(struct bytes *head, const struct cades *c, bool detached, size_t tail)
{
	uint64_t content = detached ? 0 : c->content_size;
	struct bytes b = {0}, before = {0};
	size_t set;

	if (!detached) {
		wrap(&b, DER_OCTET_STRING, content);
		wrap(&b, DER_CONTEXT_0, content);
	}
	der_put(&before, DER_OID, OID_DATA);
	put_before(&b, &before);
	wrap(&b, DER_SEQUENCE, content);
	der_put(&before, DER_INTEGER, OID(1));
	set = der_begin(&before);
	algorithm_put_digest(&before, c->digest);
	der_end(&before, set, DER_SET);
	put_before(&b, &before);
	wrap(&b, DER_SEQUENCE, content + tail);
	wrap(&b, DER_CONTEXT_0, content + tail);
	der_put(&before, DER_OID, OID_SIGNED_DATA);
	put_before(&b, &before);
	wrap(&b, DER_SEQUENCE, content + tail);
	bytes_append(head, bytes_span(&b));
	bytes_free(&b);
}

/* Verifies what was made, strictly, as a detached signature over the content's digest: the
 * SignerInfo is the same, and the content itself has passed. Chain and validity are the caller's
 * questions. */
static enum err check_made(const struct cades *c, struct span tail, struct error *e)
{
	struct verify_request request = {.detached = true, .any_certificate = true};
	struct certificate_info signer;
	struct verify_report report;
	struct bytes cms = {0};
	enum err result = certificate_read(c->certificates[0], &signer, e);

	if (result)
		return result;
	put_head(&cms, c, true, tail.n);
	bytes_append(&cms, tail);
	request.cms = bytes_span(&cms);
	request.content_digest = span_of(c->content_digest, digest_size(c->digest));
	request.at = signer.not_before;
	result = verify_cms(&request, &report, e);
	bytes_free(&cms);
	return result == ERR_CMS_SIGNATURE ? error_set(e, ERR_SIGNATURE_WRONG, "cades_finish")
					   : result;
}

enum err cades_finish(struct cades *c, struct span signature, struct bytes *head,
	struct bytes *tail, struct error *e)
{
	struct bytes behind = {0};
	enum err result;

	if (c->step != STEP_SIGNATURE)
		return error_set(e, ERR_INTERNAL, "cades_finish() before cades_prepare()");
	if (!put_tail(&behind, c, signature))
		result = error_set(e, ERR_CERTIFICATE, "issuer and serial number");
	else
		result = check_made(c, bytes_span(&behind), e);
	if (!result) {
		put_head(head, c, c->detached, behind.n);
		bytes_append(c->detached ? head : tail, bytes_span(&behind));
		c->step = STEP_DONE;
	}
	bytes_free(&behind);
	return result;
}

void cades_free(struct cades *c)
{
	if (!c)
		return;
	bytes_free(&c->store);
	bytes_free(&c->attributes);
	X509_free(c->signer);
	EVP_MD_CTX_free(c->content);
	free(c);
}

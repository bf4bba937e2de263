#include "sign/verify.h"

#include <openssl/x509v3.h>
#include <string.h>

#include "sign/algorithm.h"
#include "sign/attributes.h"
#include "sign/certificate_x509.h"
#include "sign/chain_x509.h"
#include "sign/cms.h"
#include "sign/crypto.h"
#include "sign/der.h"
#include "sign/oid.h"

/* What one verification knows while it goes on. */
struct verification {
	const struct verify_request *request;
	struct verify_report *report;
	struct cms cms;
	struct attributes attributes;
	struct span further[CHAIN_FURTHER_MAX]; /* embedded certificates but the signer's */
	bool further_bound[CHAIN_FURTHER_MAX];  /* named by signing-certificate-v2 */
	size_t further_count;
	X509 *signer;
	int64_t at; /* when validity and chain are judged */
	struct error *e;
};

static enum err check_content(struct verification *v)
{
	const struct verify_request *r = v->request;

	if (!span_equal(v->cms.content_type, OID_DATA))
		return error_set(v->e, ERR_CMS_CONTENT, "eContentType is not id-data");
	if (v->cms.attached == r->detached)
		return error_set(v->e, ERR_CMS_CONTENT,
			v->cms.attached ? "content inside a detached signature"
					: "no content inside");
	if (r->detached)
		return ERR_OK;
	v->report->content = v->cms.content;
	if (!r->any_content && !span_equal(r->content, v->cms.content))
		return error_set(v->e, ERR_CMS_CONTENT, "content inside is another one");
	return ERR_OK;
}

static enum err check_algorithms(struct verification *v)
{
	struct verify_report *report = v->report;

	report->digest = algorithm_read_digest(v->cms.signer_digest_algorithm);
	if (report->digest == DIGEST_NONE)
		return error_set(v->e, ERR_CMS_ALGORITHM, "digest algorithm");
	if (!span_equal(v->cms.digest_algorithm, v->cms.signer_digest_algorithm))
		return error_set(
			v->e, ERR_CMS_ALGORITHM, "digestAlgorithms and the signer's differ");
	if (!algorithm_read_signature(v->cms.signature_algorithm, report->digest, &report->scheme))
		return error_set(v->e, ERR_CMS_ALGORITHM, "signature algorithm");
	return ERR_OK;
}

/* CMSAlgorithmProtection (RFC 6211 2): digestAlgorithm, [1] signatureAlgorithm, the same as in the
 * SignerInfo. */
static bool protection_holds(const struct cms *cms, struct span protection)
{
	struct bytes want = {0};
	size_t sequence = der_begin(&want), signature;
	struct span body;
	bool same;

	if (!protection.n)
		return true;
	bytes_append(&want, cms->signer_digest_algorithm);
	signature = der_begin(&want);
	if (der_only(cms->signature_algorithm, DER_SEQUENCE, &body))
		bytes_append(&want, body);
	der_end(&want, signature, DER_CONTEXT_1);
	der_end(&want, sequence, DER_SEQUENCE);
	same = span_equal(protection, bytes_span(&want));
	bytes_free(&want);
	return same;
}

static enum err check_attributes(struct verification *v)
{
	enum err result;

	if (!v->cms.has_attributes)
		return error_set(v->e, ERR_CMS_ATTRIBUTES, "no signed attributes");
	if (v->cms.has_unsigned_attributes && !v->request->stamps)
		return error_set(v->e, ERR_CMS_ATTRIBUTES, "unsigned attributes");
	result = attributes_read(v->cms.attributes, &v->attributes, v->e);
	if (result)
		return result;
	if (!protection_holds(&v->cms, v->attributes.protection))
		return error_set(v->e, ERR_CMS_ATTRIBUTES, "CMSAlgorithmProtection");
	v->report->signing_time = v->attributes.signing_time;
	return ERR_OK;
}

static enum err check_message_digest(struct verification *v)
{
	const struct verify_request *r = v->request;
	uint8_t value[DIGEST_MAX];
	struct span want = r->content_digest;
	enum err result;

	if (!r->detached || !want.n) {
		result = digest_of(
			v->report->digest, r->detached ? r->content : v->cms.content, value, v->e);
		if (result)
			return result;
		want = span_of(value, digest_size(v->report->digest));
	}
	if (!span_equal(v->attributes.message_digest, want))
		return error_set(v->e, ERR_CMS_DIGEST, "message-digest");
	return ERR_OK;
}

static bool signer_is_named(const struct verification *v)
{
	const struct cms *cms = &v->cms;
	const ASN1_OCTET_STRING *id;
	struct span issuer, serial;

	if (cms->signer_version == 1)
		return attributes_issuer_serial(v->report->certificate, &issuer, &serial) &&
		       span_equal(issuer, cms->signer_issuer) &&
		       span_equal(serial, cms->signer_serial);
	id = X509_get0_subject_key_id(v->signer);
	return id && span_equal(cms->signer_key_id,
			     span_of(ASN1_STRING_get0_data(id), (size_t)ASN1_STRING_length(id)));
}

/* Puts the embedded certificates where they belong: the signer's is the one that
 * signing-certificate-v2 names first. */
static void sort_certificates(struct verification *v)
{
	for (size_t i = 0; i < v->cms.certificate_count; i++) {
		struct span one = v->cms.certificates[i];

		if (attributes_names(&v->attributes.certificates[0], one)) {
			v->report->certificate = one;
			continue;
		}
		if (v->further_count == CHAIN_FURTHER_MAX)
			continue;
		for (size_t k = 1; k < v->attributes.certificate_count; k++) {
			if (attributes_names(&v->attributes.certificates[k], one))
				v->further_bound[v->further_count] = true;
		}
		v->further[v->further_count++] = one;
	}
}

static enum err check_certificates(struct verification *v)
{
	struct verify_report *report = v->report;
	enum err result;

	sort_certificates(v);
	if (!report->certificate.n)
		return error_set(v->e, ERR_CMS_CERTIFICATE,
			"the certificate that signing-certificate-v2 names is not inside");
	v->signer = crypto_read_certificate(report->certificate);
	if (!v->signer)
		return error_set(v->e, ERR_CERTIFICATE, "signer's certificate");
	result = certificate_describe(v->signer, report->certificate, &report->signer, v->e);
	if (result)
		return result;
	report->have_signer = true;
	for (size_t i = 0; i < v->further_count && !v->request->trust; i++) {
		if (!v->further_bound[i])
			return error_set(v->e, ERR_CMS_CERTIFICATE,
				"a certificate inside belongs to nothing");
	}
	return ERR_OK;
}

/* RFC 5652 5.4: the signature is over the attributes as a SET OF, not under their tag [0]. */
static bool signature_holds(struct verification *v, EVP_PKEY *key)
{
	uint8_t value[DIGEST_MAX];
	struct bytes set = {0};
	enum err result;

	der_put(&set, DER_SET, v->cms.attributes);
	result = digest_of(v->report->digest, bytes_span(&set), value, NULL);
	bytes_free(&set);
	return !result && crypto_signature_holds(key, v->report->scheme, v->report->digest, value,
				  v->cms.signature);
}

static enum err check_signature(struct verification *v)
{
	const struct certificate_info *signer = &v->report->signer;
	EVP_PKEY *key = X509_get0_pubkey(v->signer);

	if (!signer_is_named(v))
		return error_set(v->e, ERR_CMS_CERTIFICATE, "the SignerInfo names another one");
	if (!crypto_key_is_strong(signer->key, signer->key_bits))
		return error_set(v->e, ERR_CERTIFICATE_KEY, "%u bits", signer->key_bits);
	if (!crypto_scheme_fits(key, v->report->scheme))
		return error_set(v->e, ERR_CMS_ALGORITHM, "signature algorithm and key");
	if (!signature_holds(v, key))
		return error_set(v->e, ERR_CMS_SIGNATURE, "signature value");
	v->report->signature_valid = true;
	v->report->signature = v->cms.signature;
	return ERR_OK;
}

/* ETSI EN 319 122-1 5.3: the stamp is over the signature value. */
static enum err check_stamp(struct verification *v)
{
	const struct verify_stamps *s = v->request->stamps;
	struct verify_report *r = v->report;
	struct timestamp_question question = {.stamped = v->cms.signature};
	enum err result;

	if (!v->cms.has_unsigned_attributes)
		return ERR_OK;
	question.trust = s->trust;
	question.any_authority = !s->trust;
	question.from = r->signing_time - s->clock_s;
	question.to = s->now + s->clock_s;
	result = attributes_read_time_stamp(v->cms.unsigned_attributes, &r->time_stamp, v->e);
	if (!result)
		result = timestamp_check(&question, r->time_stamp, &r->stamp, v->e);
	if (result)
		return result;
	r->stamp_valid = true;
	r->stamp_trusted = s->trust != NULL;
	/* Past its end nobody answers for the authority's key. */
	if (r->stamp_trusted && r->stamp.authority.not_after >= s->now && r->stamp.time < v->at)
		v->at = r->stamp.time;
	return ERR_OK;
}

static enum err check_time(struct verification *v)
{
	const struct verify_request *r = v->request;
	int64_t t = v->report->signing_time;

	if (r->signing_time_to && (t < r->signing_time_from || t > r->signing_time_to))
		return error_set(v->e, ERR_CMS_TIME, "signing-time %lld", (long long)t);
	return ERR_OK;
}

static enum err check_usable(struct verification *v)
{
	const struct verify_request *r = v->request;
	enum err result = r->any_certificate ? certificate_valid(&v->report->signer, v->at)
					     : certificate_usable(&v->report->signer, v->at);

	return result ? error_set(v->e, result, "signer's certificate") : ERR_OK;
}

static enum err check_chain(struct verification *v)
{
	const struct verify_request *r = v->request;
	enum err result;

	if (!r->trust)
		return ERR_OK;
	result = chain_check(r->trust, v->signer, v->further, v->further_bound, v->further_count,
		v->at, r->chain, v->e);
	/* ERR_CMS_CERTIFICATE is of a further certificate: the signer's own chain stands. */
	v->report->chain = result && result != ERR_CMS_CERTIFICATE ? VERIFY_CHAIN_UNTRUSTED
								   : VERIFY_CHAIN_TRUSTED;
	return result;
}

static enum err check_format(struct verification *v)
{
	return cms_read(v->request->cms, &v->cms, v->e);
}

enum err verify_cms(
	const struct verify_request *request, struct verify_report *report, struct error *e)
{
	/* What costs little comes first, so that a forgery is refused before any public key is
	 * used. */
	static enum err (*const checks[])(struct verification *) = {
		check_format,
		check_content,
		check_algorithms,
		check_attributes,
		check_message_digest,
		check_certificates,
		check_signature,
		check_stamp,
		check_time,
		check_usable,
		check_chain,
	};
	struct verification v = {.request = request, .report = report, .at = request->at, .e = e};
	enum err result = ERR_OK;

	*report = (struct verify_report){0};
	for (size_t i = 0; !result && i < sizeof(checks) / sizeof(*checks); i++)
		result = checks[i](&v);
	X509_free(v.signer);
	return result;
}

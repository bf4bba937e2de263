#include "sign/cms.h"

#include "sign/der.h"
#include "sign/oid.h"
#include "sign/verify.h"

/* CMSVersion: 1 and 3 are the ones that a SignedData of X.509 signatures may have. */
static bool take_version(struct span *rest, uint8_t *version)
{
	struct span value;

	if (!der_take(rest, DER_INTEGER, &value) || value.n != 1)
		return false;
	*version = value.at[0];
	return *version == 1 || *version == 3;
}

/* ContentInfo { id-signedData, [0] SignedData } */
static bool open_signed_data(struct span message, struct span *body)
{
	struct span info, oid, explicit;

	return der_only(message, DER_SEQUENCE, &info) && der_take(&info, DER_OID, &oid) &&
	       span_equal(oid, OID_SIGNED_DATA) && der_only(info, DER_CONTEXT_0, &explicit) &&
	       der_only(explicit, DER_SEQUENCE, body);
}

/* digestAlgorithms: one signer has one. */
static bool take_digest_algorithms(struct span *rest, struct cms *out)
{
	struct span set;

	return der_take(rest, DER_SET, &set) &&
	       der_take_whole(&set, DER_SEQUENCE, &out->digest_algorithm) && set.n == 0;
}

/* EncapsulatedContentInfo { eContentType, [0] OCTET STRING OPTIONAL } */
static bool take_content(struct span *rest, struct cms *out)
{
	struct span info, explicit;

	if (!der_take(rest, DER_SEQUENCE, &info) || !der_take(&info, DER_OID, &out->content_type))
		return false;
	if (info.n == 0)
		return true;
	out->attached = true;
	return der_only(info, DER_CONTEXT_0, &explicit) &&
	       der_only(explicit, DER_OCTET_STRING, &out->content);
}

/* [0] IMPLICIT CertificateSet of plain certificates, in the order of DER, each once. */
static bool take_certificates(struct span *rest, struct cms *out)
{
	struct span set, *next = out->certificates;

	if (!der_at(*rest, DER_CONTEXT_0))
		return true;
	if (!der_take(rest, DER_CONTEXT_0, &set) || set.n == 0)
		return false;
	for (; set.n; next++, out->certificate_count++) {
		if (out->certificate_count == CMS_CERTIFICATES_MAX ||
			!der_take_whole(&set, DER_SEQUENCE, next))
			return false;
		if (out->certificate_count && der_order(next[-1], next[0]) >= 0)
			return false;
	}
	return true;
}

/* SignerIdentifier: with version 1 issuer and serial number, with version 3 [0] the subject key
 * identifier. */
static bool take_signer_identifier(struct span *rest, struct cms *out)
{
	struct span both;

	if (out->signer_version == 3)
		return der_take(rest, DER_PRIMITIVE_0, &out->signer_key_id);
	return der_take(rest, DER_SEQUENCE, &both) &&
	       der_take_whole(&both, DER_SEQUENCE, &out->signer_issuer) &&
	       der_take_whole(&both, DER_INTEGER, &out->signer_serial) && both.n == 0;
}

static bool take_signer(struct span *rest, struct cms *out)
{
	struct span whole, s;

	if (!der_take(rest, DER_SEQUENCE, &whole))
		return false;
	s = whole;
	if (!take_version(&s, &out->signer_version) || !take_signer_identifier(&s, out) ||
		!der_take_whole(&s, DER_SEQUENCE, &out->signer_digest_algorithm))
		return false;
	out->has_attributes = der_at(s, DER_CONTEXT_0);
	if (out->has_attributes && !der_take(&s, DER_CONTEXT_0, &out->attributes))
		return false;
	if (!der_take_whole(&s, DER_SEQUENCE, &out->signature_algorithm) ||
		!der_take(&s, DER_OCTET_STRING, &out->signature))
		return false;
	out->signer = span_first(whole, whole.n - s.n);
	out->has_unsigned_attributes = der_at(s, DER_CONTEXT_1);
	return s.n == 0 || der_only(s, DER_CONTEXT_1, &out->unsigned_attributes);
}

/* RFC 5652 5.1, for plain certificates and no revocation lists. */
static bool version_is_right(const struct cms *cms)
{
	if (!span_equal(cms->content_type, OID_DATA))
		return cms->version == 3;
	return cms->version == cms->signer_version;
}

static bool take_all(struct span body, struct cms *out)
{
	struct span rest = body, signers;

	if (!take_version(&rest, &out->version) || !take_digest_algorithms(&rest, out) ||
		!take_content(&rest, out) || !take_certificates(&rest, out))
		return false;
	out->front = span_first(body, body.n - rest.n);
	return der_only(rest, DER_SET, &signers) && take_signer(&signers, out) && signers.n == 0 &&
	       version_is_right(out);
}

enum err cms_read(struct span message, struct cms *out, struct error *e)
{
	struct span body;

	*out = (struct cms){0};
	if (!open_signed_data(message, &body))
		return error_set(e, ERR_CMS_FORMAT, "not one SignedData in DER");
	if (!take_all(body, out))
		return error_set(e, ERR_CMS_FORMAT, "SignedData is not of one signer in DER");
	if (message.n - out->content.n > CMS_STRUCTURE_MAX)
		return error_set(e, ERR_CMS_FORMAT, "%zu bytes beside the content",
			message.n - out->content.n);
	return ERR_OK;
}

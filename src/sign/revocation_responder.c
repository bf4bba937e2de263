/* Who may answer an OCSP request. */
#include <openssl/x509v3.h>

#include "sign/certificate_x509.h"
#include "sign/crypto.h"
#include "sign/revocation_ocsp.h"

/* ResponderID: the name, or the SHA-1 of the key (RFC 6960 4.2.1). */
static bool is_named(const OCSP_BASICRESP *basic, X509 *x)
{
	const ASN1_OCTET_STRING *by_key = NULL;
	const X509_NAME *by_name = NULL;
	uint8_t value[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	EVP_MD *sha1;
	bool hashed;

	if (OCSP_resp_get0_id(basic, &by_key, &by_name) != 1)
		return false;
	if (by_name)
		return X509_NAME_cmp(by_name, X509_get_subject_name(x)) == 0;
	sha1 = ocsp_hash(REVOCATION_SHA1);
	hashed = sha1 && X509_pubkey_digest(x, sha1, value, &n) == 1;
	EVP_MD_free(sha1);
	return hashed && span_equal(span_of(value, n), span_of(ASN1_STRING_get0_data(by_key),
							       (size_t)ASN1_STRING_length(by_key)));
}

/* A certificate that came inside, read again in our own context. */
static X509 *read_again(X509 *x, struct bytes *der)
{
	uint8_t *written = NULL;
	int n = i2d_X509(x, &written);

	bytes_clear(der);
	if (n > 0)
		bytes_append(der, span_of(written, (size_t)n));
	OPENSSL_free(written);
	return crypto_read_certificate(bytes_span(der));
}

static bool is_issued_by(X509 *x, X509 *issuer)
{
	const X509_ALGOR *algorithm = NULL;

	X509_get0_signature(NULL, &algorithm, x);
	return crypto_algorithm_is_known(algorithm) && X509_check_issued(issuer, x) == X509_V_OK &&
	       X509_verify(x, X509_get0_pubkey(issuer)) == 1;
}

/* RFC 6960 4.2.2.2: the right to answer is given by the extended key usage itself, not by anyExtendedKeyUsage and not by
 * its absence. */
static bool may_answer(X509 *x)
{
	uint32_t flags = X509_get_extension_flags(x);

	return (flags & EXFLAG_XKUSAGE) && (X509_get_extended_key_usage(x) & XKU_OCSP_SIGN) &&
	       (X509_get_key_usage(x) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) &&
	       !(flags & (EXFLAG_INVALID | EXFLAG_CRITICAL | EXFLAG_CA));
}

/* RFC 6960 4.2.2.2.1 */
static enum err check_responder_status(struct ocsp_judgement *j, struct span der)
{
	struct revocation_question about = *j->question;
	struct revocation_verdict verdict;
	enum err code;

	if (X509_get_ext_by_NID(j->responder, NID_id_pkix_OCSP_noCheck, -1) >= 0)
		return ERR_OK;
	if (j->question->list.n == 0) {
		j->verdict->responder_unchecked = true;
		return ocsp_refuse(j, "the responder's own status is not known");
	}
	about.certificate = der;
	code = revocation_check_list(&about, about.list, &verdict, j->e);
	return code || verdict.status == REVOCATION_GOOD
		       ? code
		       : ocsp_refuse(j, "the responder is revoked");
}

static enum err check_delegated(struct ocsp_judgement *j, struct span der)
{
	struct certificate_info info;
	enum err code = certificate_describe(j->responder, der, &info, j->e);

	if (code)
		return ocsp_refuse(j, "the responder's certificate");
	if (!is_issued_by(j->responder, j->parties.issuer))
		return ocsp_refuse(j, "the responder was not authorised by the issuer");
	if (!may_answer(j->responder))
		return ocsp_refuse(j, "the responder's certificate is not for OCSP");
	if (certificate_valid(&info, j->question->at))
		return ocsp_refuse(j, "the responder's certificate is not valid");
	return check_responder_status(j, der);
}

static enum err find_delegated(struct ocsp_judgement *j, struct bytes *der)
{
	const STACK_OF(X509) *inside = OCSP_resp_get0_certs(j->basic);

	for (int i = 0; i < sk_X509_num(inside); i++) {
		if (!is_named(j->basic, sk_X509_value(inside, i)))
			continue;
		j->responder = read_again(sk_X509_value(inside, i), der);
		return j->responder ? check_delegated(j, bytes_span(der))
				    : ocsp_refuse(j, "the responder's certificate");
	}
	return ocsp_refuse(j, "the responder's certificate is not inside");
}

enum err ocsp_check_responder(struct ocsp_judgement *j)
{
	struct bytes der = {0};
	enum err code;

	if (is_named(j->basic, j->parties.issuer))
		return ERR_OK;
	code = find_delegated(j, &der);
	bytes_free(&der);
	return code;
}

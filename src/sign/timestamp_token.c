/* A time stamp token: CMS of a TSTInfo (RFC 3161 2.4.2). */
#include "sign/timestamp_token.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <time.h>

#include "sign/algorithm.h"
#include "sign/chain_x509.h"
#include "sign/crypto.h"
#include "sign/der.h"
#include "sign/timestamp.h"

/* A token under judgement. */
struct judgement {
	const struct timestamp_question *question;
	CMS_ContentInfo *cms;
	CMS_SignerInfo *signer;
	X509 *authority; /* of cms */
	struct span content;
	TS_TST_INFO *info;
	struct bytes der; /* of the authority's certificate */
	struct timestamp *out;
	struct error *e;
};

static enum err refuse(struct judgement *j, const char *why)
{
	return error_set(j->e, ERR_TIMESTAMP, "time stamp: %s", why);
}

int timestamp_digest_nid(enum digest d)
{
	static const int nids[] = {[DIGEST_NONE] = NID_undef,
		[DIGEST_SHA256] = NID_sha256,
		[DIGEST_SHA384] = NID_sha384,
		[DIGEST_SHA512] = NID_sha512};

	return nids[d];
}

static enum err read_token(struct judgement *j, struct span token)
{
	const unsigned char *at = token.at;
	STACK_OF(CMS_SignerInfo) * signers;
	ASN1_OCTET_STRING **content;

	if (token.n > TIMESTAMP_MAX || !der_is_whole(token) || !crypto_context())
		return refuse(j, "not one token in DER");
	j->cms = CMS_ContentInfo_new_ex(crypto_context(), NULL);
	if (!j->cms || !d2i_CMS_ContentInfo(&j->cms, &at, (long)token.n) ||
		at != token.at + token.n || OBJ_obj2nid(CMS_get0_type(j->cms)) != NID_pkcs7_signed)
		return refuse(j, "not one token in DER");
	if (OBJ_obj2nid(CMS_get0_eContentType(j->cms)) != NID_id_smime_ct_TSTInfo)
		return refuse(j, "content type");
	content = CMS_get0_content(j->cms);
	if (!content || !*content)
		return refuse(j, "no content");
	j->content = span_of(ASN1_STRING_get0_data(*content), (size_t)ASN1_STRING_length(*content));
	signers = CMS_get0_SignerInfos(j->cms);
	if (sk_CMS_SignerInfo_num(signers) != 1)
		return refuse(j, "number of signers");
	j->signer = sk_CMS_SignerInfo_value(signers, 0);
	return ERR_OK;
}

static bool algorithms_are_known(CMS_SignerInfo *signer)
{
	X509_ALGOR *digest = NULL, *signature = NULL;
	uint8_t *der = NULL;
	int n;
	bool known;

	CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, &signature);
	n = i2d_X509_ALGOR(digest, &der);
	known = n > 0 && algorithm_read_digest(span_of(der, (size_t)n)) != DIGEST_NONE &&
		crypto_algorithm_is_known(signature);
	OPENSSL_free(der);
	return known;
}

/* CMS_verify() is content with no signed attributes at all, and does not compare the two content types. */
static bool attributes_are_of_a_stamp(CMS_SignerInfo *signer)
{
	const ASN1_OBJECT *type;

	if (CMS_signed_get_attr_count(signer) < 1)
		return false;
	type = CMS_signed_get0_data_by_OBJ(
		signer, OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT);
	return type && OBJ_obj2nid(type) == NID_id_smime_ct_TSTInfo;
}

static enum err check_signature(struct judgement *j)
{
	if (!attributes_are_of_a_stamp(j->signer))
		return refuse(j, "signed attributes");
	if (CMS_unsigned_get_attr_count(j->signer) > 0)
		return refuse(j, "unsigned attributes");
	if (!algorithms_are_known(j->signer))
		return refuse(j, "algorithm");
	if (CMS_verify(j->cms, NULL, NULL, NULL, NULL, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) != 1)
		return refuse(j, "signature");
	CMS_SignerInfo_get0_algs(j->signer, NULL, &j->authority, NULL, NULL);
	return j->authority ? ERR_OK : refuse(j, "the authority's certificate");
}

static bool is_canonical(const TS_TST_INFO *info, struct span content)
{
	uint8_t *again = NULL;
	int n = i2d_TS_TST_INFO(info, &again);
	bool same = n > 0 && span_equal(content, span_of(again, (size_t)n));

	OPENSSL_free(again);
	return same;
}

static enum err read_info(struct judgement *j)
{
	const unsigned char *at = j->content.at;

	j->info = d2i_TS_TST_INFO(NULL, &at, (long)j->content.n);
	if (!j->info || !der_is_whole(j->content) || !is_canonical(j->info, j->content) ||
		TS_TST_INFO_get_version(j->info) != 1)
		return refuse(j, "TSTInfo");
	if (TS_TST_INFO_get_ext_by_critical(j->info, 1, -1) >= 0)
		return refuse(j, "critical extension");
	return ERR_OK;
}

static struct span string_span(const ASN1_STRING *s)
{
	return span_of(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s));
}

static enum digest digest_of_imprint(TS_MSG_IMPRINT *imprint)
{
	const ASN1_OBJECT *oid = NULL;
	enum digest d = DIGEST_SHA512;

	X509_ALGOR_get0(&oid, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
	while (d != DIGEST_NONE && timestamp_digest_nid(d) != OBJ_obj2nid(oid))
		d--;
	return d;
}

static bool imprint_is_equal(struct judgement *j)
{
	const struct timestamp_question *q = j->question;
	TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(j->info);
	enum digest d = digest_of_imprint(imprint);
	struct span want = q->imprint;
	uint8_t value[DIGEST_MAX];

	if (d == DIGEST_NONE ||
		(q->stamped.n ? digest_of(d, q->stamped, value, NULL) != ERR_OK : d != q->digest))
		return false;
	if (q->stamped.n)
		want = span_of(value, digest_size(d));
	return want.n && span_equal(string_span(TS_MSG_IMPRINT_get_msg(imprint)), want);
}

static bool nonce_is_equal(struct judgement *j)
{
	const ASN1_INTEGER *nonce = TS_TST_INFO_get_nonce(j->info);

	if (j->question->nonce.n == 0)
		return true;
	return nonce && ASN1_STRING_type(nonce) == V_ASN1_INTEGER &&
	       span_equal(string_span(nonce), j->question->nonce);
}

/* GeneralizedTime in UTC with seconds, and perhaps a fraction. */
static bool read_time(const ASN1_GENERALIZEDTIME *time, int64_t *out)
{
	struct span text = string_span(time);
	struct tm tm;

	if (text.n < 15 || text.at[text.n - 1] != 'Z' || ASN1_TIME_to_tm(time, &tm) != 1)
		return false;
	*out = timegm(&tm);
	return true;
}

static enum err check_info(struct judgement *j)
{
	int64_t time;

	if (!imprint_is_equal(j))
		return refuse(j, "of something else");
	if (!nonce_is_equal(j))
		return refuse(j, "nonce");
	if (!read_time(TS_TST_INFO_get_time(j->info), &time))
		return refuse(j, "genTime");
	j->out->time = time;
	if (time < j->question->from || time > j->question->to)
		return error_set(j->e, ERR_TIMESTAMP, "time stamp: of %lld", (long long)time);
	return ERR_OK;
}

/* RFC 3161 2.3 */
static bool is_for_stamps(X509 *x)
{
	int at = X509_get_ext_by_NID(x, NID_ext_key_usage, -1);
	uint32_t flags = X509_get_extension_flags(x);

	return at >= 0 && X509_EXTENSION_get_critical(X509_get_ext(x, at)) &&
	       X509_get_extended_key_usage(x) == XKU_TIMESTAMP &&
	       (X509_get_key_usage(x) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) &&
	       !(flags & (EXFLAG_INVALID | EXFLAG_CA));
}

static enum err describe_authority(struct judgement *j)
{
	uint8_t *der = NULL;
	int n = i2d_X509(j->authority, &der);
	enum err code;

	if (n > 0)
		bytes_append(&j->der, span_of(der, (size_t)n));
	OPENSSL_free(der);
	code = certificate_read(bytes_span(&j->der), &j->out->authority, j->e);
	if (!code)
		code = certificate_valid(&j->out->authority, j->out->time);
	if (code)
		return refuse(j, "the authority's certificate is not valid");
	return is_for_stamps(j->authority) ? ERR_OK
					   : refuse(j, "the authority's certificate is not for it");
}

/* One attribute with one value, DER as it came; NULL when there is none. */
static ASN1_STRING *attribute(CMS_SignerInfo *signer, int nid)
{
	return CMS_signed_get0_data_by_OBJ(signer, OBJ_nid2obj(nid), -3, V_ASN1_SEQUENCE);
}

static bool names_are_right(CMS_SignerInfo *signer, STACK_OF(X509) * chain)
{
	ASN1_STRING *first = attribute(signer, NID_id_smime_aa_signingCertificate);
	ASN1_STRING *second = attribute(signer, NID_id_smime_aa_signingCertificateV2);
	const unsigned char *at = first ? ASN1_STRING_get0_data(first) : NULL;
	ESS_SIGNING_CERT *one =
		first ? d2i_ESS_SIGNING_CERT(NULL, &at, ASN1_STRING_length(first)) : NULL;
	ESS_SIGNING_CERT_V2 *two;
	bool right;

	at = second ? ASN1_STRING_get0_data(second) : NULL;
	two = second ? d2i_ESS_SIGNING_CERT_V2(NULL, &at, ASN1_STRING_length(second)) : NULL;
	right = (!first || one) && (!second || two) &&
		OSSL_ESS_check_signing_certs(one, two, chain, 1) == 1;
	ESS_SIGNING_CERT_free(one);
	ESS_SIGNING_CERT_V2_free(two);
	return right;
}

/* The authority's certificate is the one that its own signed attributes name first, so that it can't be exchanged for another
 * one of the same key; what else they name is inside (RFC 5035 3, RFC 5816). */
static enum err check_names(struct judgement *j)
{
	STACK_OF(X509) *inside = CMS_get1_certs(j->cms), *chain = sk_X509_new_null();
	bool right = chain && sk_X509_push(chain, j->authority);

	for (int i = 0; right && i < sk_X509_num(inside); i++)
		right = sk_X509_push(chain, sk_X509_value(inside, i)) > 0;
	right = right && names_are_right(j->signer, chain);
	sk_X509_free(chain);
	sk_X509_pop_free(inside, X509_free);
	return right ? ERR_OK : refuse(j, "signing-certificate names another one");
}

/* What else is inside may help to build the chain. */
static enum err check_chain(struct judgement *j)
{
	STACK_OF(X509) * inside;
	struct bytes further[CHAIN_FURTHER_MAX] = {{0}};
	struct span spans[CHAIN_FURTHER_MAX];
	size_t n = 0;
	enum err code;

	if (j->question->any_authority)
		return ERR_OK;
	inside = CMS_get1_certs(j->cms);
	for (int i = 0; i < sk_X509_num(inside) && n < CHAIN_FURTHER_MAX; i++, n++) {
		uint8_t *der = NULL;
		int size = i2d_X509(sk_X509_value(inside, i), &der);

		if (size > 0)
			bytes_append(&further[n], span_of(der, (size_t)size));
		OPENSSL_free(der);
		spans[n] = bytes_span(&further[n]);
	}
	code = chain_check(j->question->trust, j->authority, spans, NULL, n, j->out->time,
		j->question->chain, j->e);
	for (size_t i = 0; i < n; i++)
		bytes_free(&further[i]);
	sk_X509_pop_free(inside, X509_free);
	return code ? refuse(j, "the authority is not trusted") : ERR_OK;
}

static enum err judge(struct judgement *j, struct span token)
{
	static enum err (*const checks[])(struct judgement *) = {
		read_info,
		check_info,
		check_signature,
		describe_authority,
		check_names,
		check_chain,
	};
	enum err code = read_token(j, token);

	for (size_t i = 0; !code && i < sizeof(checks) / sizeof(*checks); i++)
		code = checks[i](j);
	return code;
}

enum err timestamp_check(const struct timestamp_question *question, struct span token,
	struct timestamp *out, struct error *e)
{
	struct judgement j = {.question = question, .out = out, .e = e};
	enum err code;

	*out = (struct timestamp){0};
	ERR_set_mark();
	code = judge(&j, token);
	ERR_pop_to_mark();
	TS_TST_INFO_free(j.info);
	CMS_ContentInfo_free(j.cms);
	bytes_free(&j.der);
	return code;
}

#include "sign/certificate.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "base/hex.h"
#include "sign/certificate_x509.h"
#include "sign/crypto.h"
#include "sign/der.h"
#include "sign/name.h"

#define SERIAL_MAX 20 /* bytes; RFC 5280 4.1.2.2 */
#define TCKN_DIGITS 11

#define OID_QC_COMPLIANCE "0.4.0.1862.1.1"      /* ETSI EN 319 412-5 4.2.1 */
#define OID_QC_BTK "2.16.792.1.61.0.1.5070.1.1" /* national statement, Law 5070 */
#define OID_QC_BTK_NEWER "2.16.792.1.61.0.1.5070.2.1"
#define OID_POLICY_TEST "2.16.792.1.2.1.1.5.7.1.4.1" /* Kamu SM's test NES */

static bool is_tckn_form(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
	}
	return s.n == TCKN_DIGITS;
}

/* Two serialNumber attributes name nobody: which one counts would be a guess. */
static void read_subject(const X509_NAME *subject, struct certificate_info *out)
{
	struct bytes text = {0};

	name_append(&text, subject, NID_commonName);
	name_copy(out->holder, sizeof(out->holder), bytes_span(&text));
	bytes_clear(&text);
	if (name_append(&text, subject, NID_serialNumber) == 1 && is_tckn_form(bytes_span(&text)))
		name_copy(out->tckn, sizeof(out->tckn), bytes_span(&text));
	bytes_wipe(&text);
}

static void read_issuer(const X509_NAME *issuer, struct certificate_info *out)
{
	struct bytes text = {0};

	if (name_append(&text, issuer, NID_commonName) == 0)
		name_append(&text, issuer, NID_organizationName);
	name_copy(out->issuer, sizeof(out->issuer), bytes_span(&text));
	bytes_free(&text);
}

static bool read_serial(const ASN1_INTEGER *serial, struct certificate_info *out)
{
	struct bytes text = {0};
	int n = ASN1_STRING_length(serial);

	if (n < 1 || n > SERIAL_MAX)
		return false;
	if (ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER)
		bytes_append_byte(&text, '-');
	hex_append(&text, span_of(ASN1_STRING_get0_data(serial), (size_t)n));
	name_copy(out->serial, sizeof(out->serial), bytes_span(&text));
	bytes_free(&text);
	return true;
}

static bool read_time(const ASN1_TIME *time, int64_t *out)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return false;
	*out = timegm(&tm);
	return true;
}

static void read_key(X509 *x, struct certificate_info *out)
{
	ERR_set_mark();
	out->key = crypto_key_kind(X509_get0_pubkey(x), &out->key_bits);
	ERR_pop_to_mark();
}

static bool oid_is(struct span oid, const char *dotted)
{
	const unsigned char *at = oid.at;
	ASN1_OBJECT *object = d2i_ASN1_OBJECT(NULL, &at, (long)oid.n);
	char text[80];
	bool same = false;

	if (object) {
		OBJ_obj2txt(text, sizeof(text), object, 1);
		same = strcmp(text, dotted) == 0;
	}
	ASN1_OBJECT_free(object);
	return same;
}

static void read_statement(struct span oid, struct certificate_info *out)
{
	if (oid_is(oid, OID_QC_COMPLIANCE))
		out->statement_etsi = true;
	if (oid_is(oid, OID_QC_BTK) || oid_is(oid, OID_QC_BTK_NEWER))
		out->statement_btk = true;
}

/* QCStatements (RFC 3739 3.2.6): SEQUENCE OF SEQUENCE { statementId, statementInfo OPTIONAL }. A
 * broken one states nothing. */
static void read_statements(const X509 *x, struct certificate_info *out)
{
	int at = X509_get_ext_by_NID(x, NID_qcStatements, -1);
	const ASN1_OCTET_STRING *value =
		at < 0 ? NULL : X509_EXTENSION_get_data(X509_get_ext(x, at));
	struct span list, statement;
	struct der oid;

	if (!value ||
		!der_only(span_of(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)),
			DER_SEQUENCE, &list))
		return;
	while (der_take(&list, DER_SEQUENCE, &statement)) {
		if (der_next(&statement, &oid) && oid.tag == DER_OID)
			read_statement(oid.whole, out);
	}
}

static void read_policies(const X509 *x, struct certificate_info *out)
{
	CERTIFICATEPOLICIES *policies = X509_get_ext_d2i(x, NID_certificate_policies, NULL, NULL);
	char text[80];

	for (int i = 0; i < sk_POLICYINFO_num(policies); i++) {
		OBJ_obj2txt(text, sizeof(text), sk_POLICYINFO_value(policies, i)->policyid, 1);
		out->has_policy = true;
		if (strcmp(text, OID_POLICY_TEST) == 0)
			out->test = true;
	}
	CERTIFICATEPOLICIES_free(policies);
}

/* False when an extension that OpenSSL knows is broken or there twice. */
static bool read_extensions(X509 *x, struct certificate_info *out)
{
	uint32_t flags;

	ERR_set_mark();
	flags = X509_get_extension_flags(x);
	out->non_repudiation =
		(flags & EXFLAG_KUSAGE) && (X509_get_key_usage(x) & KU_NON_REPUDIATION);
	read_statements(x, out);
	read_policies(x, out);
	ERR_pop_to_mark();
	out->qualified = out->statement_etsi && out->statement_btk && out->has_policy &&
			 out->non_repudiation;
	return !(flags & EXFLAG_INVALID);
}

static bool read_fields(X509 *x, struct certificate_info *out)
{
	read_subject(X509_get_subject_name(x), out);
	read_issuer(X509_get_issuer_name(x), out);
	read_key(x, out);
	return read_serial(X509_get0_serialNumber(x), out) &&
	       read_time(X509_get0_notBefore(x), &out->not_before) &&
	       read_time(X509_get0_notAfter(x), &out->not_after) && read_extensions(x, out);
}

enum err certificate_describe(
	X509 *x, struct span der, struct certificate_info *out, struct error *e)
{
	*out = (struct certificate_info){0};
	if (!read_fields(x, out))
		return error_set(e, ERR_CERTIFICATE, "serial number, validity or an extension");
	return digest_of(DIGEST_SHA256, der, out->sha256, e);
}

enum err certificate_read(struct span der, struct certificate_info *out, struct error *e)
{
	X509 *x = crypto_read_certificate(der);
	enum err result;

	*out = (struct certificate_info){0};
	if (!x)
		return error_set(e, ERR_CERTIFICATE, "not one X.509 certificate in DER");
	result = certificate_describe(x, der, out, e);
	X509_free(x);
	return result;
}

enum err certificate_valid(const struct certificate_info *info, int64_t now)
{
	if (now > info->not_after)
		return ERR_CERTIFICATE_EXPIRED;
	if (now < info->not_before)
		return ERR_CERTIFICATE_FUTURE;
	return crypto_key_is_strong(info->key, info->key_bits) ? ERR_OK : ERR_CERTIFICATE_KEY;
}

enum err certificate_usable(const struct certificate_info *info, int64_t now)
{
	enum err validity = certificate_valid(info, now);

	if (validity == ERR_CERTIFICATE_EXPIRED || validity == ERR_CERTIFICATE_FUTURE)
		return validity;
	if (!info->non_repudiation)
		return ERR_CERTIFICATE_USAGE;
	if (!info->qualified)
		return ERR_CERTIFICATE_NOT_QUALIFIED;
	return validity;
}

#include "vcard/certificates.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "vcard/ber.h"

/* Policies and statements: see the certification practice statements of Kamu SM and the ETSI and
 * BTK documents. */
#define POLICY_TEST_NES "2.16.792.1.2.1.1.5.7.1.4.1"
#define POLICY_MALI_MUHUR "2.16.792.1.2.1.1.5.7.4.1"
#define EKU_MALI_MUHUR "2.16.792.1.2.1.1.5.7.50.1"
#define STATEMENT_ETSI_QCC "0.4.0.1862.1.1"
#define STATEMENT_ETSI_LIMIT "0.4.0.1862.1.2"
#define STATEMENT_BTK "2.16.792.1.61.0.1.5070.1.1"
#define QUALIFIER_CPS "1.3.6.1.5.5.7.2.1"
#define QUALIFIER_NOTICE "1.3.6.1.5.5.7.2.2"

#define TEXT_TEST                                                                                  \
	"Bu sertifika Test amaçlı üretilmiştir, nitelikli elektronik sertifika yerine "        \
	"kullanılamaz!"
#define CPS_ADDRESS "http://www.eonay.example/sue"

#define NES_USAGE "critical,nonRepudiation,digitalSignature"

enum {
	RSA_BITS = 2048,
	DAY = 24 * 60 * 60,
	YEAR_DAYS = 365,
};

static const struct certificate_kind kinds[] = {
	{1, "NES RSA", NULL, POLICY_TEST_NES, NES_USAGE, NULL, true, false, false, -1,
		3 * YEAR_DAYS},
	{3, "NES EC", "P-384", POLICY_TEST_NES, NES_USAGE, NULL, true, false, false, -1,
		3 * YEAR_DAYS},
	{5, "NES süresi dolmuş", NULL, POLICY_TEST_NES, NES_USAGE, NULL, true, false, true,
		-4 * YEAR_DAYS, -YEAR_DAYS},
	{7, "Mali mühür", "P-384", POLICY_MALI_MUHUR, "critical,digitalSignature", EKU_MALI_MUHUR,
		false, true, true, -1, 3 * YEAR_DAYS},
	{9, "Kimlik doğrulama", NULL, POLICY_TEST_NES, "critical,digitalSignature", NULL, true,
		false, true, -1, 3 * YEAR_DAYS},
};

const struct certificate_kind *certificate_kind_at(size_t index)
{
	return index < sizeof(kinds) / sizeof(*kinds) ? &kinds[index] : NULL;
}

const struct certificate_kind *certificate_kind(uint8_t key_id)
{
	const struct certificate_kind *k = NULL;

	for (size_t i = 0; (k = certificate_kind_at(i)); i++) {
		if (k->key_id == key_id)
			break;
	}
	assert(k);
	return k;
}

static enum err crypto_failed(struct error *e, const char *doing)
{
	const char *reason = ERR_reason_error_string(ERR_get_error());

	ERR_clear_error();
	return error_set(e, ERR_CRYPTO, "%s: %s", doing, reason ? reason : "?");
}

static bool add_name(X509_NAME *name, const char *field, const char *text)
{
	return X509_NAME_add_entry_by_txt(
		       name, field, MBSTRING_UTF8, (const uint8_t *)text, -1, -1, 0) == 1;
}

static bool set_serial(X509 *x)
{
	uint64_t serial = 0;

	return RAND_bytes((uint8_t *)&serial, sizeof(serial)) == 1 &&
	       ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), serial >> 1 | 1) == 1;
}

static bool set_validity(X509 *x, long from_days, long to_days)
{
	return X509_gmtime_adj(X509_getm_notBefore(x), from_days * DAY) &&
	       X509_gmtime_adj(X509_getm_notAfter(x), to_days * DAY);
}

/* An extension in the words of OpenSSL's configuration. */
static bool add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *extension;
	bool done;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	done = extension && X509_add_ext(x, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return done;
}

/* An extension whose value is DER that we wrote; der is released. */
static bool add_der(X509 *x, int nid, struct bytes *der)
{
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension = NULL;
	bool done = false;

	if (value && ASN1_OCTET_STRING_set(value, der->at, (int)der->n) == 1)
		extension = X509_EXTENSION_create_by_NID(NULL, nid, 0, value);
	if (extension)
		done = X509_add_ext(x, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(value);
	bytes_free(der);
	return done;
}

/* User notices of Turkish certificates are BMPStrings: two bytes a character, all in the basic
 * plane. */
static void put_bmp(struct bytes *out, const char *utf8)
{
	size_t mark = ber_open(out, BER_BMP_STRING);
	int left = (int)span_text(utf8).n;

	while (left > 0) {
		unsigned long point;
		int n = UTF8_getc((const uint8_t *)utf8, left, &point);

		assert(n > 0 && point <= 0xFFFF);
		bytes_append_byte(out, (uint8_t)(point >> 8));
		bytes_append_byte(out, (uint8_t)point);
		utf8 += n;
		left -= n;
	}
	ber_close(out, mark);
}

/* certificatePolicies (RFC 5280 4.2.1.4): one policy with its address and its notice. */
static void put_policies(struct bytes *out, const char *policy)
{
	size_t policies = ber_open(out, BER_SEQUENCE), information, qualifiers, qualifier, notice;

	information = ber_open(out, BER_SEQUENCE);
	ber_put_oid(out, policy);
	qualifiers = ber_open(out, BER_SEQUENCE);
	qualifier = ber_open(out, BER_SEQUENCE);
	ber_put_oid(out, QUALIFIER_CPS);
	ber_put_text(out, BER_IA5_STRING, CPS_ADDRESS);
	ber_close(out, qualifier);
	qualifier = ber_open(out, BER_SEQUENCE);
	ber_put_oid(out, QUALIFIER_NOTICE);
	notice = ber_open(out, BER_SEQUENCE);
	put_bmp(out, TEXT_TEST);
	ber_close(out, notice);
	ber_close(out, qualifier);
	ber_close(out, qualifiers);
	ber_close(out, information);
	ber_close(out, policies);
}

/* qcStatements (RFC 3739 3.2.6): the European and the Turkish statement, and a value limit of TRL 0
 * as seen. */
static void put_statements(struct bytes *out)
{
	size_t statements = ber_open(out, BER_SEQUENCE), statement, limit;

	statement = ber_open(out, BER_SEQUENCE);
	ber_put_oid(out, STATEMENT_ETSI_QCC);
	ber_close(out, statement);
	statement = ber_open(out, BER_SEQUENCE);
	ber_put_oid(out, STATEMENT_BTK);
	ber_put_text(out, BER_UTF8_STRING, TEXT_TEST);
	ber_close(out, statement);
	statement = ber_open(out, BER_SEQUENCE);
	ber_put_oid(out, STATEMENT_ETSI_LIMIT);
	limit = ber_open(out, BER_SEQUENCE);
	ber_put_text(out, BER_PRINTABLE_STRING, "TRL");
	ber_put_number(out, BER_INTEGER, 0);
	ber_put_number(out, BER_INTEGER, 0);
	ber_close(out, limit);
	ber_close(out, statement);
	ber_close(out, statements);
}

static bool add_policies(X509 *x, const char *policy)
{
	struct bytes der = {0};

	put_policies(&der, policy);
	return add_der(x, NID_certificate_policies, &der);
}

static bool add_statements(X509 *x)
{
	struct bytes der = {0};

	put_statements(&der);
	return add_der(x, NID_qcStatements, &der);
}

enum err certificate_create_ca(struct state *s, struct error *e)
{
	X509_NAME *name;

	s->ca_key = EVP_EC_gen("P-384");
	s->ca = X509_new();
	if (!s->ca_key || !s->ca)
		return crypto_failed(e, "test CA's key");
	name = X509_get_subject_name(s->ca);
	if (X509_set_version(s->ca, X509_VERSION_3) == 1 && set_serial(s->ca) &&
		add_name(name, "C", "TR") && add_name(name, "O", "eonay Test") &&
		add_name(name, "CN", "eonay Test NES Hizmet Sağlayıcısı - Sürüm 1") &&
		X509_set_issuer_name(s->ca, name) == 1 &&
		set_validity(s->ca, -5 * YEAR_DAYS, 15 * YEAR_DAYS) &&
		X509_set_pubkey(s->ca, s->ca_key) == 1 &&
		add_extension(s->ca, s->ca, NID_subject_key_identifier, "hash") &&
		add_extension(s->ca, s->ca, NID_basic_constraints, "critical,CA:TRUE") &&
		add_extension(s->ca, s->ca, NID_key_usage, "critical,keyCertSign,cRLSign") &&
		X509_sign(s->ca, s->ca_key, EVP_sha384()) > 0)
		return ERR_OK;
	return crypto_failed(e, "test CA's certificate");
}

/* Never asks for a pass phrase. */
static int no_pass_phrase(char *buffer, int size, int writing, void *data)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)data;
	return -1;
}

enum err certificate_load_ca(struct state *s, const struct issuer *issuer, struct error *e)
{
	FILE *f = fopen(issuer->file, "re");

	if (!f)
		return error_set_errno(e, ERR_FILE_READ, "%s", issuer->file);
	s->ca = PEM_read_X509(f, NULL, no_pass_phrase, NULL);
	rewind(f);
	s->ca_key = PEM_read_PrivateKey(f, NULL, no_pass_phrase, NULL);
	fclose(f);
	if (s->ca && s->ca_key && X509_check_private_key(s->ca, s->ca_key) == 1)
		return ERR_OK;
	ERR_clear_error();
	return error_set(e, ERR_CERTIFICATE, "%s: not a certificate and its key", issuer->file);
}

static bool set_subject(X509 *x, const struct state *s, const struct certificate_kind *kind)
{
	X509_NAME *name = X509_get_subject_name(x);

	return add_name(name, "C", "TR") &&
	       add_name(name, "serialNumber", kind->company ? "1234567890" : s->tckn) &&
	       add_name(name, "CN", kind->company ? "eonay Deneme Ticaret Ltd. Şti." : s->name);
}

/* A URL as a value in OpenSSL's configuration, where commas and semicolons would end it. */
static bool add_url(X509 *x, int nid, const char *prefix, const char *url)
{
	struct bytes value = {0};
	bool done = true;

	if (url) {
		bytes_append_format(&value, "%s%s", prefix, url);
		done = url[strcspn(url, ",;\"\\ ")] == '\0' &&
		       add_extension(x, NULL, nid, bytes_text(&value));
	}
	bytes_free(&value);
	return done;
}

static bool add_urls(X509 *x, const struct issuer *issuer)
{
	return !issuer || (add_url(x, NID_info_access, "OCSP;URI:", issuer->ocsp_url) &&
				  add_url(x, NID_crl_distribution_points, "URI:", issuer->crl_url));
}

static bool add_extensions(X509 *x, const struct state *s, const struct certificate_kind *kind)
{
	return add_extension(x, s->ca, NID_authority_key_identifier, "keyid:always") &&
	       add_extension(x, s->ca, NID_subject_key_identifier, "hash") &&
	       add_extension(x, s->ca, NID_basic_constraints, "CA:FALSE") &&
	       add_extension(x, s->ca, NID_key_usage, kind->key_usage) &&
	       (!kind->extended_key_usage ||
		       add_extension(x, s->ca, NID_ext_key_usage, kind->extended_key_usage)) &&
	       add_policies(x, kind->policy) && (!kind->qualified || add_statements(x));
}

static bool append_der(X509 *x, struct bytes *out)
{
	uint8_t *der = NULL;
	int n = i2d_X509(x, &der);

	if (n > 0)
		bytes_append(out, span_of(der, (size_t)n));
	OPENSSL_free(der);
	return n > 0;
}

enum err certificate_issue(struct state *s, const struct certificate_kind *kind,
	const struct issuer *issuer, struct error *e)
{
	struct state_key k = {.id = kind->key_id};
	X509 *x = X509_new();

	assert(s->key_count < STATE_KEYS_MAX);
	k.key = kind->curve ? EVP_EC_gen(kind->curve) : EVP_RSA_gen(RSA_BITS);
	if (x && k.key && X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x) &&
		set_subject(x, s, kind) &&
		X509_set_issuer_name(x, X509_get_subject_name(s->ca)) == 1 &&
		set_validity(x, kind->from_days, kind->to_days) && X509_set_pubkey(x, k.key) == 1 &&
		add_extensions(x, s, kind) && add_urls(x, issuer) &&
		X509_sign(x, s->ca_key, EVP_sha384()) > 0 && append_der(x, &k.certificate)) {
		s->keys[s->key_count++] = k;
		X509_free(x);
		return ERR_OK;
	}
	X509_free(x);
	EVP_PKEY_free(k.key);
	bytes_free(&k.certificate);
	return crypto_failed(e, kind->label);
}

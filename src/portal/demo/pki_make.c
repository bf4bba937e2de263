/* The demo's certificates. They say of themselves that they are for tests. */
#include "portal/demo/pki_private.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

enum { DAY_S = 24 * 60 * 60, YEARS_10 = 3653 };

#define EXTENSIONS_MAX 6

/* Each part and its extensions in the words of OpenSSL's configuration. */
static const struct kind {
	const char *name;
	enum pki_part issuer;
	struct {
		int nid;
		const char *value;
	} extensions[EXTENSIONS_MAX];
} kinds[PKI_PARTS] = {
	[PKI_ROOT] = {"eonay Deneme Kök Sertifika Hizmet Sağlayıcısı", PKI_ROOT,
		{{NID_basic_constraints, "critical,CA:TRUE"},
			{NID_key_usage, "critical,keyCertSign,cRLSign"},
			{NID_subject_key_identifier, "hash"}}},
	[PKI_CA] = {"eonay Deneme NES Hizmet Sağlayıcısı", PKI_ROOT,
		{{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
			{NID_key_usage, "critical,keyCertSign,cRLSign"},
			{NID_subject_key_identifier, "hash"},
			{NID_authority_key_identifier, "keyid:always"}}},
	[PKI_OCSP] = {"eonay Deneme OCSP Yanıtlayıcı", PKI_CA,
		{{NID_basic_constraints, "critical,CA:FALSE"},
			{NID_key_usage, "critical,digitalSignature"},
			{NID_ext_key_usage, "OCSPSigning"}, {NID_id_pkix_OCSP_noCheck, "ignored"},
			{NID_subject_key_identifier, "hash"},
			{NID_authority_key_identifier, "keyid:always"}}},
	[PKI_TSA] = {"eonay Deneme Zaman Damgası Sunucusu", PKI_CA,
		{{NID_basic_constraints, "critical,CA:FALSE"},
			{NID_key_usage, "critical,digitalSignature"},
			{NID_ext_key_usage, "critical,timeStamping"},
			{NID_subject_key_identifier, "hash"},
			{NID_authority_key_identifier, "keyid:always"}}},
};

static bool add_name(X509_NAME *name, const char *field, const char *text)
{
	return X509_NAME_add_entry_by_txt(
		       name, field, MBSTRING_UTF8, (const uint8_t *)text, -1, -1, 0) == 1;
}

static bool set_subject(X509 *x, const struct kind *kind)
{
	X509_NAME *name = X509_get_subject_name(x);

	return add_name(name, "C", "TR") && add_name(name, "O", "eonay Test") &&
	       add_name(name, "CN", kind->name);
}

static bool set_serial(X509 *x)
{
	uint64_t serial = 0;

	return RAND_bytes((uint8_t *)&serial, sizeof(serial)) == 1 &&
	       ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), serial >> 1 | 1) == 1;
}

static bool add_extensions(X509 *x, X509 *issuer, const struct kind *kind)
{
	X509V3_CTX context;
	bool done = true;

	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, issuer, x, NULL, NULL, 0);
	for (size_t i = 0; done && i < EXTENSIONS_MAX && kind->extensions[i].nid; i++) {
		X509_EXTENSION *extension = X509V3_EXT_conf_nid(
			NULL, &context, kind->extensions[i].nid, kind->extensions[i].value);

		done = extension && X509_add_ext(x, extension, -1) == 1;
		X509_EXTENSION_free(extension);
	}
	return done;
}

static bool make_part(struct pki *p, enum pki_part which)
{
	const struct kind *kind = &kinds[which];
	X509 *x = p->part[which].x = X509_new(), *issuer;
	EVP_PKEY *key = p->part[which].key = EVP_EC_gen("P-256");

	issuer = p->part[kind->issuer].x;
	return x && key && X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x) &&
	       set_subject(x, kind) &&
	       X509_set_issuer_name(x, X509_get_subject_name(issuer)) == 1 &&
	       X509_gmtime_adj(X509_getm_notBefore(x), -DAY_S) &&
	       X509_gmtime_adj(X509_getm_notAfter(x), (long)YEARS_10 * DAY_S) &&
	       X509_set_pubkey(x, key) == 1 && add_extensions(x, issuer, kind) &&
	       X509_sign(x, p->part[kind->issuer].key, EVP_sha256()) > 0;
}

enum err pki_make(struct pki *p, struct error *e)
{
	for (enum pki_part i = PKI_ROOT; i < PKI_PARTS; i++) {
		if (!make_part(p, i))
			return error_set(e, ERR_CRYPTO, "%s", kinds[i].name);
	}
	return ERR_OK;
}

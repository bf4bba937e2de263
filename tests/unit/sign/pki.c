#include "sign/pki.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void must(bool done, const char *what)
{
	if (done)
		return;
	fprintf(stderr, "pki: %s\n", what);
	ERR_print_errors_fp(stderr);
	abort();
}

EVP_PKEY *pki_key(const char *name)
{
	char path[512];
	FILE *f;
	EVP_PKEY *key;

	snprintf(path, sizeof(path), "%s/keys/%s.pem", FIXTURES, name);
	f = fopen(path, "r");
	must(f, path);
	key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	must(key, path);
	fclose(f);
	return key;
}

static void add_text(X509_NAME *name, int nid, int type, struct span value)
{
	must(X509_NAME_add_entry_by_NID(name, nid, type, value.at, (int)value.n, -1, 0) == 1,
		"name");
}

static void set_subject(X509 *x, const struct pki_spec *s)
{
	X509_NAME *name = X509_NAME_new();

	add_text(name, NID_countryName, V_ASN1_PRINTABLESTRING, span_text("TR"));
	for (const struct pki_text *t = s->texts; t && t->nid; t++)
		add_text(name, t->nid, t->type, t->value);
	if (!s->texts)
		add_text(name, NID_commonName, V_ASN1_UTF8STRING,
			span_text(s->name ? s->name : "AYŞE YILMAZ ÖĞÜTÇÜ"));
	if (!s->texts && !s->ca)
		add_text(name, NID_serialNumber, V_ASN1_PRINTABLESTRING,
			span_text(s->tckn ? s->tckn : PKI_TCKN));
	must(X509_set_subject_name(x, name) == 1, "subject");
	X509_NAME_free(name);
}

static void add_named(X509 *x, X509 *issuer, const char *name, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;
	CONF *empty;

	if (!value || !*value)
		return;
	empty = NCONF_new(NULL); /* certificatePolicies wants one */
	X509V3_set_ctx(&context, issuer, x, NULL, NULL, 0);
	X509V3_set_nconf(&context, empty);
	extension = X509V3_EXT_conf(NULL, &context, name, value);
	must(extension, name);
	must(X509_add_ext(x, extension, -1) == 1, name);
	X509_EXTENSION_free(extension);
	NCONF_free(empty);
}

/* DER of SEQUENCE { oid } for each statement, in one SEQUENCE. */
static void add_statements(X509 *x, const char *const *oids)
{
	uint8_t der[256] = {0x30, 0};
	size_t n = 2;
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension;

	for (size_t i = 0; i < 3 && oids[i]; i++) {
		ASN1_OBJECT *oid = OBJ_txt2obj(oids[i], 1);
		unsigned char *at = der + n + 2;
		int size = i2d_ASN1_OBJECT(oid, &at);

		der[n] = 0x30;
		der[n + 1] = (uint8_t)size;
		n += 2 + (size_t)size;
		ASN1_OBJECT_free(oid);
	}
	der[1] = (uint8_t)(n - 2);
	ASN1_OCTET_STRING_set(value, der, (int)n);
	extension = X509_EXTENSION_create_by_NID(NULL, NID_qcStatements, 0, value);
	must(X509_add_ext(x, extension, -1) == 1, "qcStatements");
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(value);
}

static void add_more(X509 *x, X509 *issuer, const char *extension)
{
	char name[64];
	const char *equals = extension ? strchr(extension, '=') : NULL;

	if (!equals)
		return;
	snprintf(name, sizeof(name), "%.*s", (int)(equals - extension), extension);
	add_named(x, issuer, name, equals + 1);
}

static void add_extensions(X509 *x, X509 *issuer, const struct pki_spec *s)
{
	static const char *const both[3] = {PKI_OID_ETSI, PKI_OID_BTK};
	const char *const *statements = s->statements[0] ? s->statements : both;
	const char *usage =
		s->ca ? "critical,keyCertSign,cRLSign" : "critical,nonRepudiation,digitalSignature";

	add_named(x, issuer, "basicConstraints",
		s->constraints ? s->constraints
		: s->ca        ? "critical,CA:TRUE"
			       : "CA:FALSE");
	add_named(x, issuer, "subjectKeyIdentifier", "hash");
	if (issuer != x) /* of itself it would be empty */
		add_named(x, issuer, "authorityKeyIdentifier", "keyid");
	for (int i = 0; i <= s->extension_twice; i++)
		add_named(x, issuer, "keyUsage", s->usage ? s->usage : usage);
	add_named(x, issuer, "extendedKeyUsage", s->extended_usage);
	if (!s->ca || s->policy)
		add_named(x, issuer, "certificatePolicies", s->policy ? s->policy : PKI_POLICY);
	if (!s->ca && *statements[0])
		add_statements(x, statements);
	add_more(x, issuer, s->extension);
}

static void set_serial(X509 *x, struct span serial)
{
	static uint32_t next = 0x10000;
	ASN1_INTEGER *value = ASN1_INTEGER_new();

	if (serial.n)
		ASN1_STRING_set(value, serial.at, (int)serial.n);
	else
		ASN1_INTEGER_set(value, (long)next++);
	must(X509_set_serialNumber(x, value) == 1, "serial");
	ASN1_INTEGER_free(value);
}

static void sign_certificate(X509 *x, EVP_PKEY *key, const struct pki_spec *s)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	const EVP_MD *md = EVP_get_digestbyname(s->digest ? s->digest : "SHA256");
	EVP_PKEY_CTX *parameters;

	if (EVP_PKEY_is_a(key, "ED25519"))
		md = NULL;
	must(EVP_DigestSignInit(c, &parameters, md, NULL, key) == 1, "sign init");
	if (s->pss)
		must(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
				EVP_PKEY_CTX_set_rsa_pss_saltlen(
					parameters, RSA_PSS_SALTLEN_DIGEST) == 1,
			"pss");
	must(X509_sign_ctx(x, c) > 0, "sign");
	EVP_MD_CTX_free(c);
}

void pki_make(struct pki *out, const struct pki_spec *s, const struct pki *issuer)
{
	EVP_PKEY *key = pki_key(s->key ? s->key : s->ca ? "rsa_ca" : "rsa2048");
	X509 *x = X509_new();
	unsigned char *der = NULL;
	int n;

	must(x && X509_set_version(x, 2) == 1, "version");
	set_serial(x, s->serial);
	ASN1_TIME_set(X509_getm_notBefore(x), s->from ? s->from : PKI_FROM);
	ASN1_TIME_set(X509_getm_notAfter(x), s->to ? s->to : PKI_TO);
	set_subject(x, s);
	X509_set_issuer_name(x, X509_get_subject_name(issuer ? issuer->x : x));
	must(X509_set_pubkey(x, key) == 1, "key");
	add_extensions(x, issuer ? issuer->x : x, s);
	sign_certificate(x, issuer ? issuer->key : key, s);
	n = i2d_X509(x, &der);
	must(n > 0, "DER");
	*out = (struct pki){.x = x, .key = key};
	bytes_append(&out->der, span_of(der, (size_t)n));
	OPENSSL_free(der);
}

void pki_free(struct pki *p)
{
	bytes_free(&p->der);
	X509_free(p->x);
	EVP_PKEY_free(p->key);
	*p = (struct pki){0};
}

void pki_make_root(struct pki *out)
{
	pki_make(out, &(struct pki_spec){.ca = true, .name = "Deneme Kök ESHS"}, NULL);
}

struct pki pki_root;

int pki_root_setup(void **state)
{
	(void)state;
	pki_make_root(&pki_root);
	return 0;
}

int pki_root_teardown(void **state)
{
	(void)state;
	pki_free(&pki_root);
	return 0;
}

void pki_make_signer(struct pki *out, const char *key, const struct pki *issuer)
{
	pki_make(out, &(struct pki_spec){.key = key}, issuer);
}

void pki_write_pem(char *path, const struct pki *const *certificates, size_t count)
{
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	must(f, path);
	for (size_t i = 0; i < count; i++)
		must(PEM_write_X509(f, certificates[i]->x) == 1, path);
	must(fclose(f) == 0, path);
}

void pki_sign(EVP_PKEY *key, const struct cades_to_sign *what, struct bytes *signature)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
	uint8_t value[1024];
	size_t n = sizeof(value);

	must(EVP_PKEY_sign_init(c) == 1, "sign init");
	if (what->scheme == SCHEME_RSA_PSS)
		must(EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PSS_PADDING) == 1, "pss");
	must(EVP_PKEY_CTX_set_signature_md(c, EVP_get_digestbyname(digest_name(what->digest))) == 1,
		"digest");
	if (what->scheme == SCHEME_RSA_PSS)
		must(EVP_PKEY_CTX_set_rsa_pss_saltlen(c, RSA_PSS_SALTLEN_DIGEST) == 1, "salt");
	must(EVP_PKEY_sign(c, value, &n, what->value, digest_size(what->digest)) == 1, "sign");
	bytes_append(signature, span_of(value, n));
	EVP_PKEY_CTX_free(c);
}

/* The three steps of cades.h, with the content given in two pieces. */
static enum err run_cades(struct cades *c, EVP_PKEY *key, struct span content, bool detached,
	struct bytes *cms, struct error *e)
{
	struct bytes signature = {0}, tail = {0};
	struct cades_to_sign what;
	enum err result = cades_update(c, span_first(content, content.n / 2), e);

	if (!result)
		result = cades_update(c, span_from(content, content.n / 2), e);
	if (!result)
		result = cades_prepare(c, &what, e);
	if (!result) {
		pki_sign(key, &what, &signature);
		result = cades_finish(c, bytes_span(&signature), cms, &tail, e);
	}
	if (!result && !detached)
		bytes_append(cms, content);
	if (!result)
		bytes_append(cms, bytes_span(&tail));
	bytes_free(&signature);
	bytes_free(&tail);
	return result;
}

enum err pki_make_cms(const struct pki *signer, struct cades_request request, struct span content,
	struct bytes *cms, struct error *e)
{
	struct cades *c;
	enum err result;

	if (!request.certificate.n)
		request.certificate = bytes_span(&signer->der);
	if (!request.signing_time)
		request.signing_time = PKI_NOW;
	result = cades_begin(&request, &c, e);
	if (!result)
		result = run_cades(c, signer->key, content, request.detached, cms, e);
	cades_free(c);
	return result;
}

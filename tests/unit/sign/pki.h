/* A little public key infrastructure for tests: keys from tests/fixtures/keys, certificates as a
 * specification says, made-up people. Written with OpenSSL's own certificate functions, nothing of
 * src/sign. */
#ifndef EONAY_TESTS_PKI_H
#define EONAY_TESTS_PKI_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/bytes.h"
#include "sign/cades.h"

#define PKI_FROM 1577836800 /* 2020-01-01 */
#define PKI_TO 2524607999   /* 2049-12-31T23:59:59Z */
#define PKI_NOW 1782864000  /* 2026-07-01 */
#define PKI_TCKN "10000000146"

#define PKI_OID_ETSI "0.4.0.1862.1.1"
#define PKI_OID_BTK "2.16.792.1.61.0.1.5070.1.1"
#define PKI_OID_BTK_NEWER "2.16.792.1.61.0.1.5070.2.1"
#define PKI_POLICY "2.16.792.1.2.1.1.5.7.1.1"
#define PKI_POLICY_TEST "2.16.792.1.2.1.1.5.7.1.4.1"

/* One attribute of a subject, for texts that no usual tool writes. */
struct pki_text {
	int nid;
	int type; /* V_ASN1_* */
	struct span value;
};

/* A certificate to be made. Zero and NULL stand for what a good NES has. "" leaves the extension
 * out. */
struct pki_spec {
	const char *key;              /* fixture: "rsa2048" */
	const char *name;             /* commonName */
	const char *tckn;             /* serialNumber of the subject */
	const struct pki_text *texts; /* in place of name and tckn; ended by nid 0 */
	int64_t from, to;
	const char *usage; /* of keyUsage, in OpenSSL's words */
	const char *constraints;
	const char *extended_usage; /* none when NULL */
	const char *statements[3];  /* dotted; both when the first is NULL, none when it is "" */
	const char *policy;
	const char *digest;    /* that the issuer signs with */
	const char *extension; /* one more, "OID or name=value" as in openssl.cnf */
	struct span serial;    /* content of the INTEGER */
	bool pss;              /* signed with RSASSA-PSS */
	bool ca; /* a CA: other defaults for usage, constraints, statements and policy */
	bool extension_twice; /* keyUsage is there twice */
};

struct pki {
	struct bytes der;
	X509 *x;
	EVP_PKEY *key;
};

/* The key of tests/fixtures/keys/NAME.pem. */
EVP_PKEY *pki_key(const char *name);

/* Makes the certificate; issuer NULL: self-signed. Ends the test on any failure. */
void pki_make(struct pki *out, const struct pki_spec *spec, const struct pki *issuer);
void pki_free(struct pki *p);

/* The root, and a NES of the given key issued by it. */
void pki_make_root(struct pki *out);
void pki_make_signer(struct pki *out, const char *key, const struct pki *issuer);

/* A root for all tests of a group that need no other one. */
extern struct pki pki_root;
int pki_root_setup(void **state);
int pki_root_teardown(void **state);

/* Writes certificates as PEM into a new file; path is a template for mkstemp(). */
void pki_write_pem(char *path, const struct pki *const *certificates, size_t count);

/* What the card does: signs the digest with the key. signature is appended to. */
void pki_sign(EVP_PKEY *key, const struct cades_to_sign *what, struct bytes *signature);

/* A whole signature made by cades_*: request's certificate and time are filled from signer where
 * they are zero. */
enum err pki_make_cms(const struct pki *signer, struct cades_request request, struct span content,
	struct bytes *cms, struct error *e);

#endif

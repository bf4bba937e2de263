#include "sign/forge.h"

#include <assert.h>
#include <openssl/rsa.h>
#include <string.h>

#include "base/hex.h"
#include "sign/der.h"
#include "sign/oid.h"

void forge_set_span(struct forge *f, enum part part, struct span der)
{
	bytes_clear(&f->part[part]);
	bytes_append(&f->part[part], der);
}

void forge_set(struct forge *f, enum part part, const char *hex)
{
	bytes_clear(&f->part[part]);
	assert(hex_read(hex, &f->part[part]));
}

size_t forge_digest(const char *digest, struct span s, uint8_t out[EVP_MAX_MD_SIZE])
{
	unsigned n = 0;

	EVP_Digest(s.at, s.n, out, &n, EVP_get_digestbyname(digest), NULL);
	return n;
}

/* AlgorithmIdentifier with an OID of OpenSSL's table, with or without NULL. */
static void put_algorithm(struct bytes *out, int nid, bool null)
{
	size_t sequence = der_begin(out);
	unsigned char *oid = NULL;
	int n = i2d_ASN1_OBJECT(OBJ_nid2obj(nid), &oid);

	bytes_append(out, span_of(oid, (size_t)n));
	if (null)
		der_put(out, DER_NULL, (struct span){0});
	der_end(out, sequence, DER_SEQUENCE);
	OPENSSL_free(oid);
}

void forge_put_attribute(struct bytes *out, uint8_t arc, struct span value)
{
	size_t sequence = der_begin(out);

	der_put(out, DER_OID, OID_PKCS9(arc));
	der_put(out, DER_SET, value);
	der_end(out, sequence, DER_SEQUENCE);
}

void forge_put_signing_certificate(struct bytes *out, struct span certificate, struct span more)
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	size_t attribute = der_begin(out), set, signing, list, id;

	der_put(out, DER_OID, OID_SMIME_AA(47));
	set = der_begin(out);
	signing = der_begin(out);
	list = der_begin(out);
	id = der_begin(out);
	der_put(out, DER_OCTET_STRING, span_of(hash, forge_digest("SHA256", certificate, hash)));
	bytes_append(out, more);
	der_end(out, id, DER_SEQUENCE);
	der_end(out, list, DER_SEQUENCE);
	der_end(out, signing, DER_SEQUENCE);
	der_end(out, set, DER_SET);
	der_end(out, attribute, DER_SEQUENCE);
}

static void fill_attributes(struct forge *f)
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	struct bytes value = {0};

	der_put(&value, DER_OID, OID_DATA);
	forge_put_attribute(&f->part[PART_A_TYPE], 3, bytes_span(&value));
	bytes_clear(&value);
	der_put(&value, DER_OCTET_STRING, span_of(hash, forge_digest(f->digest, f->content, hash)));
	forge_put_attribute(&f->part[PART_A_DIGEST], 4, bytes_span(&value));
	bytes_clear(&value);
	der_put_time(&value, PKI_NOW);
	forge_put_attribute(&f->part[PART_A_TIME], 5, bytes_span(&value));
	bytes_free(&value);
	forge_put_signing_certificate(
		&f->part[PART_A_CERTIFICATE], bytes_span(&f->signer->der), (struct span){0});
}

static void fill_identifier(struct forge *f)
{
	struct bytes *out = &f->part[PART_IDENTIFIER];
	size_t sequence = der_begin(out);
	unsigned char *issuer = NULL, *serial = NULL;
	int n = i2d_X509_NAME(X509_get_issuer_name(f->signer->x), &issuer);

	bytes_append(out, span_of(issuer, (size_t)n));
	n = i2d_ASN1_INTEGER(X509_get0_serialNumber(f->signer->x), &serial);
	bytes_append(out, span_of(serial, (size_t)n));
	der_end(out, sequence, DER_SEQUENCE);
	OPENSSL_free(issuer);
	OPENSSL_free(serial);
}

/* RSASSA-PSS-params of SHA-256. */
#define PSS_SHA256                                                                                 \
	"3041 06092A864886F70D01010A 3034 A00F300D06096086480165030402010500"                      \
	"A11C301A06092A864886F70D010108300D06096086480165030402010500 A203020120"

static void fill_algorithms(struct forge *f)
{
	int digest = OBJ_sn2nid(f->digest), both = NID_undef;
	struct bytes *digests = &f->part[PART_DIGESTS];
	size_t set = der_begin(digests);

	put_algorithm(digests, digest, false);
	der_end(digests, set, DER_SET);
	put_algorithm(&f->part[PART_DIGEST], digest, false);
	if (f->flags & FORGE_PSS) {
		forge_set(f, PART_ALGORITHM, PSS_SHA256);
	} else if (EVP_PKEY_is_a(f->key, "EC")) {
		OBJ_find_sigid_by_algs(&both, digest, NID_X9_62_id_ecPublicKey);
		put_algorithm(&f->part[PART_ALGORITHM], both, false);
	} else {
		put_algorithm(&f->part[PART_ALGORITHM], NID_rsaEncryption, true);
	}
}

static void fill_content(struct forge *f)
{
	struct bytes *out = &f->part[PART_CONTENT];
	size_t tagged = der_begin(out);

	if (f->flags & FORGE_DETACHED)
		return;
	der_put(out, DER_OCTET_STRING, f->content);
	der_end(out, tagged, DER_CONTEXT_0);
}

void forge_start(struct forge *f, const struct pki *signer, const char *digest, struct span content,
	unsigned flags)
{
	*f = (struct forge){.signer = signer, .key = signer->key, .digest = digest};
	f->content = content;
	f->flags = flags;
	der_put(&f->part[PART_TYPE], DER_OID, OID_SIGNED_DATA);
	forge_set(f, PART_VERSION, "020101");
	fill_algorithms(f);
	der_put(&f->part[PART_CONTENT_TYPE], DER_OID, OID_DATA);
	fill_content(f);
	der_put(&f->part[PART_CERTIFICATES], DER_CONTEXT_0, bytes_span(&signer->der));
	forge_set(f, PART_SIGNER_VERSION, "020101");
	fill_identifier(f);
	fill_attributes(f);
}

static void put_parts(const struct forge *f, struct bytes *out, enum part first, enum part last)
{
	for (enum part p = first; p <= last; p++)
		bytes_append(out, bytes_span(&f->part[p]));
}

/* The attributes under the tag given. */
static void put_attributes(const struct forge *f, struct bytes *out, uint8_t tag)
{
	struct span set[PART_A_MORE_STILL - PART_A_TYPE + 1];
	size_t count = 0, begin;

	for (enum part p = PART_A_TYPE; p <= PART_A_MORE_STILL; p++) {
		if (f->part[p].n)
			set[count++] = bytes_span(&f->part[p]);
	}
	if (count && !(f->flags & FORGE_UNSORTED)) {
		der_put_set(out, tag, set, count);
		return;
	}
	begin = der_begin(out);
	while (count--) /* the longest first: surely not DER's order */
		bytes_append(out, set[count]);
	der_end(out, begin, tag);
}

static void make_signature(struct forge *f)
{
	struct bytes signed_bytes = {0};
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	EVP_PKEY_CTX *parameters;
	uint8_t value[1024];
	size_t n = sizeof(value);

	if (f->flags & FORGE_NO_ATTRIBUTES)
		bytes_append(&signed_bytes, f->content);
	else
		put_attributes(f, &signed_bytes,
			f->flags & FORGE_SIGN_AS_TAGGED ? DER_CONTEXT_0 : DER_SET);
	assert(EVP_DigestSignInit(c, &parameters, EVP_get_digestbyname(f->digest), NULL, f->key) ==
		1);
	if (f->flags & FORGE_PSS) {
		EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
		EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters,
			f->flags & FORGE_SALT_MAX ? RSA_PSS_SALTLEN_MAX : RSA_PSS_SALTLEN_DIGEST);
	}
	assert(EVP_DigestSign(c, value, &n, signed_bytes.at, signed_bytes.n) == 1);
	der_put(&f->part[PART_SIGNATURE], DER_OCTET_STRING, span_of(value, n));
	EVP_MD_CTX_free(c);
	bytes_free(&signed_bytes);
}

static void put_signers(struct forge *f, struct bytes *out)
{
	size_t set = der_begin(out), signer = der_begin(out);

	if (f->flags & FORGE_NO_SIGNERS) {
		der_end(out, set, DER_SET);
		return;
	}
	if (!f->part[PART_SIGNATURE].n)
		make_signature(f);
	put_parts(f, out, PART_SIGNER_VERSION, PART_DIGEST);
	if (!(f->flags & FORGE_NO_ATTRIBUTES))
		put_attributes(f, out, DER_CONTEXT_0);
	put_parts(f, out, PART_ALGORITHM, PART_BEHIND_SIGNER);
	der_end(out, signer, DER_SEQUENCE);
	put_parts(f, out, PART_SIGNERS, PART_SIGNERS);
	der_end(out, set, DER_SET);
}

void forge_build(struct forge *f, struct bytes *out)
{
	size_t info = der_begin(out), tagged, data, content;

	put_parts(f, out, PART_TYPE, PART_TYPE);
	tagged = der_begin(out);
	data = der_begin(out);
	put_parts(f, out, PART_VERSION, PART_DIGESTS);
	content = der_begin(out);
	put_parts(f, out, PART_CONTENT_TYPE, PART_CONTENT);
	der_end(out, content, DER_SEQUENCE);
	put_parts(f, out, PART_CERTIFICATES, PART_LISTS);
	put_signers(f, out);
	der_end(out, data, DER_SEQUENCE);
	der_end(out, tagged, DER_CONTEXT_0);
	der_end(out, info, DER_SEQUENCE);
	put_parts(f, out, PART_BEHIND, PART_BEHIND);
}

void forge_free(struct forge *f)
{
	for (enum part p = 0; p < PART_COUNT; p++)
		bytes_free(&f->part[p]);
}

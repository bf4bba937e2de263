#include "sign/algorithm.h"

#include "sign/der.h"
#include "sign/oid.h"

enum { PKCS1_RSA = 1, PKCS1_MGF1 = 8, PKCS1_PSS = 10 };

/* The last arcs that tell the digests apart. */
static const struct arcs {
	uint8_t digest;
	uint8_t with_rsa;
	uint8_t with_ecdsa;
} arcs[] = {
	[DIGEST_SHA256] = {1, 11, 2},
	[DIGEST_SHA384] = {2, 12, 3},
	[DIGEST_SHA512] = {3, 13, 4},
};

/* Appends SEQUENCE { oid [, NULL] }. */
static void put_plain(struct bytes *out, struct span oid, bool null)
{
	size_t sequence = der_begin(out);

	der_put(out, DER_OID, oid);
	if (null)
		der_put(out, DER_NULL, (struct span){0});
	der_end(out, sequence, DER_SEQUENCE);
}

static bool is_plain(struct span whole, struct span oid, bool null)
{
	struct bytes want = {0};
	bool same;

	put_plain(&want, oid, null);
	same = span_equal(whole, bytes_span(&want));
	bytes_free(&want);
	return same;
}

void algorithm_put_digest(struct bytes *out, enum digest d)
{
	put_plain(out, OID_SHA2(arcs[d].digest), false);
}

enum digest algorithm_read_digest(struct span whole)
{
	for (enum digest d = DIGEST_SHA256; d <= DIGEST_SHA512; d++) {
		struct span oid = OID_SHA2(arcs[d].digest);

		if (is_plain(whole, oid, false) || is_plain(whole, oid, true))
			return d;
	}
	return DIGEST_NONE;
}

/* RSASSA-PSS-params (RFC 4055 3.1): the trailer field stays at its default; the digests are written
 * with NULL or without parameters, which are both in use. */
static void put_pss(struct bytes *out, enum digest d, bool null)
{
	uint8_t salt = (uint8_t)digest_size(d);
	size_t sequence = der_begin(out), parameters, field, mgf;

	der_put(out, DER_OID, OID_PKCS1(PKCS1_PSS));
	parameters = der_begin(out);
	field = der_begin(out);
	put_plain(out, OID_SHA2(arcs[d].digest), null);
	der_end(out, field, DER_CONTEXT_0);
	field = der_begin(out);
	mgf = der_begin(out);
	der_put(out, DER_OID, OID_PKCS1(PKCS1_MGF1));
	put_plain(out, OID_SHA2(arcs[d].digest), null);
	der_end(out, mgf, DER_SEQUENCE);
	der_end(out, field, DER_CONTEXT_1);
	field = der_begin(out);
	der_put(out, DER_INTEGER, span_of(&salt, 1));
	der_end(out, field, DER_CONTEXT_2);
	der_end(out, parameters, DER_SEQUENCE);
	der_end(out, sequence, DER_SEQUENCE);
}

static bool is_pss(struct span whole, enum digest d, bool null)
{
	struct bytes want = {0};
	bool same;

	put_pss(&want, d, null);
	same = span_equal(whole, bytes_span(&want));
	bytes_free(&want);
	return same;
}

void algorithm_put_signature(struct bytes *out, enum signature_scheme scheme, enum digest d)
{
	switch (scheme) {
	case SCHEME_RSA_PKCS1:
		put_plain(out, OID_PKCS1(PKCS1_RSA), true);
		break;
	case SCHEME_RSA_PSS:
		/* With NULL, as OpenSSL, Bouncy Castle and the certificates in the field write it.
		 */
		put_pss(out, d, true);
		break;
	case SCHEME_ECDSA:
		put_plain(out, OID_ECDSA_SHA2(arcs[d].with_ecdsa), false);
		break;
	}
}

bool algorithm_read_signature(struct span whole, enum digest d, enum signature_scheme *scheme)
{
	if (is_plain(whole, OID_PKCS1(PKCS1_RSA), true) ||
		is_plain(whole, OID_PKCS1(arcs[d].with_rsa), true))
		*scheme = SCHEME_RSA_PKCS1;
	else if (is_pss(whole, d, true) || is_pss(whole, d, false))
		*scheme = SCHEME_RSA_PSS;
	else if (is_plain(whole, OID_ECDSA_SHA2(arcs[d].with_ecdsa), false))
		*scheme = SCHEME_ECDSA;
	else
		return false;
	return true;
}

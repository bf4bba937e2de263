/* Where a certificate says that its status is told (RFC 5280 4.2.1.13, 4.2.2.1). */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <string.h>

#include "sign/crypto.h"
#include "sign/revocation.h"

static bool is_http(struct span url)
{
	static const char *const schemes[] = {"http://", "https://"};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		struct span scheme = span_text(schemes[i]);

		if (url.n > scheme.n && span_equal(span_first(url, scheme.n), scheme))
			return !memchr(url.at, '\0', url.n);
	}
	return false;
}

/* Takes the first name that is a URL we may ask. */
static void take_url(const GENERAL_NAME *name, struct bytes *out)
{
	int type;
	const ASN1_STRING *text = GENERAL_NAME_get0_value(name, &type);
	struct span url;

	if (type != GEN_URI || out->n)
		return;
	url = span_of(ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text));
	if (is_http(url))
		bytes_append(out, url);
}

static void read_responder(X509 *x, struct bytes *out)
{
	AUTHORITY_INFO_ACCESS *all = X509_get_ext_d2i(x, NID_info_access, NULL, NULL);

	for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(all); i++) {
		const ACCESS_DESCRIPTION *one = sk_ACCESS_DESCRIPTION_value(all, i);

		if (OBJ_obj2nid(one->method) == NID_ad_OCSP)
			take_url(one->location, out);
	}
	AUTHORITY_INFO_ACCESS_free(all);
}

/* Lists of some reasons only, and of other issuers, are no lists to us. */
static void read_list(X509 *x, struct bytes *out)
{
	CRL_DIST_POINTS *all = X509_get_ext_d2i(x, NID_crl_distribution_points, NULL, NULL);

	for (int i = 0; i < sk_DIST_POINT_num(all); i++) {
		const DIST_POINT *one = sk_DIST_POINT_value(all, i);

		if (!one->distpoint || one->distpoint->type != 0 || one->reasons || one->CRLissuer)
			continue;
		for (int k = 0; k < sk_GENERAL_NAME_num(one->distpoint->name.fullname); k++)
			take_url(sk_GENERAL_NAME_value(one->distpoint->name.fullname, k), out);
	}
	CRL_DIST_POINTS_free(all);
}

bool revocation_url(struct span certificate, enum revocation_place place, struct bytes *out)
{
	X509 *x = crypto_read_certificate(certificate);

	bytes_clear(out);
	if (!x)
		return false;
	ERR_set_mark();
	if (place == REVOCATION_RESPONDER)
		read_responder(x, out);
	else
		read_list(x, out);
	ERR_pop_to_mark();
	X509_free(x);
	return out->n > 0;
}

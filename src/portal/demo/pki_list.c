/* The demo's revocation lists (RFC 5280 5). */
#include "portal/demo/pki_private.h"

#include "base/clock.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#define NEXT_UPDATE_S 3600

/* A list being made. */
struct list {
	const struct pki *pki;
	X509_CRL *crl;
	bool failed;
};

static bool set_reason(X509_REVOKED *entry, enum registered_status status)
{
	ASN1_ENUMERATED *reason;
	bool done;

	if (status != REGISTERED_SUSPENDED)
		return true; /* RFC 5280 5.3.1: "unspecified" is not written */
	reason = ASN1_ENUMERATED_new();
	done = reason && ASN1_ENUMERATED_set(reason, CRL_REASON_CERTIFICATE_HOLD) == 1 &&
	       X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0) == 1;
	ASN1_ENUMERATED_free(reason);
	return done;
}

static bool set_entry(X509_REVOKED *entry, const struct registered *r)
{
	ASN1_TIME *at = ASN1_TIME_set(NULL, (time_t)r->status_at);
	BIGNUM *number = NULL;
	ASN1_INTEGER *serial = NULL;
	bool done;

	if (BN_hex2bn(&number, r->serial) > 0)
		serial = BN_to_ASN1_INTEGER(number, NULL);
	done = at && serial && X509_REVOKED_set_serialNumber(entry, serial) == 1 &&
	       X509_REVOKED_set_revocationDate(entry, at) == 1 && set_reason(entry, r->status);
	ASN1_INTEGER_free(serial);
	BN_free(number);
	ASN1_TIME_free(at);
	return done;
}

static bool add_entry(const struct registered *r, void *context)
{
	struct list *list = context;
	X509_REVOKED *entry;

	if (strcmp(r->issuer, list->pki->ca_name) != 0)
		return true;
	entry = X509_REVOKED_new();
	if (entry && set_entry(entry, r) && X509_CRL_add0_revoked(list->crl, entry) == 1)
		return true;
	X509_REVOKED_free(entry);
	list->failed = true;
	return false;
}

/* The number grows with the time (RFC 5280 5.2.3). */
static bool add_extensions(X509_CRL *crl, X509 *issuer, int64_t now)
{
	ASN1_INTEGER *number = ASN1_INTEGER_new();
	X509V3_CTX context;
	X509_EXTENSION *key;
	bool done;

	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, issuer, NULL, NULL, crl, 0);
	key = X509V3_EXT_conf_nid(NULL, &context, NID_authority_key_identifier, "keyid:always");
	done = number && ASN1_INTEGER_set_int64(number, now) == 1 && key &&
	       X509_CRL_add_ext(crl, key, -1) == 1 &&
	       X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0) == 1;
	X509_EXTENSION_free(key);
	ASN1_INTEGER_free(number);
	return done;
}

static bool set_times(X509_CRL *crl, int64_t now)
{
	ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)now);
	bool done = time && X509_CRL_set1_lastUpdate(crl, time) == 1 &&
		    ASN1_TIME_set(time, (time_t)now + NEXT_UPDATE_S) &&
		    X509_CRL_set1_nextUpdate(crl, time) == 1;

	ASN1_TIME_free(time);
	return done;
}

static bool sign_list(X509_CRL *crl, const struct pki *p, enum pki_part issuer)
{
	int64_t now = clock_wall_s();

	return X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
	       X509_CRL_set_issuer_name(crl, X509_get_subject_name(p->part[issuer].x)) == 1 &&
	       set_times(crl, now) && add_extensions(crl, p->part[issuer].x, now) &&
	       X509_CRL_sort(crl) == 1 && X509_CRL_sign(crl, p->part[issuer].key, EVP_sha256()) > 0;
}

enum err pki_write_list(
	const struct pki *p, struct store *store, struct bytes *out, struct error *e)
{
	struct list list = {.pki = p, .crl = X509_CRL_new()};
	enum err code = ERR_OK;
	uint8_t *der = NULL;
	int n = 0;

	ERR_set_mark();
	if (store && list.crl)
		code = store_list_unusable(store, add_entry, &list, e);
	if (!code && list.crl && !list.failed && sign_list(list.crl, p, store ? PKI_CA : PKI_ROOT))
		n = i2d_X509_CRL(list.crl, &der);
	if (n > 0)
		bytes_append(out, span_of(der, (size_t)n));
	else if (!code)
		code = error_set(e, ERR_CRYPTO, "CRL");
	OPENSSL_free(der);
	ERR_pop_to_mark();
	X509_CRL_free(list.crl);
	return code;
}

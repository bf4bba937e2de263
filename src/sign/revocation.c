#include "sign/revocation.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <time.h>

#include "sign/crypto.h"
#include "sign/revocation_parts.h"

enum err revocation_parties_read(
	const struct revocation_question *question, struct revocation_parties *out, struct error *e)
{
	out->certificate = crypto_read_certificate(question->certificate);
	out->issuer = crypto_read_certificate(question->issuer);
	if (!out->certificate || !out->issuer)
		return error_set(e, ERR_CERTIFICATE, "status: not a certificate");
	if (X509_NAME_cmp(X509_get_issuer_name(out->certificate),
		    X509_get_subject_name(out->issuer)) != 0)
		return error_set(e, ERR_CERTIFICATE, "status: another issuer");
	return ERR_OK;
}

void revocation_parties_free(struct revocation_parties *p)
{
	X509_free(p->certificate);
	X509_free(p->issuer);
}

void revocation_verdict_revoked(struct revocation_verdict *verdict, int reason, int64_t at)
{
	verdict->status =
		reason == CRL_REASON_CERTIFICATE_HOLD ? REVOCATION_SUSPENDED : REVOCATION_REVOKED;
	verdict->reason = reason;
	verdict->revoked_at = at;
}

bool revocation_time(const ASN1_TIME *time, int64_t *out)
{
	int digits = ASN1_STRING_type(time) == V_ASN1_UTCTIME ? 12 : 14;
	struct tm tm;

	if (ASN1_STRING_length(time) != digits + 1 || ASN1_STRING_get0_data(time)[digits] != 'Z' ||
		ASN1_TIME_to_tm(time, &tm) != 1)
		return false;
	*out = timegm(&tm);
	return true;
}

enum err revocation_error(const struct revocation_verdict *verdict)
{
	switch (verdict->status) {
	case REVOCATION_GOOD:
		return ERR_OK;
	case REVOCATION_SUSPENDED:
		return ERR_CERTIFICATE_SUSPENDED;
	case REVOCATION_REVOKED:
		return ERR_CERTIFICATE_REVOKED;
	default:
		return ERR_CERTIFICATE_UNKNOWN;
	}
}

/* Revocation lists (RFC 5280 5): OpenSSL's path validation finds and judges the list (6.3), what it lets pass is refused
 * here. */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <limits.h>

#include "sign/crypto.h"
#include "sign/der.h"
#include "sign/revocation_parts.h"

#define SECURITY_LEVEL 2 /* as in chain.c */

static X509_CRL *read_list(struct span der)
{
	const unsigned char *at = der.at;
	X509_CRL *list;

	if (!crypto_context() || der.n > REVOCATION_LIST_MAX || !der_is_whole(der))
		return NULL;
	list = X509_CRL_new_ex(crypto_context(), NULL);
	if (list && (!d2i_X509_CRL(&list, &at, (long)der.n) || at != der.at + der.n)) {
		X509_CRL_free(list);
		list = NULL;
	}
	return list;
}

/* Version 2, the times of RFC 5280 5.1.2.4 and 5.1.2.5, an algorithm that we know, and no delta (5.2.4), which is a list
 * of changes however its extension is marked. NULL when all is well. */
static const char *find_fault(const X509_CRL *list, struct revocation_verdict *verdict)
{
	const X509_ALGOR *algorithm = NULL;

	X509_CRL_get0_signature(list, NULL, &algorithm);
	if (X509_CRL_get_version(list) != X509_CRL_VERSION_2)
		return "version";
	if (!crypto_algorithm_is_known(algorithm))
		return "signature algorithm";
	if (!revocation_time(X509_CRL_get0_lastUpdate(list), &verdict->this_update))
		return "thisUpdate";
	if (!X509_CRL_get0_nextUpdate(list) ||
		!revocation_time(X509_CRL_get0_nextUpdate(list), &verdict->next_update))
		return "nextUpdate";
	if (X509_CRL_get_ext_by_NID(list, NID_delta_crl, -1) >= 0)
		return "a delta";
	return NULL;
}

/* The time at which the list is judged: one that was made a moment after our clock's now is good now. */
static int64_t time_of(
	const struct revocation_question *question, const struct revocation_verdict *verdict)
{
	int64_t ahead = verdict->this_update - question->at;

	return ahead > 0 && ahead <= question->clock_s ? verdict->this_update : question->at;
}

/* The certificate's path is its issuer alone, which the caller vouches for. */
static void set_rules(X509_STORE_CTX *c, int64_t at, STACK_OF(X509_CRL) * lists)
{
	X509_VERIFY_PARAM *rules = X509_STORE_CTX_get0_param(c);

	X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CRL_CHECK);
	X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_ANY);
	X509_VERIFY_PARAM_set_time(rules, (time_t)at);
	X509_VERIFY_PARAM_set_auth_level(rules, SECURITY_LEVEL);
	X509_STORE_CTX_set0_crls(c, lists);
}

/* X509_V_OK: not listed. X509_V_ERR_CERT_REVOKED: listed. Anything else: the list does not count. */
static int validate(const struct revocation_parties *p, X509_CRL *list, int64_t at)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *c = X509_STORE_CTX_new_ex(crypto_context(), NULL);
	STACK_OF(X509_CRL) *lists = sk_X509_CRL_new_null();
	int result = X509_V_ERR_UNSPECIFIED;

	if (store && c && lists && sk_X509_CRL_push(lists, list) &&
		X509_STORE_add_cert(store, p->issuer) == 1 &&
		X509_STORE_CTX_init(c, store, p->certificate, NULL) == 1) {
		set_rules(c, at, lists);
		X509_verify_cert(c);
		result = X509_STORE_CTX_get_error(c);
	}
	X509_STORE_CTX_free(c);
	X509_STORE_free(store);
	sk_X509_CRL_free(lists);
	return result;
}

static enum err read_entry(const struct revocation_parties *p, X509_CRL *list,
	struct revocation_verdict *verdict, struct error *e)
{
	X509_REVOKED *entry = NULL;
	ASN1_ENUMERATED *reason;
	int64_t at;

	if (X509_CRL_get0_by_cert(list, &entry, p->certificate) != 1 ||
		!revocation_time(X509_REVOKED_get0_revocationDate(entry), &at))
		return error_set(e, ERR_REVOCATION_ANSWER, "CRL: entry");
	reason = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
	revocation_verdict_revoked(verdict, reason ? (int)ASN1_ENUMERATED_get(reason) : -1, at);
	ASN1_ENUMERATED_free(reason);
	return ERR_OK;
}

static enum err check(const struct revocation_question *question,
	const struct revocation_parties *p, X509_CRL *list, struct revocation_verdict *verdict,
	struct error *e)
{
	const char *fault = find_fault(list, verdict);
	int result;

	if (fault)
		return error_set(e, ERR_REVOCATION_ANSWER, "CRL: %s", fault);
	verdict->produced_at = verdict->this_update;
	result = validate(p, list, time_of(question, verdict));
	if (result == X509_V_ERR_CERT_REVOKED)
		return read_entry(p, list, verdict, e);
	if (result != X509_V_OK)
		return error_set(
			e, ERR_REVOCATION_ANSWER, "CRL: %s", X509_verify_cert_error_string(result));
	verdict->status = REVOCATION_GOOD;
	return ERR_OK;
}

enum err revocation_check_list(const struct revocation_question *question, struct span list,
	struct revocation_verdict *verdict, struct error *e)
{
	struct revocation_parties p = {0};
	X509_CRL *read = NULL;
	enum err code;

	*verdict = (struct revocation_verdict){.status = REVOCATION_UNKNOWN, .reason = -1};
	ERR_set_mark();
	code = revocation_parties_read(question, &p, e);
	if (!code && !(read = read_list(list)))
		code = error_set(e, ERR_REVOCATION_ANSWER, "CRL: not one list in DER");
	if (!code)
		code = check(question, &p, read, verdict, e);
	ERR_pop_to_mark();
	X509_CRL_free(read);
	revocation_parties_free(&p);
	return code;
}

#include "portal/acceptance.h"

#include <string.h>

/* The certificate where a qualified one is not demanded: everything else that a usable one needs.
 */
static enum err check_unqualified(
	const struct certificate_info *signer, int64_t now, struct error *e)
{
	struct certificate_info as_if = *signer;
	enum err code;

	as_if.qualified = true;
	code = certificate_usable(&as_if, now);
	return code ? error_set(e, code, "signer") : ERR_OK;
}

/* What can be said of the signature by looking at it. */
static enum err verify(const struct acceptance_policy *policy, const struct session *session,
	const struct texts *texts, struct span cms, int64_t now, struct chain *chain,
	struct verify_report *report, struct error *e)
{
	struct bytes content = {0};
	struct verify_request request = {
		.cms = cms,
		.trust = policy->trust,
		.at = now,
		.signing_time_from = session->created - policy->clock_tolerance_s,
		.signing_time_to = (now < session->expires ? now : session->expires) +
				   policy->clock_tolerance_s,
		.any_certificate = !policy->qualified,
		.chain = chain,
	};
	enum err code;

	texts_join(texts, &content);
	request.content = bytes_span(&content);
	code = verify_cms(&request, report, e);
	if (!code && report->chain != VERIFY_CHAIN_TRUSTED)
		code = error_set(e, ERR_CERTIFICATE_ISSUER, "signer");
	if (!code && !policy->qualified)
		code = check_unqualified(&report->signer, now, e);
	if (!code && strcmp(report->signer.tckn, session->tckn) != 0)
		code = error_set(e, ERR_CERTIFICATE_PERSON, "signer");
	bytes_free(&content);
	return code;
}

static bool is_stamped(const struct acceptance_policy *policy, const struct session *session)
{
	return policy->stamp.url && *policy->stamp.url && session->purpose == SESSION_CONSENT;
}

enum err acceptance_take(const struct acceptance_policy *policy, const struct session *session,
	const struct texts *texts, struct span cms, int64_t now, struct signature *evidence,
	struct error *e)
{
	struct verify_report report = {0};
	struct chain chain = {0};
	enum err code = verify(policy, session, texts, cms, now, &chain, &report, e);

	if (!code && policy->status)
		code = status_check(policy->status, &chain, now, evidence, e);
	if (!code && is_stamped(policy, session))
		code = stamp_signature(&policy->stamp, policy->fetch, report.signature, now,
			&evidence->time_stamp, e);
	chain_free(&chain);
	return code;
}

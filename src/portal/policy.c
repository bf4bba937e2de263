#include "portal/policy.h"

static enum err open_status(
	const struct portal_settings *from, struct acceptance_policy *out, struct error *e)
{
	const struct status_settings settings = {
		.ocsp_url = from->ocsp_url,
		.list_url = from->crl_url,
		.ca_list_url = from->ca_crl_url,
		.stamp_ocsp_url = from->timestamp_ocsp_url,
		.stamp_list_url = from->timestamp_crl_url,
		.from_certificate = from->revocation_from_certificate,
		.nonce = from->ocsp_nonce,
		.hash = (enum revocation_hash)from->ocsp_hash,
		.ocsp_age_s = from->ocsp_age_s,
		.list_age_s = from->crl_age_s,
		.timeout_ms = from->revocation_timeout_s * 1000,
		.clock_s = from->clock_tolerance_s,
	};

	if (from->revocation == REVOCATION_OFF)
		return ERR_OK;
	return status_open(&settings, out->fetch, &out->status, e);
}

static enum err open_stamp(
	const struct portal_settings *from, struct acceptance_policy *out, struct error *e)
{
	if (*from->timestamp_url == '\0')
		return ERR_OK;
	out->stamp = (struct stamp_settings){
		.url = from->timestamp_url,
		.status = out->status,
		.timeout_ms = from->timestamp_timeout_s * 1000,
		.clock_s = from->clock_tolerance_s,
	};
	if (*from->timestamp_trust == '\0')
		return error_set(e, ERR_CONFIG_VALUE, "timestamp.trust");
	return trust_read_file(from->timestamp_trust, &out->stamp.trust, e);
}

enum err policy_open(const struct portal_settings *settings, const char *ca_file,
	struct acceptance_policy *out, struct error *e)
{
	enum err code;

	*out = (struct acceptance_policy){
		.qualified = settings->qualified,
		.clock_tolerance_s = settings->clock_tolerance_s,
	};
	/* Without CAs every signature would be refused, and with none asked for every one accepted:
	 * neither is served. */
	if (*settings->trust == '\0')
		return error_set(e, ERR_CONFIG_VALUE, "signature.trust");
	if ((code = trust_read_file(settings->trust, &out->trust, e)) ||
		(code = fetch_open(ca_file, &out->fetch, e)) ||
		(code = open_status(settings, out, e)))
		return code;
	return open_stamp(settings, out, e);
}

void policy_close(struct acceptance_policy *policy)
{
	status_close(policy->status);
	fetch_close(policy->fetch);
	trust_free(policy->stamp.trust);
	trust_free(policy->trust);
	*policy = (struct acceptance_policy){0};
}

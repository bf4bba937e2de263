#include "sign/checks.h"

/* Marks a text for the catalogue. */
#define N_(text) text

static const struct {
	const char *id;
	const char *label;
} checks[CHECK_COUNT] = {
	[CHECK_FORMAT] = {"format", N_("Biçim")},
	[CHECK_ALGORITHM] = {"algorithm", N_("Algoritmalar")},
	[CHECK_ATTRIBUTES] = {"attributes", N_("İmzalı öznitelikler")},
	[CHECK_CONTENT] = {"content", N_("İçerik")},
	[CHECK_BINDING] = {"binding", N_("Sertifika bağı")},
	[CHECK_SIGNATURE] = {"signature", N_("İmza")},
	[CHECK_CERTIFICATE] = {"certificate", N_("Sertifika")},
	[CHECK_ISSUER] = {"issuer", N_("Veren kurum")},
	[CHECK_REVOCATION] = {"revocation", N_("İptal durumu")},
	[CHECK_TIME_STAMP] = {"time-stamp", N_("Zaman damgası")},
};

const char *check_id(enum check check)
{
	return checks[check].id;
}

const char *check_label(enum check check)
{
	return checks[check].label;
}

bool check_applies(enum check check, const struct verify_report *report)
{
	return check != CHECK_TIME_STAMP || report->time_stamp.n > 0;
}

enum check check_of(enum err code)
{
	switch (code) {
	case ERR_CMS_FORMAT:
	case ERR_TOO_LARGE:
	case ERR_TLV:
		return CHECK_FORMAT;
	case ERR_CMS_ALGORITHM:
		return CHECK_ALGORITHM;
	case ERR_CMS_ATTRIBUTES:
	case ERR_CMS_TIME:
		return CHECK_ATTRIBUTES;
	case ERR_CMS_CONTENT:
	case ERR_CMS_DIGEST:
		return CHECK_CONTENT;
	case ERR_CMS_CERTIFICATE:
	case ERR_CERTIFICATE:
		return CHECK_BINDING;
	case ERR_CMS_SIGNATURE:
		return CHECK_SIGNATURE;
	case ERR_CERTIFICATE_EXPIRED:
	case ERR_CERTIFICATE_FUTURE:
	case ERR_CERTIFICATE_USAGE:
	case ERR_CERTIFICATE_NOT_QUALIFIED:
	case ERR_CERTIFICATE_KEY:
		return CHECK_CERTIFICATE;
	case ERR_CERTIFICATE_ISSUER:
		return CHECK_ISSUER;
	case ERR_TIMESTAMP:
		return CHECK_TIME_STAMP;
	default:
		return CHECK_COUNT;
	}
}

void check_outcomes(
	enum err code, const struct verify_report *report, enum outcome outcomes[CHECK_COUNT])
{
	enum check failed = check_of(code);

	for (int i = 0; i < CHECK_COUNT; i++)
		outcomes[i] = NOT_CHECKED;
	if (report->signature_valid) {
		for (int i = CHECK_FORMAT; i <= CHECK_SIGNATURE; i++)
			outcomes[i] = GOOD;
		if (code == ERR_OK || failed == CHECK_ISSUER)
			outcomes[CHECK_CERTIFICATE] = GOOD;
	}
	if (report->chain == VERIFY_CHAIN_TRUSTED)
		outcomes[CHECK_ISSUER] = GOOD;
	if (report->chain == VERIFY_CHAIN_UNTRUSTED)
		outcomes[CHECK_ISSUER] = BAD;
	if (report->stamp_trusted)
		outcomes[CHECK_TIME_STAMP] = GOOD;
	if (code && failed < CHECK_COUNT)
		outcomes[failed] = BAD;
}

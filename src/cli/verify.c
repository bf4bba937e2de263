/* eonay verify: is this signature good, and if not, why. */
#include "sign/checks.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/mapping.h"
#include "cli/report.h"
#include "cli/words.h"

#define LABEL_COLUMNS 22

static const struct argument options[] = {
	{0, "ca", ARGUMENT_TEXT, offsetof(struct options, ca), N_("DOSYA"),
		N_("güvenilen kök ve ara sertifikalar, PEM (yoksa card.trust ayarı)")},
	{0, "content", ARGUMENT_TEXT, offsetof(struct options, content), N_("DOSYA"),
		N_("ayrık imzanın içeriği; bitişik imzada içerik buna eşit olmalı")},
	{0, "stamp-ca", ARGUMENT_TEXT, offsetof(struct options, stamp_ca), N_("DOSYA"),
		N_("güvenilen zaman damgası kurumlarının kök ve ara sertifikaları, PEM")},
	{0, "offline", ARGUMENT_SWITCH, offsetof(struct options, offline), NULL,
		N_("iptal durumunu sorma, ağa çıkma")},
	{0, "json", ARGUMENT_SWITCH, offsetof(struct options, json), NULL,
		N_("sonucu JSON olarak yaz")},
};

/* One file being judged. */
struct verdict {
	const char *path;
	struct mapping cms;
	struct mapping content;
	struct trust *trust, *stamp_trust;
	struct verify_stamps stamps;
	struct verify_request request;
	struct verify_report report;
	struct error error;
	enum outcome outcomes[CHECK_COUNT];
};

/* Detached first when a content is given; a signature that turns out to carry its content must
 * carry that one. */
static enum err judge(struct verdict *v, const char *content)
{
	enum err code;

	v->request.cms = v->cms.bytes;
	v->request.trust = v->trust;
	v->request.at = clock_wall_s();
	v->stamps = (struct verify_stamps){
		.trust = v->stamp_trust, .now = v->request.at, .clock_s = VERIFY_STAMP_CLOCK_S};
	v->request.stamps = &v->stamps;
	v->request.detached = content != NULL;
	v->request.content = v->content.bytes;
	v->request.any_content = content == NULL;
	code = verify_cms(&v->request, &v->report, &v->error);
	if (content && code == ERR_CMS_CONTENT) {
		v->request.detached = false;
		code = verify_cms(&v->request, &v->report, &v->error);
	}
	if (code == ERR_OK && v->report.chain == VERIFY_CHAIN_NOT_CHECKED)
		code = error_set(&v->error, ERR_CERTIFICATE_ISSUER, "%s", _("--ca verilmedi"));
	return code;
}

static enum err open_and_judge(struct verdict *v, const struct cli *cli)
{
	const struct options *o = &cli->options;
	const char *ca = o->ca ? o->ca : cli->settings.trust;
	enum err code;

	v->request.any_certificate = cli->settings.qualified == QUALIFIED_ANY;
	if ((code = mapping_open(v->path, &v->cms, &v->error)))
		return code;
	if (o->content && (code = mapping_open(o->content, &v->content, &v->error)))
		return code;
	if (*ca && (code = trust_read_file(ca, &v->trust, &v->error)))
		return code;
	if (o->stamp_ca && (code = trust_read_file(o->stamp_ca, &v->stamp_trust, &v->error)))
		return code;
	code = judge(v, o->content);
	check_outcomes(code, &v->report, v->outcomes);
	return code;
}

static const char *scheme_name(enum signature_scheme scheme)
{
	switch (scheme) {
	case SCHEME_RSA_PKCS1:
		return "RSA PKCS#1 v1.5";
	case SCHEME_RSA_PSS:
		return "RSA-PSS";
	default:
		return "ECDSA";
	}
}

static const char *outcome_words(enum outcome outcome)
{
	static const char *const words[] = {
		[NOT_CHECKED] = N_("denetlenmedi"), [GOOD] = N_("doğru"), [BAD] = N_("HATALI")};

	return _(words[outcome]);
}

static void field(const char *label, const char *value)
{
	report_field(LABEL_COLUMNS, label, value);
}

static void tell_times(const struct verify_report *r)
{
	char from[20], to[20], text[64];

	clock_format_local(r->signer.not_before, from);
	clock_format_local(r->signer.not_after, to);
	snprintf(text, sizeof(text), "%s - %s", from, to);
	field(_("Geçerlilik"), text);
	if (r->signature_valid) {
		clock_format_local(r->signing_time, from);
		snprintf(text, sizeof(text), "%s (%s)", from, _("imzalayanın beyanı"));
		field(_("İmzalama Tarihi"), text);
	}
}

static void tell_signer(const struct verify_report *r)
{
	char tckn[12], algorithm[64];

	text_mask_tckn(r->signer.tckn, tckn);
	field(_("İmzalayan"), r->signer.holder);
	field(_("T.C. kimlik no"), tckn);
	field(_("Sertifikayı veren"), r->signer.issuer);
	field(_("Seri no"), r->signer.serial);
	field(_("Nitelikli (NES)"),
		r->signer.qualified ? r->signer.test ? _("evet (test)") : _("evet") : _("hayır"));
	tell_times(r);
	if (r->digest != DIGEST_NONE) {
		snprintf(algorithm, sizeof(algorithm), "%s, %s", scheme_name(r->scheme),
			digest_name(r->digest));
		field(_("Algoritma"), algorithm);
	}
}

static void tell_stamp(const struct verify_report *r)
{
	char time[20];

	clock_format_local(r->stamp.time, time);
	field(_("Damgalama Tarihi"), time);
	field(_("Damgalayan kurum"), r->stamp.authority.holder);
}

static void tell(const struct verdict *v)
{
	field(_("Dosya"), v->path);
	if (v->report.have_signer)
		tell_signer(&v->report);
	if (v->report.stamp_valid)
		tell_stamp(&v->report);
	for (int i = 0; i < CHECK_COUNT; i++) {
		if (check_applies((enum check)i, &v->report))
			field(_(check_label((enum check)i)), outcome_words(v->outcomes[i]));
	}
	field(_("Sonuç"), v->error.code ? _("GEÇERSİZ") : _("GEÇERLİ"));
}

static json_t *json_signer(const struct certificate_info *s)
{
	char tckn[12];

	text_mask_tckn(s->tckn, tckn);
	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:b, s:b, s:i, s:o}", "holder",
		report_json_text(s->holder), "tckn", tckn, "issuer", report_json_text(s->issuer),
		"serial", report_json_text(s->serial), "not_before",
		report_json_time(s->not_before), "not_after", report_json_time(s->not_after),
		"qualified", s->qualified, "test", s->test, "key_bits", (int)s->key_bits, "sha256",
		report_json_hex(span_of(s->sha256, sizeof(s->sha256))));
}

static json_t *json_checks(const enum outcome *outcomes)
{
	static const char *const names[] = {
		[NOT_CHECKED] = "not-checked", [GOOD] = "good", [BAD] = "bad"};
	json_t *all = json_object();

	for (int i = 0; i < CHECK_COUNT; i++)
		json_object_set_new(all, check_id((enum check)i), json_string(names[outcomes[i]]));
	return all;
}

static json_t *json_stamp(const struct verify_report *r)
{
	return json_pack("{s:o, s:o, s:o, s:b}", "time", report_json_time(r->stamp.time),
		"authority", report_json_text(r->stamp.authority.holder), "issuer",
		report_json_text(r->stamp.authority.issuer), "trusted", r->stamp_trusted);
}

static void tell_json(const struct verdict *v)
{
	const struct verify_report *r = &v->report;
	bool known = r->signature_valid;

	report_json_print(json_pack("{s:o, s:b, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "file",
		report_json_text(v->path), "valid", v->error.code == ERR_OK, "error",
		report_json_error(&v->error), "detached", v->request.detached, "digest",
		known ? json_string(digest_name(r->digest)) : json_null(), "scheme",
		known ? json_string(scheme_name(r->scheme)) : json_null(), "signing_time",
		known ? report_json_time(r->signing_time) : json_null(), "signer",
		r->have_signer ? json_signer(&r->signer) : json_null(), "time_stamp",
		r->stamp_valid ? json_stamp(r) : json_null(), "checks", json_checks(v->outcomes)));
}

static enum err run(struct cli *cli)
{
	struct verdict v = {.path = cli->arguments.operands[0]};
	enum err code = open_and_judge(&v, cli);

	if (cli->options.json)
		tell_json(&v);
	else if (check_of(code) < CHECK_COUNT || code == ERR_OK)
		tell(&v);
	cli->told = cli->options.json;
	cli->error = v.error;
	trust_free(v.trust);
	trust_free(v.stamp_trust);
	mapping_close(&v.content);
	mapping_close(&v.cms);
	return code;
}

const struct command command_verify = {
	.name = "verify",
	.usage = "verify [--offline] [--ca FILE] [--content FILE] [--stamp-ca FILE] [--json] FILE",
	.summary =
		N_("Bir imza dosyasını (CMS/CAdES, DER) denetler ve denetimleri tek tek bildirir."),
	.options = {options, sizeof(options) / sizeof(*options)},
	.operands = 1,
	.run = run,
};

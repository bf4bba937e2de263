#include "portal/web/page_report.h"

#include "base/hex.h"
#include "base/clock.h"
#include "portal/stamp.h"
#include "portal/store/store_consent.h"
#include "portal/web/page.h"
#include "portal/web/values.h"
#include "sign/checks.h"

#include <string.h>

/* What the report is about. */
struct evidence {
	struct consent consent;
	struct texts texts;
	struct signature signature;
};

static enum err read_evidence(
	const struct http_request *request, struct evidence *out, struct error *e)
{
	struct store *store = request->portal->store;
	enum err code =
		store_find_consent(store, request->id, request->person->tckn, &out->consent, e);

	if (!code)
		code = store_read_texts(store, request->id, &out->texts, e);
	if (!code)
		code = store_read_signature(store, request->id, &out->signature, e);
	return code;
}

static void release_evidence(struct evidence *evidence)
{
	texts_free(&evidence->texts);
	signature_free(&evidence->signature);
}

static void add_outcomes(json_t *values, const enum outcome outcomes[CHECK_COUNT],
	const struct verify_report *report, enum language language)
{
	static const char *const names[] = {
		[NOT_CHECKED] = "unknown", [GOOD] = "good", [BAD] = "bad"};
	json_t *list = json_array();

	for (int i = 0; i < CHECK_COUNT; i++) {
		if (!check_applies((enum check)i, report))
			continue;
		json_array_append_new(list, json_pack("{s:s, s:b}", "name",
						    translate(language, check_label((enum check)i)),
						    names[outcomes[i]], 1));
	}
	json_object_set_new(values, "checks", list);
}

static void add_signer(json_t *values, const struct verify_report *report)
{
	const struct certificate_info *s = &report->signer;
	json_t *v = json_pack(
		"{s:s, s:s, s:s}", "holder", s->holder, "serial", s->serial, "issuer", s->issuer);

	json_object_set_new(v, "number", value_masked(s->tckn));
	json_object_set_new(values, "signer", v);
	json_object_set_new(values, "signing_time", value_time(report->signing_time));
}

static void add_stamp(json_t *values, const struct verify_report *report)
{
	json_t *v = json_pack("{s:s}", "authority", report->stamp.authority.holder);

	json_object_set_new(v, "at", value_time(report->stamp.time));
	json_object_set_new(values, "stamp", v);
}

static void add_digest(json_t *values, const char *name, const uint8_t digest[32])
{
	struct bytes hex = {0};

	hex_append(&hex, span_of(digest, 32));
	json_object_set_new(values, name, json_string(bytes_text(&hex)));
	bytes_free(&hex);
}

/* The file with a time stamp inside is another one than what was handed in: both digests are told. */
static void add_signature(json_t *values, const struct evidence *evidence, struct span file)
{
	const struct signature *s = &evidence->signature;
	uint8_t digest[DIGEST_MAX];

	add_digest(values, "sha256", s->sha256);
	if (s->time_stamp.n && file.n && digest_of(DIGEST_SHA256, file, digest, NULL) == ERR_OK)
		add_digest(values, "file_sha256", digest);
	json_object_set_new(values, "at", value_time(s->accepted_at));
	json_object_set_new(values, "withdrawn_at", value_time(evidence->consent.withdrawn_at));
	json_object_set_new(values, "id", json_string(evidence->consent.id));
	json_object_set_new(values, "receipt", json_string(s->receipt));
	json_object_set_new(values, "ocsp", json_boolean(s->status_source == STATUS_OCSP));
	json_object_set_new(values, "crl", json_boolean(s->status_source == STATUS_CRL));
	json_object_set_new(values, "status_at", value_time(s->status_at));
	json_object_set_new(values, "stamped", json_boolean(s->time_stamp.n > 0));
	json_object_set_new(values, "texts", value_texts(&evidence->texts));
	json_object_set_new(values, "version", value_version(&evidence->texts));
}

/* Verifies the file that is given out. What was good when it was accepted stays good: certificates run out afterwards. */
static enum err verify(const struct acceptance_policy *policy, const struct evidence *evidence,
	struct bytes *file, struct verify_report *report)
{
	struct bytes content = {0};
	const struct verify_stamps stamps = {.trust = policy->stamp.trust,
		.now = clock_wall_s(),
		.clock_s = VERIFY_STAMP_CLOCK_S};
	struct verify_request question = {
		.trust = policy->trust,
		.at = evidence->signature.accepted_at,
		.any_certificate = !policy->qualified,
		.stamps = &stamps,
	};
	enum err code = stamp_put_in(&evidence->signature, file, NULL);

	texts_join(&evidence->texts, &content);
	question.content = bytes_span(&content);
	question.cms = bytes_span(file);
	if (!code)
		code = verify_cms(&question, report, NULL);
	bytes_free(&content);
	return code;
}

static json_t *judge(const struct http_request *request, const struct evidence *evidence)
{
	struct verify_report report = {0};
	enum outcome outcomes[CHECK_COUNT];
	json_t *values = json_object();
	struct bytes file = {0};
	enum err code = verify(&request->portal->policy, evidence, &file, &report);

	check_outcomes(code, &report, outcomes);
	/* It was not accepted without (acceptance.h). */
	if (evidence->signature.status_source != STATUS_NONE)
		outcomes[CHECK_REVOCATION] = GOOD;
	json_object_set_new(values, "valid", json_boolean(code == ERR_OK));
	json_object_set_new(values, "failure",
		code ? value_failure(error_code(code), request->language) : json_null());
	add_outcomes(values, outcomes, &report, request->language);
	add_signer(values, &report);
	if (report.stamp_valid)
		add_stamp(values, &report);
	add_signature(values, evidence, bytes_span(&file));
	bytes_free(&file);
	return values;
}

enum err report_answer(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct evidence evidence = {0};
	enum err code = read_evidence(request, &evidence, e);

	(void)p;
	if (!code)
		code = page_answer(request, answer, 200, "report", judge(request, &evidence), e);
	release_evidence(&evidence);
	return code;
}

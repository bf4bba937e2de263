#include "portal/status.h"

#include <openssl/rand.h>

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "portal/status_list.h"
#include "portal/status_memo.h"

struct status {
	struct status_settings settings;
	char *ocsp_url, *list_url, *ca_list_url, *stamp_ocsp_url, *stamp_list_url;
	struct fetch *fetch;
	struct status_lists *lists;
	struct status_memo *good; /* CAs and time stamp authorities */
};

/* One certificate of a chain, being asked about. */
struct inquiry {
	struct status *status;
	struct revocation_question question;
	struct revocation_verdict verdict;
	const char *ocsp_url, *list_url; /* of the settings: "" is from the certificate */
	enum status_source source;
	struct bytes answer; /* DER of the OCSP response or of the list */
};

enum err status_open(const struct status_settings *settings, struct fetch *f, struct status **out,
	struct error *e)
{
	struct status *s;

	*out = NULL;
	if (!*settings->ocsp_url && !*settings->list_url && !settings->from_certificate)
		return error_set(
			e, ERR_CONFIG_VALUE, "revocation: ocsp_url, crl_url, from_certificate");
	s = must_zalloc(sizeof(*s));
	s->settings = *settings;
	s->settings.ocsp_url = s->ocsp_url = must_strdup(settings->ocsp_url);
	s->settings.list_url = s->list_url = must_strdup(settings->list_url);
	s->settings.ca_list_url = s->ca_list_url = must_strdup(settings->ca_list_url);
	s->settings.stamp_ocsp_url = s->stamp_ocsp_url = must_strdup(settings->stamp_ocsp_url);
	s->settings.stamp_list_url = s->stamp_list_url = must_strdup(settings->stamp_list_url);
	s->fetch = f;
	s->lists = status_lists_new(f, settings->timeout_ms, settings->list_age_s);
	s->good = status_memo_new();
	*out = s;
	return ERR_OK;
}

void status_close(struct status *s)
{
	if (!s)
		return;
	status_lists_free(s->lists);
	status_memo_free(s->good);
	free(s->ocsp_url);
	free(s->list_url);
	free(s->ca_list_url);
	free(s->stamp_ocsp_url);
	free(s->stamp_list_url);
	free(s);
}

/* The URL of the settings, else the one of the certificate where that may be. */
static bool find_url(const struct inquiry *q, const char *configured, enum revocation_place place,
	struct bytes *url)
{
	bytes_clear(url);
	if (*configured)
		bytes_append_text(url, configured);
	else if (q->status->settings.from_certificate)
		revocation_url(q->question.certificate, place, url);
	return url->n > 0;
}

/* ---- lists */

static enum err look_up(struct inquiry *q, const char *url, bool fresh, struct error *e)
{
	enum err code;

	bytes_clear(&q->answer);
	code = status_lists_get(q->status->lists, url, q->question.at, fresh, &q->answer, e);
	return code ? code
		    : revocation_check_list(&q->question, bytes_span(&q->answer), &q->verdict, e);
}

/* A list that was kept may have run out meanwhile. */
static enum err ask_list(struct inquiry *q, struct error *e)
{
	struct bytes url = {0};
	enum err code = ERR_REVOCATION_ANSWER;

	if (find_url(q, q->list_url, REVOCATION_LIST, &url)) {
		code = look_up(q, bytes_text(&url), false, e);
		if (code == ERR_REVOCATION_ANSWER)
			code = look_up(q, bytes_text(&url), true, e);
	} else {
		error_set(e, code, "no list is known");
	}
	q->source = STATUS_CRL;
	bytes_free(&url);
	return code;
}

/* ---- OCSP */

static enum err fetch_ocsp(struct inquiry *q, const char *url, struct span body, struct error *e)
{
	struct fetch_request request = {.url = url,
		.answer_is_signed = true,
		.accept = "application/ocsp-response",
		.content_type = "application/ocsp-request",
		.body = body,
		.timeout_ms = q->status->settings.timeout_ms,
		.answer_max = REVOCATION_ANSWER_MAX};
	struct fetch_answer answer;
	enum err code = fetch_run(q->status->fetch, &request, &answer, e);

	bytes_clear(&q->answer);
	if (!code && answer.status != 200)
		code = error_set_http(e, ERR_SERVICE_ANSWER, answer.status, url);
	if (!code)
		bytes_append(&q->answer, bytes_span(&answer.body));
	fetch_release(&answer);
	return code;
}

/* A responder whose own status has to be looked up gets the list for it. */
static enum err judge_ocsp(struct inquiry *q, struct error *e)
{
	struct bytes url = {0}, list = {0};
	enum err code = revocation_check_ocsp(&q->question, bytes_span(&q->answer), &q->verdict, e);

	if (code && q->verdict.responder_unchecked &&
		find_url(q, q->list_url, REVOCATION_LIST, &url) &&
		status_lists_get(q->status->lists, bytes_text(&url), q->question.at, false, &list,
			NULL) == ERR_OK) {
		q->question.list = bytes_span(&list);
		code = revocation_check_ocsp(&q->question, bytes_span(&q->answer), &q->verdict, e);
		q->question.list = (struct span){0};
	}
	bytes_free(&list);
	bytes_free(&url);
	return code;
}

static enum err ask_responder(struct inquiry *q, const char *url, struct error *e)
{
	uint8_t nonce[REVOCATION_NONCE_SIZE];
	struct bytes request = {0};
	enum err code = ERR_OK;

	if (RAND_bytes(nonce, sizeof(nonce)) != 1)
		return error_set(e, ERR_CRYPTO, "random numbers");
	if (q->status->settings.nonce)
		q->question.nonce = span_of(nonce, sizeof(nonce));
	code = revocation_request(&q->question, &request, e);
	if (!code)
		code = fetch_ocsp(q, url, bytes_span(&request), e);
	if (!code)
		code = judge_ocsp(q, e);
	q->question.nonce = (struct span){0};
	q->source = STATUS_OCSP;
	bytes_free(&request);
	return code;
}

static enum err ask_ocsp(struct inquiry *q, struct error *e)
{
	struct bytes url = {0};
	enum err code;

	if (find_url(q, q->ocsp_url, REVOCATION_RESPONDER, &url))
		code = ask_responder(q, bytes_text(&url), e);
	else
		code = error_set(e, ERR_REVOCATION_ANSWER, "no responder is known");
	bytes_free(&url);
	return code;
}

/* ---- the chain */

static struct inquiry inquiry_of(struct status *s, const struct chain *chain, size_t i, int64_t now)
{
	return (struct inquiry){.status = s,
		.ocsp_url = "",
		.list_url = "",
		.question = {.certificate = bytes_span(&chain->at[i]),
			.issuer = bytes_span(&chain->at[i + 1]),
			.hash = s->settings.hash,
			.at = now,
			.age_max_s = s->settings.ocsp_age_s,
			.clock_s = s->settings.clock_s}};
}

/* Responder, else list. When nobody could tell both reasons are told, for the operator. */
static enum err ask_both(struct inquiry *q, const char *whose, struct error *e)
{
	struct error ocsp = {0}, list = {0};
	enum err code = ERR_OK;

	if (ask_ocsp(q, &ocsp) && ask_list(q, &list))
		return error_set(e, ERR_CERTIFICATE_STATUS, "%s: %.80s; %.80s", whose, ocsp.where,
			list.where);
	if ((code = revocation_error(&q->verdict)))
		return error_set(
			e, code, "%s: %s, reason %d", whose, error_symbol(code), q->verdict.reason);
	if (ocsp.code)
		log_write(LOG_LEVEL_WARNING, "status by list, since: %s", ocsp.where);
	return ERR_OK;
}

static enum err check_signer(struct status *s, const struct chain *chain, int64_t now,
	struct signature *evidence, struct error *e)
{
	struct inquiry q = inquiry_of(s, chain, 0, now);
	enum err code;

	q.ocsp_url = s->settings.ocsp_url;
	q.list_url = s->settings.list_url;
	code = ask_both(&q, "signer", e);
	if (!code) {
		evidence->status_source = q.source;
		evidence->status_at = q.verdict.produced_at;
		bytes_append(&evidence->status_response, bytes_span(&q.answer));
	}
	bytes_free(&q.answer);
	return code;
}

static enum err ask_about_ca(struct inquiry *q, struct error *e)
{
	struct error list = {0};
	enum err code;

	if (ask_list(q, &list))
		return error_set(e, ERR_CERTIFICATE_STATUS, "issuer: %s", list.where);
	code = revocation_error(&q->verdict);
	return code ? error_set(e, code, "issuer, reason %d", q->verdict.reason) : ERR_OK;
}

/* No longer than a list itself would be kept, or than an OCSP answer counts. */
static void note_good(const struct inquiry *q)
{
	const struct status_settings *s = &q->status->settings;
	int64_t until = q->source == STATUS_OCSP ? q->verdict.this_update + s->ocsp_age_s
						 : q->question.at + s->list_age_s;

	if (q->verdict.next_update && until > q->verdict.next_update)
		until = q->verdict.next_update;
	status_memo_note(q->status->good, q->question.certificate, until);
}

/* A CA of which it is not known where it would be listed is as good as trust in the root says. The settings know the list for
 * the one that issues to signers. */
static enum err check_ca(struct status *s, const struct chain *chain, size_t i,
	const char *list_url, int64_t now, struct error *e)
{
	struct inquiry q = inquiry_of(s, chain, i, now);
	struct bytes url = {0};
	enum err code = ERR_OK;

	q.list_url = list_url;
	if (status_memo_has(s->good, q.question.certificate, now))
		return ERR_OK;
	if (find_url(&q, q.list_url, REVOCATION_LIST, &url)) {
		code = ask_about_ca(&q, e);
		if (!code)
			note_good(&q);
	}
	bytes_free(&url);
	bytes_free(&q.answer);
	return code;
}

enum err status_check(struct status *s, const struct chain *chain, int64_t now,
	struct signature *evidence, struct error *e)
{
	enum err code = ERR_OK;

	if (chain->count < 2)
		return error_set(e, ERR_CERTIFICATE_STATUS, "the signer is its own issuer");
	for (size_t i = 1; !code && i + 1 < chain->count; i++)
		code = check_ca(s, chain, i, i == 1 ? s->settings.ca_list_url : "", now, e);
	return code ? code : check_signer(s, chain, now, evidence, e);
}

static enum err check_authority(
	struct status *s, const struct chain *chain, int64_t now, struct error *e)
{
	struct inquiry q = inquiry_of(s, chain, 0, now);
	struct bytes url = {0};
	enum err code = ERR_OK;

	q.ocsp_url = s->settings.stamp_ocsp_url;
	q.list_url = s->settings.stamp_list_url;
	if (status_memo_has(s->good, q.question.certificate, now))
		return ERR_OK;
	if (find_url(&q, q.ocsp_url, REVOCATION_RESPONDER, &url) ||
		find_url(&q, q.list_url, REVOCATION_LIST, &url)) {
		code = ask_both(&q, "time stamp authority", e);
		if (!code)
			note_good(&q);
	}
	bytes_free(&url);
	bytes_free(&q.answer);
	return code;
}

enum err status_check_authority(
	struct status *s, const struct chain *chain, int64_t now, struct error *e)
{
	enum err code = ERR_OK;

	for (size_t i = 1; !code && i + 1 < chain->count; i++)
		code = check_ca(s, chain, i, "", now, e);
	return code || chain->count < 2 ? code : check_authority(s, chain, now, e);
}

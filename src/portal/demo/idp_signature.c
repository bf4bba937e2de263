/* Logging in with e-İmza at the demo identity provider: a challenge is signed, at the kiosk under a code or with `eonay
 * sign` from a file, and whose certificate did it is logged in. The challenge is a signing session of its own purpose. */
#include "base/base64.h"
#include "base/clock.h"
#include "base/text.h"
#include "portal/answer.h"
#include "portal/demo/demo.h"
#include "portal/demo/idp_private.h"
#include "portal/issue.h"
#include "portal/store/store.h"
#include "portal/submit.h"
#include "portal/web/stream.h"
#include "portal/web/values.h"

#include <stdio.h>
#include <string.h>

#define UPLOAD_MAX 65536 /* a form with a signature of some KiB, in base64 and percent-encoded */

/* What is signed tells what it is for, and is like no other: it can't be taken for another login, nor for a consent. */
static enum err write_challenge(
	const struct idp *i, const char *tckn, struct texts *out, struct error *e)
{
	char masked[12], when[20], once[RANDOM_TEXT_SIZE];
	enum err code = random_text(once, e);

	text_mask_tckn(tckn, masked);
	clock_format_local(clock_wall_s(), when);
	out->count = 1;
	bytes_append_format(&out->at[0],
		"e-Devlet Kapısı Kimlik Doğrulama Sistemi (deneme)\n"
		"\n"
		"Giriş yapılacak uygulama: TÜBİTAK - KamuSM Geçit Uygulaması\n"
		"Giriş yapılacak adres: %s\n"
		"T.C. kimlik no: %s\n"
		"Tarih: %s\n"
		"İstek: %s\n"
		"\n"
		"Bu metni imzalayarak yukarıdaki uygulamaya giriş yapıyorum.",
		i->callback, masked, when, once);
	return code ? code : texts_judge(out, e);
}

/* A new signing session of the person with this number, whose name is not told before the signature shows whose it is. */
static enum err add_challenge(struct portal *p, const struct http_request *request,
	const struct attempt *attempt, const char *tckn, struct error *e)
{
	struct http_request as_person = *request;
	struct person person = {0};
	char id[PORTAL_ID_DIGITS + 1];
	struct texts texts = {0};
	enum err code = write_challenge(p->demo->idp, tckn, &texts, e);

	memcpy(person.tckn, tckn, sizeof(person.tckn));
	as_person.person = &person;
	if (!code)
		code = issue_session(&as_person, SESSION_LOGIN, &texts, id, e);
	if (!code)
		attempts_set_session(p->demo->idp->attempts, attempt->id, id);
	texts_free(&texts);
	return code;
}

/* May the address begin another signing session? Each counts. */
static bool may_begin(struct idp *i, const char *address)
{
	const struct ratelimit_client client = ratelimit_client_of(address);
	int64_t now = clock_monotonic_ms(), wait;

	pthread_mutex_lock(&i->limits_mutex);
	wait = ratelimit_wait(i->challenges, client, now);
	if (wait == 0)
		ratelimit_failure(i->challenges, client, now);
	pthread_mutex_unlock(&i->limits_mutex);
	return wait == 0;
}

static void redirect_to_wait(const struct attempt *attempt, struct http_answer *answer)
{
	char path[128];

	snprintf(path, sizeof(path), IDP_PATH "/e-imza/%s", attempt->id);
	answer_redirect(answer, path);
}

/* The number comes: the challenge is made, and the code before it is dead. */
static enum err begin(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	const char *tckn = request_form(request, "tckn");
	bool valid = tckn && text_is_tckn(tckn);
	struct attempt attempt;
	enum err code = idp_attempt(p, request, &attempt, e);

	if (code)
		return code;
	if (!valid || !may_begin(p->demo->idp, request->client)) {
		idp_refuse(&attempt, "giris", "e-imza", valid ? ERR_TOO_OFTEN : ERR_TCKN, answer);
		return ERR_OK;
	}
	if (*attempt.session)
		code = store_cancel_session(p->store, attempt.session, e);
	if (!code || code == ERR_SESSION_SIGNED)
		code = add_challenge(p, request, &attempt, tckn, e);
	if (!code)
		redirect_to_wait(&attempt, answer);
	return code;
}

/* The session of the attempt that the request names. ERR_LOGIN_STATE when it has none. */
static enum err find_challenge(struct portal *p, const struct http_request *request,
	struct attempt *attempt, struct session *s, struct error *e)
{
	enum err code = idp_attempt(p, request, attempt, e);

	if (!code && !*attempt->session)
		code = error_set(e, ERR_LOGIN_STATE, "demo: no challenge");
	return code ? code : store_find_by_id(p->store, attempt->session, s, e);
}

/* The name in the certificate of a signature that has been accepted. */
static enum err read_holder(
	const struct signature *signature, char out[SESSION_PERSON_MAX], struct error *e)
{
	const struct verify_request request = {
		.cms = bytes_span(&signature->cms),
		.any_content = true,
		.any_certificate = true,
		.at = signature->accepted_at,
	};
	struct verify_report report = {0};
	enum err code = verify_cms(&request, &report, e);

	if (!code && text_is_safe(span_text(report.signer.holder), NULL))
		snprintf(out, SESSION_PERSON_MAX, "%.*s", SESSION_PERSON_MAX - 1,
			report.signer.holder);
	return code;
}

/* The demo's people are known by name and role; whoever else has signed, by the certificate. */
static enum err identify(
	struct portal *p, const struct session *s, struct identity *who, struct error *e)
{
	const struct somebody *known = people_find(&p->demo->idp->people, s->tckn);
	struct signature signature = {0};
	enum err code = store_read_signature(p->store, s->id, &signature, e);

	memcpy(who->tckn, s->tckn, sizeof(who->tckn));
	who->operator= known && known->operator;
	if (!code && known)
		memcpy(who->name, known->name, sizeof(who->name));
	else if (!code)
		code = read_holder(&signature, who->name, e);
	signature_free(&signature);
	return code;
}

/* What idp_signature.html shows of a session. upload: the page to sign from a file, which does not load itself anew. */
static json_t *session_values(const struct portal *p, const struct session *s, bool upload)
{
	int64_t now = clock_wall_s();
	const char *state = session_state_shown(s, now, p->grace_s);
	bool alive = session_waits(s, now, p->grace_s);

	return json_pack("{s:b, s:b, s:b, s:s, s:b, s:I, s:s, s:s}", "waiting", alive && !upload,
		"upload", alive && upload, "ended", !alive, "state", state, state, 1, "seconds",
		(json_int_t)(s->expires > now ? s->expires - now : 0), "number", s->tckn, "kiosk",
		s->kiosk);
}

static enum err show_session(const struct http_request *request, const struct attempt *attempt,
	const struct session *s, bool upload, struct http_answer *answer, struct error *e)
{
	json_t *values = session_values(request->portal, s, upload);
	enum err code = s->state == SESSION_ISSUED ? value_code(request, s, values, e) : ERR_OK;

	if (!code)
		return idp_page(request, answer, attempt, "e-imza", values, e);
	json_decref(values);
	return code;
}

static enum err show_or_go_on(struct portal *p, const struct http_request *request, bool upload,
	struct http_answer *answer, struct error *e)
{
	struct identity who = {0};
	struct attempt attempt;
	struct session s;
	enum err code = find_challenge(p, request, &attempt, &s, e);

	if (code)
		return code;
	if (s.state != SESSION_SIGNED)
		return show_session(request, &attempt, &s, upload, answer, e);
	code = identify(p, &s, &who, e);
	return code ? code : idp_succeed(p, &attempt, &who, answer, e);
}

static enum err wait_for_signature(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	return show_or_go_on(p, request, false, answer, e);
}

static enum err ask_for_file(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	return show_or_go_on(p, request, true, answer, e);
}

static enum err tell_news(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct attempt attempt;
	struct session s;
	enum err code = find_challenge(p, request, &attempt, &s, e);

	return code ? code : stream_answer(p, request, answer, &s, e);
}

static enum err give_text(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct bytes content = {0};
	struct texts texts = {0};
	struct attempt attempt;
	struct session s;
	enum err code = find_challenge(p, request, &attempt, &s, e);

	if (!code)
		code = store_read_texts(p->store, s.id, &texts, e);
	if (code)
		return code;
	texts_join(&texts, &content);
	answer_download(answer, "text/plain; charset=utf-8", "giris.txt", bytes_span(&content));
	bytes_free(&content);
	texts_free(&texts);
	return ERR_OK;
}

/* A signature that comes by the browser is kept as one of a kiosk is: the session is opened first, by nobody who could go
 * on with it. */
static enum err open_for_browser(struct portal *p, struct session *s, struct error *e)
{
	bool won;

	if (s->state != SESSION_ISSUED)
		return ERR_OK;
	snprintf(s->kiosk, sizeof(s->kiosk), "tarayıcı");
	return store_open_session(p->store, s, NULL, 0, &won, e);
}

static enum err accept_signature(
	struct portal *p, struct session *s, struct span cms, struct error *e)
{
	struct signature signature = {.accepted_at = clock_wall_s()};
	bool fresh;
	enum err code;

	if (s->state > SESSION_OPEN || signature.accepted_at >= s->expires)
		return error_set(e, ERR_SESSION_EXPIRED, "demo");
	code = submit_verify(p, s, cms, signature.accepted_at, &signature, e);
	if (!code)
		code = open_for_browser(p, s, e);
	if (!code)
		code = submit_keep(p, s, cms, &signature, &fresh, e);
	signature_free(&signature);
	return code;
}

/* What is refused is told on the page of the file, so that the person can try another one. */
static enum err take_upload(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	const char *given = request_form(request, "imza");
	struct bytes cms = {0};
	struct attempt attempt;
	struct session s;
	enum err code = find_challenge(p, request, &attempt, &s, e), refusal = ERR_CMS_FORMAT;

	if (code)
		return code;
	if (given && base64_read(span_text(given), &cms))
		refusal = accept_signature(p, &s, bytes_span(&cms), e);
	bytes_free(&cms);
	if (refusal == ERR_OK)
		redirect_to_wait(&attempt, answer);
	else
		idp_refuse(&attempt, "dosya", "e-imza", refusal, answer);
	return ERR_OK;
}

const struct route idp_signature_routes[] = {
	{"POST", IDP_PATH "/e-imza/@", FORM_TYPE, FORM_MAX, begin,
		ROUTE_DEMO | ROUTE_PAGE | ROUTE_FORM},
	{"GET", IDP_PATH "/e-imza/@", NULL, 0, wait_for_signature, ROUTE_DEMO | ROUTE_PAGE},
	{"GET", IDP_PATH "/dosya/@", NULL, 0, ask_for_file, ROUTE_DEMO | ROUTE_PAGE},
	{"GET", IDP_PATH "/olaylar/@", NULL, 0, tell_news, ROUTE_DEMO | ROUTE_QUIET},
	{"GET", IDP_PATH "/metin/@", NULL, 0, give_text, ROUTE_DEMO | ROUTE_PAGE},
	{"POST", IDP_PATH "/imza/@", FORM_TYPE, UPLOAD_MAX, take_upload,
		ROUTE_DEMO | ROUTE_PAGE | ROUTE_FORM},
	{0},
};

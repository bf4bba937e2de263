#include "portal/kiosk.h"

#include "base/clock.h"
#include "portal/answer.h"
#include "portal/request.h"
#include "portal/submit.h"
#include "sign/content.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define CMS_TYPE "application/cms" /* RFC 7193 */

/* Bytes of a JSON request; the largest that is allowed has some 300. */
#define SMALL_MAX 4096
/* The content, the certificates and the signature itself. */
#define SIGNATURE_MAX (CONTENT_MAX + 65536)

static bool knows_purpose(const struct request_open *open, const struct session *s)
{
	return open->purposes & 1u << s->purpose;
}

/* The session that a code stands for. */
static enum err look_up(struct portal *p, const uint8_t *code_mac, struct guess_attempt *attempt,
	struct session *session, struct error *e)
{
	enum err code = store_find_by_code(p->store, code_mac, session, e);

	return code == ERR_SESSION_UNKNOWN ? guesses_wrong(p->guesses, attempt, e) : code;
}

/* The token is made from the key, the session and the kiosk's nonce: the same again when the kiosk
 * asks again, and kept nowhere. */
static enum err make_token(struct portal *p, const char *id, const char *nonce, struct bytes *token,
	uint8_t stored[KEY_MAC_SIZE], struct error *e)
{
	uint8_t mac[KEY_MAC_SIZE];
	enum err code = key_mac(&p->key, KEY_TOKEN, span_text(id), span_text(nonce), mac, e);

	for (size_t i = 0; i < sizeof(mac) && !code; i++)
		bytes_append_format(token, "%02X", mac[i]);
	explicit_bzero(mac, sizeof(mac));
	return code ? code
		    : key_mac(&p->key, KEY_TOKEN_STORED, bytes_span(token), (struct span){0},
			      stored, e);
}

static json_t *texts_json(const struct texts *texts)
{
	json_t *array = json_array();

	for (size_t i = 0; i < texts->count; i++)
		json_array_append_new(
			array, json_stringn((const char *)texts->at[i].at, texts->at[i].n));
	return array;
}

/* Leave to unblock a card has no texts: there is nothing to be signed. */
static enum err answer_session(struct portal *p, const struct session *s, struct bytes *token,
	struct http_answer *answer, struct error *e)
{
	struct texts texts = {0};
	enum err code = s->purpose == SESSION_UNBLOCK
				? ERR_OK
				: store_read_texts(p->store, s->id, &texts, e);

	if (code)
		return code;
	code = answer_json(answer, 200,
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:o*, s:I, s:I, s:I}", "id", s->id, "token",
			bytes_text(token), "purpose", session_purpose_name(s->purpose), "person",
			s->person, "tckn", s->tckn, "texts",
			texts.count ? texts_json(&texts) : NULL, "created", (json_int_t)s->created,
			"expires", (json_int_t)s->expires, "service_time",
			(json_int_t)clock_wall_s()),
		e);
	texts_free(&texts);
	return code;
}

/* A kiosk that cannot do what the code is for leaves it good for another one. */
static enum err may_open(const struct session *s, const struct request_open *open,
	const uint8_t nonce_mac[KEY_MAC_SIZE], struct error *e)
{
	enum err code = session_may_open(s, nonce_mac, clock_wall_s(), e);

	return code || knows_purpose(open, s) ? code
					      : error_set(e, ERR_PURPOSE, "session %s", s->id);
}

/* What is told of a code that opens nothing now. That it is right is told only to those who may guess. */
static enum err explain(struct portal *p, const struct session *s, const struct request_open *open,
	const uint8_t nonce_mac[KEY_MAC_SIZE], struct guess_attempt *attempt, struct error *e)
{
	enum err code = may_open(s, open, nonce_mac, e), limited;

	if (!code && s->state == SESSION_OPEN)
		return ERR_OK;
	limited = guesses_check(p->guesses, attempt, e);
	if (limited || code)
		return limited ? limited : code;
	attempt->retry_after_s = 1; /* the time has just run out for which it was refused */
	return error_set(e, ERR_CODE_RATE, "%s", attempt->address);
}

/* Opens the session for the nonce, or finds that another was faster. */
static enum err bind_session(struct portal *p, struct session *s, const struct request_open *open,
	struct guess_attempt *attempt, struct error *e)
{
	uint8_t nonce_mac[KEY_MAC_SIZE];
	bool won = false;
	enum err code =
		key_mac(&p->key, KEY_NONCE, span_text(open->nonce), (struct span){0}, nonce_mac, e);

	if (!code && !may_open(s, open, nonce_mac, NULL) && s->state == SESSION_ISSUED) {
		memcpy(s->nonce_mac, nonce_mac, sizeof(nonce_mac));
		memcpy(s->kiosk, open->kiosk, sizeof(s->kiosk));
		code = store_open_session(p->store, s, &attempt->guess, clock_wall_s(), &won, e);
		if (won)
			guesses_right(p->guesses);
		else if (!code)
			code = store_find_by_id(p->store, s->id, s, e);
	}
	return code || won ? code : explain(p, s, open, nonce_mac, attempt, e);
}

static enum err open_found(struct portal *p, struct session *s, const struct request_open *open,
	struct guess_attempt *attempt, struct http_answer *answer, struct error *e)
{
	struct bytes token = {0};
	enum err code = make_token(p, s->id, open->nonce, &token, s->token_mac, e);

	if (!code)
		code = bind_session(p, s, open, attempt, e);
	if (!code)
		code = answer_session(p, s, &token, answer, e);
	bytes_wipe(&token);
	return code;
}

static enum err open_session(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	uint8_t code_mac[KEY_MAC_SIZE];
	struct request_open open;
	struct guess_attempt attempt = {0};
	struct session session;
	enum err code = request_read_open(request->body, &open, e);

	if (!code)
		code = guesses_begin(p->guesses, request->client, &attempt, e);
	if (!code)
		code = key_mac(
			&p->key, KEY_CODE, span_text(open.code), (struct span){0}, code_mac, e);
	if (!code)
		code = look_up(p, code_mac, &attempt, &session, e);
	if (!code)
		code = open_found(p, &session, &open, &attempt, answer, e);
	answer->retry_after_s = attempt.retry_after_s;
	explicit_bzero(&open, sizeof(open));
	return code;
}

static enum err show_session(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	const struct session *s = &request->session;
	int64_t now = clock_wall_s();

	(void)p;
	return answer_json(answer, 200,
		json_pack("{s:s, s:s, s:I, s:I, s:I}", "id", s->id, "state",
			session_state_name(s, now), "created", (json_int_t)s->created, "expires",
			(json_int_t)s->expires, "service_time", (json_int_t)now),
		e);
}

static enum err put_signature(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	int64_t now = clock_wall_s();
	struct signature signature = {.accepted_at = now};
	bool fresh = false;
	enum err code = session_may_end(&request->session, now, p->grace_s, e);

	if (!code)
		code = submit_verify(p, &request->session, request->body, now, &signature, e);
	if (!code)
		code = submit_keep(p, &request->session, request->body, &signature, &fresh, e);
	signature_free(&signature);
	metrics_signature(p->metrics, code);
	if (code)
		return code;
	return answer_json(answer, fresh ? 201 : 200,
		json_pack("{s:s, s:I}", "receipt", signature.receipt, "accepted_at",
			(json_int_t)signature.accepted_at),
		e);
}

/* What has ended before stays as it ended. */
static enum err abandon_session(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	char reason[8] = "";
	struct session s;
	enum err code = request_read_abandon(request->body, reason, e);

	if (!code)
		code = store_abandon_session(p->store, request->session.id, reason, e);
	if (!code)
		code = store_find_by_id(p->store, request->session.id, &s, e);
	if (code)
		return code;
	return answer_json(answer, 200,
		json_pack(
			"{s:s, s:s}", "id", s.id, "state", session_state_name(&s, clock_wall_s())),
		e);
}

static enum err finish_session(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	enum err code = request_read_done(request->body, e);

	if (!code)
		code = session_may_finish(&request->session, clock_wall_s(), p->grace_s, e);
	if (!code)
		code = store_finish_session(p->store, request->session.id, e);
	if (code)
		return code;
	return answer_json(answer, 200,
		json_pack("{s:s, s:s}", "id", request->session.id, "state", "done"), e);
}

const struct route kiosk_routes[] = {
	{"POST", "/v1/sessions/open", JSON_TYPE, SMALL_MAX, open_session, 0},
	{"GET", "/v1/sessions/*", NULL, 0, show_session, ROUTE_TOKEN},
	{"PUT", "/v1/sessions/*/signature", CMS_TYPE, SIGNATURE_MAX, put_signature, ROUTE_TOKEN},
	{"POST", "/v1/sessions/*/done", JSON_TYPE, SMALL_MAX, finish_session, ROUTE_TOKEN},
	{"POST", "/v1/sessions/*/abandon", JSON_TYPE, SMALL_MAX, abandon_session, ROUTE_TOKEN},
	{0},
};

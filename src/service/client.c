#include "service/client.h"

#include "base/clock.h"
#include "base/text.h"
#include "service/answer.h"
#include "service/transfer.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JSON_TYPE "application/json"
#define CMS_TYPE "application/cms" /* RFC 7193 */

struct service {
	struct transfer *transfer;
	char *kiosk;
	struct bytes answer;
};

enum err service_open(
	const struct service_settings *settings, struct service **out, struct error *e)
{
	struct transfer *transfer;
	enum err code = transfer_open(settings, &transfer, e);

	*out = NULL;
	if (code)
		return code;
	*out = must_zalloc(sizeof(**out));
	(*out)->transfer = transfer;
	(*out)->kiosk = must_strdup(settings->kiosk ? settings->kiosk : "");
	return ERR_OK;
}

void service_close(struct service *s)
{
	if (!s)
		return;
	transfer_close(s->transfer);
	free(s->kiosk);
	bytes_wipe(&s->answer);
	free(s);
}

/* Makes the call; ERR_OK only with an answer of status 200 or 201. */
static enum err ask(struct service *s, const struct transfer_call *call, struct error *e)
{
	int http = 0;
	enum err code = transfer_run(s->transfer, call, &http, &s->answer, e);

	if (code)
		return code;
	if (http == 200 || http == 201)
		return ERR_OK;
	return answer_problem(bytes_span(&s->answer), http, e);
}

static bool is_code(struct span code)
{
	if (code.n != CODE_DIGITS)
		return false;
	for (size_t i = 0; i < code.n; i++) {
		if (code.at[i] < '0' || code.at[i] > '9')
			return false;
	}
	return true;
}

/* The request is written by hand, so that the code is in no buffer but this one, which is wiped. It stands last, with
 * room made for it, so that the buffer does not grow, and leave a copy behind, once the code is in it. */
static void write_open(struct bytes *out, struct span code, const char *nonce, const char *kiosk)
{
	static const char before[] = "],\"code\":\"", behind[] = "\"}";
	json_t *name = json_string(kiosk);
	char *quoted = json_dumps(name, JSON_ENCODE_ANY);

	bytes_append_format(out, "{\"nonce\":\"%s\",\"kiosk\":%s,\"purposes\":[", nonce,
		quoted ? quoted : "\"\"");
	for (size_t i = 0; i < SERVICE_PURPOSES; i++)
		bytes_append_format(out, "%s\"%s\"", i ? "," : "", answer_purposes[i]);
	bytes_reserve(out, sizeof(before) + code.n + sizeof(behind));
	bytes_append_text(out, before);
	bytes_append(out, code);
	bytes_append_text(out, behind);
	free(quoted);
	json_decref(name);
}

enum err service_session_open(struct service *s, struct span code, const char *nonce,
	struct service_session *out, struct error *e)
{
	struct bytes body = {0};
	struct transfer_call call = {
		.method = "POST", .path = "/v1/sessions/open", .content_type = JSON_TYPE};
	enum err result;

	*out = (struct service_session){0};
	if (!is_code(code))
		return error_set(e, ERR_CODE_FORMAT, "code");
	if (!text_is_plain(nonce, SERVICE_NONCE_MAX + 1))
		return error_set(e, ERR_INTERNAL, "nonce");
	write_open(&body, code, nonce, s->kiosk);
	call.body = bytes_span(&body);
	result = ask(s, &call, e);
	if (!result)
		result = answer_session(bytes_span(&s->answer), out, e);
	if (result == ERR_PURPOSE && *out->id) {
		/* Nobody here can do anything with it: whoever waits for it need not. */
		service_session_abandon(s, out->id, secret_span(&out->token), ERR_PURPOSE, NULL);
		service_session_free(out);
	}
	bytes_wipe(&body);
	bytes_wipe(&s->answer);
	return result;
}

/* "/v1/sessions/ID/what" into path. */
static enum err session_path(const char *id, const char *what, struct bytes *path, struct error *e)
{
	if (!text_is_plain(id, SERVICE_ID_MAX))
		return error_set(e, ERR_SESSION_UNKNOWN, "id");
	bytes_append_format(path, "/v1/sessions/%s/%s", id, what);
	return ERR_OK;
}

enum err service_signature_submit(struct service *s, const char *session_id, struct span token,
	struct span cms, char *receipt, int64_t *accepted_at, struct error *e)
{
	struct transfer_call call = {
		.method = "PUT", .token = token, .content_type = CMS_TYPE, .body = cms};
	struct bytes path = {0};
	enum err code = session_path(session_id, "signature", &path, e);

	call.path = bytes_text(&path);
	if (!code)
		code = ask(s, &call, e);
	if (!code)
		code = answer_receipt(bytes_span(&s->answer), receipt, accepted_at, e);
	bytes_free(&path);
	return code;
}

/* Tells something about a session that is answered with nothing new. */
static enum err tell(struct service *s, const char *session_id, const char *what, struct span token,
	struct span body, struct error *e)
{
	struct transfer_call call = {
		.method = "POST", .token = token, .content_type = JSON_TYPE, .body = body};
	struct bytes path = {0};
	enum err code = session_path(session_id, what, &path, e);

	call.path = bytes_text(&path);
	if (!code)
		code = ask(s, &call, e);
	bytes_free(&path);
	return code;
}

enum err service_session_abandon(struct service *s, const char *session_id, struct span token,
	enum err reason, struct error *e)
{
	char body[32];

	snprintf(body, sizeof(body), "{\"reason\":\"%s\"}", error_code(reason));
	return tell(s, session_id, "abandon", token, span_text(body), e);
}

enum err service_session_done(
	struct service *s, const char *session_id, struct span token, struct error *e)
{
	return tell(s, session_id, "done", token, span_text("{\"result\":\"unblocked\"}"), e);
}

enum err service_health(struct service *s, char *version, long *clock_difference_s, struct error *e)
{
	const struct transfer_call call = {.method = "GET", .path = "/healthz"};
	int64_t service_time = 0;
	enum err code = ask(s, &call, e);

	if (!code)
		code = answer_health(bytes_span(&s->answer), version, &service_time, e);
	if (!code)
		*clock_difference_s = (long)(service_time - clock_wall_s());
	return code;
}

/* From the signature to the receipt, and what can be done when there is none. */
#include <stdio.h>
#include <string.h>

#include "tui/flow_parts.h"

void flow_submit(struct flow *f, struct effects *effects)
{
	struct job_submit *job = &effects->network.submit;

	effects->network.kind = JOB_SUBMIT;
	memcpy(job->session, f->session.id, sizeof(job->session));
	secret_set(&job->token, secret_span(&f->session.token));
	bytes_append(&job->cms, bytes_span(&f->cms));
	flow_work(f, JOB_SUBMIT);
}

void flow_submitted(struct flow *f, const struct job_result *result)
{
	if (result->error.code) {
		flow_fail(f, JOB_SUBMIT, &result->error);
		return;
	}
	f->accepted = true;
	f->receipt = result->receipt;
	flow_enter(f, SCREEN_RESULT);
}

static void ask_where(struct flow *f, struct effects *effects)
{
	if (!flow_may_save(f))
		return;
	f->before = f->screen;
	flow_enter(f, SCREEN_SAVE);
	f->path[0] = '\0';
	effects->what |= EFFECT_PROPOSE;
}

bool flow_may_save(const struct flow *f)
{
	return f->settings.can_save && f->cms.n > 0;
}

void flow_on_result(struct flow *f, const struct event *event, struct effects *effects)
{
	if (event->kind == EVENT_SAVE) {
		ask_where(f, effects);
	} else if (event->kind == EVENT_NEXT) {
		effects->what |= f->settings.kiosk ? 0 : EFFECT_QUIT;
		flow_reset(f, effects);
	}
}

/* Said of the signature itself, so that it was not taken before either. */
static bool is_verdict(enum err code)
{
	return (code >= ERR_CERTIFICATE && code <= ERR_TIMESTAMP_SERVICE) ||
	       (code >= ERR_SESSION_EXPIRED && code <= ERR_SIGNATURE_REJECTED);
}

/* Verdicts that the same signature may find to be others later. */
static bool may_pass(enum err code)
{
	return code == ERR_CERTIFICATE_SUSPENDED || code == ERR_CERTIFICATE_STATUS ||
	       code == ERR_REVOCATION_ANSWER || code == ERR_TIMESTAMP_SERVICE || code == ERR_CRYPTO;
}

/* Nothing can change these: the session has its signature, or the service will not have this one. */
static bool is_final(const struct flow *f)
{
	enum err code = f->failure.code;

	return code == ERR_SECRET_MEMORY ||
	       (f->failed == JOB_SUBMIT && is_verdict(code) && !may_pass(code));
}

bool flow_signature_unheard(const struct flow *f)
{
	return f->failed == JOB_SUBMIT && f->failure.code && !is_verdict(f->failure.code);
}

bool flow_may_retry(const struct flow *f)
{
	if (f->screen != SCREEN_FAILURE || is_final(f) || f->failed == JOB_OPEN)
		return false;
	return f->failed == JOB_SUBMIT ? f->cms.n > 0 : !flow_unsettled(f);
}

static void retry(struct flow *f, const struct event *event, struct effects *effects)
{
	if (!flow_may_retry(f))
		return;
	if (f->failed == JOB_SUBMIT)
		flow_submit(f, effects);
	else
		flow_resume_pin(f, event, effects);
}

void flow_on_failure(struct flow *f, const struct event *event, struct effects *effects)
{
	switch (event->kind) {
	case EVENT_RETRY:
		retry(f, event, effects);
		break;
	case EVENT_SAVE:
		ask_where(f, effects);
		break;
	case EVENT_NEXT:
		flow_reset(f, effects);
		break;
	case EVENT_BACK:
		if (flow_may_retry(f))
			flow_ask_to_leave(f, false);
		else
			flow_reset(f, effects);
		break;
	default:
		break;
	}
}

void flow_on_expired(struct flow *f, const struct event *event, struct effects *effects)
{
	if (event->kind == EVENT_SAVE)
		ask_where(f, effects);
	else if (event->kind == EVENT_NEXT || event->kind == EVENT_BACK)
		flow_reset(f, effects);
}

static void type_path(struct flow *f, const char *text)
{
	size_t n = strlen(f->path);

	if (f->settings.kiosk || n + strlen(text) >= sizeof(f->path))
		return;
	memcpy(f->path + n, text, strlen(text) + 1);
	f->notice = NOTICE_NONE;
}

static void erase_path(struct flow *f)
{
	size_t n = strlen(f->path);

	while (n > 0 && ((uint8_t)f->path[--n] & 0xC0) == 0x80) /* the rest of a UTF-8 character */
		;
	if (!f->settings.kiosk)
		f->path[n] = '\0';
	f->notice = NOTICE_NONE;
}

static void take_path(struct flow *f, const struct event *event)
{
	if (event->path)
		snprintf(f->path, sizeof(f->path), "%s", event->path);
	if (event->error.code)
		flow_notice(f, &event->error);
}

static void saved(struct flow *f, const struct event *event)
{
	if (event->error.code) {
		take_path(f, event);
		return;
	}
	f->saved = true;
	f->screen = f->before;
	f->focus = FOCUS_MAIN;
	f->notice = NOTICE_SAVED;
}

void flow_on_save(struct flow *f, const struct event *event, struct effects *effects)
{
	switch (event->kind) {
	case EVENT_PROPOSED:
		take_path(f, event);
		break;
	case EVENT_SAVED:
		saved(f, event);
		break;
	case EVENT_TEXT:
		type_path(f, event->text);
		break;
	case EVENT_ERASE:
		erase_path(f);
		break;
	case EVENT_CLEAR:
		if (!f->settings.kiosk)
			f->path[0] = '\0';
		break;
	case EVENT_NEXT:
		if (f->path[0])
			effects->what |= EFFECT_SAVE;
		break;
	case EVENT_BACK:
		f->screen = f->before;
		f->focus = FOCUS_MAIN;
		f->notice = NOTICE_NONE;
		break;
	default:
		break;
	}
}

#include "tui/flow.h"

#include <stdlib.h>
#include <string.h>

#include "tui/flow_parts.h"

#define SPINNER_MS 250 /* one picture of the working screen */

static const enum focus usual_focus[SCREEN_COUNT] = {
	[SCREEN_CODE] = FOCUS_FIELD,
	[SCREEN_CONTRACT] = FOCUS_FIELD,
	[SCREEN_CERTIFICATE] = FOCUS_FIELD,
	[SCREEN_LAST_TRY] = FOCUS_FIELD,
	[SCREEN_SAVE] = FOCUS_FIELD,
	[SCREEN_LEAVE] = FOCUS_SECOND, /* staying */
};

void flow_enter(struct flow *f, enum screen screen)
{
	f->screen = screen;
	f->focus = usual_focus[screen];
	f->notice = NOTICE_NONE;
	f->details = false;
	f->help = false;
}

/* The same with a notice: somebody who stays finds what was said before. */
static void enter_saying(struct flow *f, enum screen screen, enum notice notice)
{
	flow_enter(f, screen);
	f->notice = notice;
}

void flow_notice(struct flow *f, const struct error *error)
{
	f->notice = NOTICE_ERROR;
	f->error = *error;
}

void flow_fail(struct flow *f, enum job_kind doing, const struct error *error)
{
	flow_enter(f, SCREEN_FAILURE);
	f->failed = doing;
	f->failure = *error;
}

void flow_work(struct flow *f, enum job_kind kind)
{
	flow_enter(f, SCREEN_WORKING);
	f->work = kind;
	f->stage = STAGE_CONNECTING;
	f->work_began = f->now;
}

/* Everything of one person; settings, time and cards stay. */
static void wipe(struct flow *f)
{
	struct flow fresh = {
		.settings = f->settings,
		.language = f->settings.language,
		.now = f->now,
		.wall = f->wall,
		.touched = f->touched,
		.cards = f->cards,
		.sessions = f->sessions,
	};

	secret_wipe(&f->code);
	flow_wipe_typed(f);
	service_session_free(&f->session);
	bytes_wipe(&f->content);
	bytes_wipe(&f->cms);
	explicit_bzero(f, sizeof(*f));
	*f = fresh;
	flow_enter(f, SCREEN_CODE);
}

enum err flow_abandon_reason(const struct flow *f)
{
	enum screen at = f->screen == SCREEN_LEAVE ? f->before : f->screen;
	bool failed = (at == SCREEN_FAILURE || at == SCREEN_PAUSED) && f->failure.code;

	if (failed)
		return f->failure.code;
	return flow_pin_trouble(f) ? flow_pin_trouble(f) : ERR_CANCELLED;
}

static void abandon(struct flow *f, struct effects *effects)
{
	struct job_request *request = &effects->network;

	if (!f->in_session || f->accepted || f->now >= f->deadline)
		return;
	request->kind = JOB_ABANDON;
	memcpy(request->abandon.session, f->session.id, sizeof(request->abandon.session));
	request->abandon.reason = flow_abandon_reason(f);
	request->abandon.token = f->session.token;
	f->session.token = (struct secret){0};
}

void flow_reset(struct flow *f, struct effects *effects)
{
	abandon(f, effects);
	effects->what |= EFFECT_FLUSH_INPUT | EFFECT_WIPE_TERMINAL;
	wipe(f);
}

void flow_init(struct flow *f, const struct flow_settings *settings, int64_t now_ms)
{
	*f = (struct flow){.settings = *settings, .now = now_ms, .touched = now_ms};
	wipe(f);
}

void flow_free(struct flow *f)
{
	wipe(f);
	free(f->cards);
	f->cards = NULL;
}

long flow_remaining(const struct flow *f)
{
	int64_t left = f->deadline - f->now;

	if (!f->in_session || f->accepted)
		return -1;
	return left <= 0 ? 0 : (long)((left + 999) / 1000);
}

/* Idle time counts where someone could press a key and nothing runs. */
static int64_t idle_deadline(const struct flow *f)
{
	bool nothing_to_wipe = f->screen == SCREEN_CODE && f->code.n == 0 && !f->help &&
			       f->notice == NOTICE_NONE && f->language == f->settings.language;

	if (f->settings.idle_ms == 0 || f->screen == SCREEN_WORKING || nothing_to_wipe)
		return INT64_MAX;
	return f->touched + f->settings.idle_ms;
}

/* A card or the service at work is never cut off by the time being up: its result decides. */
static bool time_is_up(const struct flow *f)
{
	return f->in_session && !f->accepted && f->now >= f->deadline &&
	       f->screen != SCREEN_WORKING && f->screen != SCREEN_EXPIRED &&
	       !((f->screen == SCREEN_SAVE || f->screen == SCREEN_LEAVE) &&
		       f->before == SCREEN_EXPIRED);
}

int64_t flow_next_change(const struct flow *f)
{
	int64_t next = idle_deadline(f);
	int64_t spin = f->work_began + ((f->now - f->work_began) / SPINNER_MS + 1) * SPINNER_MS;
	long left = flow_remaining(f);

	if (f->screen == SCREEN_WORKING && spin < next)
		next = spin;
	if (left > 0 && f->deadline - (left - 1) * 1000 < next)
		next = f->deadline - (left - 1) * 1000;
	return next;
}

/* What the end of the time must not hide: why it did not work, and that a try may have been used up. */
static struct error last_failure(const struct flow *f)
{
	bool stopped = f->screen == SCREEN_FAILURE || f->screen == SCREEN_PAUSED;
	const struct error none = {.code = ERR_OK}, *e = stopped ? &f->failure : &f->error;

	if (!stopped && f->notice != NOTICE_ERROR)
		return none;
	if (f->screen != SCREEN_FAILURE && error_pin_use(e->code) == PIN_KEPT)
		return none;
	return e->code == ERR_SESSION_EXPIRED ? none : *e;
}

static void expire(struct flow *f, struct effects *effects)
{
	f->failure = last_failure(f);
	flow_wipe_typed(f);
	f->word[0] = '\0';
	effects->what |= EFFECT_FLUSH_INPUT;
	flow_enter(f, SCREEN_EXPIRED);
}

/* What the time alone brings about; true when the event must not go on to a screen that is no longer there. */
static bool pass_time(struct flow *f, struct effects *effects)
{
	if (f->now >= idle_deadline(f)) {
		flow_reset(f, effects);
		return true;
	}
	if (time_is_up(f)) {
		expire(f, effects);
		return true;
	}
	return false;
}

static bool of_a_person(enum event_kind kind)
{
	return kind >= EVENT_TOUCH && kind <= EVENT_LANGUAGE;
}

bool flow_may_cancel(const struct flow *f)
{
	return f->work == JOB_OPEN || f->work == JOB_SUBMIT || f->work == JOB_DONE;
}

static void on_working(struct flow *f, const struct event *event, struct effects *effects)
{
	struct error cancelled = {.code = ERR_CANCELLED, .tries = TRIES_UNKNOWN};

	if (event->kind != EVENT_BACK || !flow_may_cancel(f))
		return;
	effects->what |= EFFECT_CANCEL;
	if (f->work == JOB_SUBMIT) {
		flow_fail(f, JOB_SUBMIT, &cancelled);
	} else if (f->work == JOB_DONE) {
		flow_told(f, &cancelled);
	} else {
		flow_enter(f, SCREEN_CODE);
		flow_notice(f, &cancelled);
	}
}

static void on_leave(struct flow *f, const struct event *event, struct effects *effects)
{
	if (event->kind == EVENT_BACK) {
		enter_saying(f, f->before, f->notice);
		flow_watch_card(f, event, effects); /* it may have gone meanwhile */
	} else if (event->kind == EVENT_NEXT || (event->kind == EVENT_QUIT && f->quitting)) {
		effects->what |= f->quitting ? EFFECT_QUIT : 0;
		flow_reset(f, effects);
	} else if (event->kind == EVENT_QUIT) {
		f->quitting = !f->settings.kiosk;
	}
}

static void (*const on_screen[SCREEN_COUNT])(
	struct flow *, const struct event *, struct effects *) = {
	[SCREEN_CODE] = flow_on_code,
	[SCREEN_WORKING] = on_working,
	[SCREEN_CONTRACT] = flow_on_contract,
	[SCREEN_CERTIFICATE] = flow_on_certificate,
	[SCREEN_PIN] = flow_on_pin,
	[SCREEN_PUK] = flow_on_pin,
	[SCREEN_NEW_PIN] = flow_on_pin,
	[SCREEN_LAST_TRY] = flow_on_last_try,
	[SCREEN_PAUSED] = flow_on_paused,
	[SCREEN_RESULT] = flow_on_result,
	[SCREEN_UNBLOCKED] = flow_on_unblocked,
	[SCREEN_SAVE] = flow_on_save,
	[SCREEN_FAILURE] = flow_on_failure,
	[SCREEN_EXPIRED] = flow_on_expired,
	[SCREEN_LEAVE] = on_leave,
};

static bool is_running(const struct flow *f, enum job_kind kind)
{
	return f->screen == SCREEN_WORKING && f->work == kind;
}

static void on_result(struct flow *f, const struct event *event, struct effects *effects)
{
	struct job_result *result = event->result;

	/* A person who has waited for a job has not been idle. */
	if (f->screen == SCREEN_WORKING)
		f->touched = f->now;
	if (result->kind == JOB_CARDS)
		flow_cards(f, event, effects);
	else if (result->kind == JOB_PROGRESS && f->screen == SCREEN_WORKING)
		f->stage = result->stage;
	else if (result->kind == JOB_OPEN && is_running(f, JOB_OPEN))
		flow_opened(f, result, effects);
	else if (result->kind == JOB_SIGN && is_running(f, JOB_SIGN))
		flow_signed(f, event, effects);
	else if (result->kind == JOB_SUBMIT && is_running(f, JOB_SUBMIT))
		flow_submitted(f, result);
	else if (result->kind == JOB_UNBLOCK && is_running(f, JOB_UNBLOCK))
		flow_unblocked(f, event, effects);
	else if (result->kind == JOB_DONE && is_running(f, JOB_DONE))
		flow_told(f, &result->error);
}

/* Where staying leads to: what was typed of PIN and PUK is gone. */
static enum screen before_leaving(const struct flow *f)
{
	if (f->screen == SCREEN_LAST_TRY || f->screen == SCREEN_NEW_PIN)
		return flow_unblocks(f) ? SCREEN_PUK : SCREEN_PIN;
	return f->screen;
}

void flow_ask_to_leave(struct flow *f, bool quit)
{
	const enum screen asked_on = f->screen;

	/* No way out of a kiosk, and none while a card or the service is at work. */
	if ((quit && f->settings.kiosk) || f->screen == SCREEN_WORKING)
		return;
	flow_wipe_typed(f);
	if (f->screen != SCREEN_SAVE)
		f->before = before_leaving(f);
	enter_saying(f, SCREEN_LEAVE, f->before == asked_on ? f->notice : NOTICE_NONE);
	f->quitting = quit;
}

/* Keys that mean the same on every screen; true when the event is one. */
static bool on_every_screen(struct flow *f, const struct event *event)
{
	if (event->kind == EVENT_HELP ||
		(f->help && (event->kind == EVENT_BACK || event->kind == EVENT_NEXT))) {
		f->help = !f->help;
		return true;
	}
	if (event->kind == EVENT_LANGUAGE) {
		f->language = f->language == LANGUAGE_TR ? LANGUAGE_EN : LANGUAGE_TR;
		return true;
	}
	if (event->kind == EVENT_QUIT && f->screen != SCREEN_LEAVE) {
		flow_ask_to_leave(f, true);
		return true;
	}
	if (event->kind == EVENT_FOCUS && event->item < FOCUS_COUNT) {
		f->focus = (enum focus)event->item;
		return true;
	}
	/* What help covers can't be pressed. */
	return f->help && of_a_person(event->kind);
}

void flow_step(struct flow *f, const struct event *event, struct effects *effects)
{
	*effects = (struct effects){0};
	f->now = event->now;
	if (pass_time(f, effects) && event->kind != EVENT_RESULT)
		return;
	if (of_a_person(event->kind)) {
		f->touched = event->now;
		f->wall = event->wall;
	}
	if (event->kind == EVENT_RESULT)
		on_result(f, event, effects);
	else if (!on_every_screen(f, event))
		on_screen[f->screen](f, event, effects);
	pass_time(f, effects); /* a failure that came after the end of the session */
}

/* The ways through the ceremony: each a table of what happens and the screen that follows. */
#include "unit.h"

#include <stdio.h>

#include "base/secret.h"
#include "person.h"

enum act {
	DOES,     /* event */
	TYPES,    /* text: digits */
	SAYS,     /* text */
	WAITS,    /* number: seconds */
	GETS,     /* job, code, number: tries */
	OPENS,    /* text */
	READS,    /* the contract to its end, and goes on */
	PROGRESS, /* number: stage */
	CARD,     /* number: tries left */
	OTHER,
	BUSY,
	NO_CARD,
	WALKS, /* to screen */
};

/* What a step must have asked for. */
enum wanted {
	NOTHING,
	WANTS_OPEN,
	WANTS_SIGN,
	WANTS_SUBMIT,
	WANTS_ABANDON,
	WANTS_CANCEL,
	WANTS_SAVE,
	WANTS_PATH,
	WANTS_QUIT
};

struct step {
	enum act act;
	enum event_kind event;
	const char *text;
	long number;
	enum job_kind job;
	enum err code;
	enum screen screen; /* afterwards */
	enum wanted wanted;
	enum err notice; /* NOTICE_ERROR with this code */
	int tries;       /* of the chosen card afterwards, 0: not looked at */
};

#define DO(e, s, ...)                                                                              \
	{                                                                                          \
		.act = DOES, .event = e, .screen = s, __VA_ARGS__                                  \
	}
#define TYPE(t, s, ...)                                                                            \
	{                                                                                          \
		.act = TYPES, .text = t, .screen = s, __VA_ARGS__                                  \
	}
#define SAY(t, s, ...)                                                                             \
	{                                                                                          \
		.act = SAYS, .text = t, .screen = s, __VA_ARGS__                                   \
	}
#define WAIT(n, s, ...)                                                                            \
	{                                                                                          \
		.act = WAITS, .number = n, .screen = s, __VA_ARGS__                                \
	}
#define GET(j, c, s, ...)                                                                          \
	{                                                                                          \
		.act = GETS, .job = j, .code = c, .screen = s, __VA_ARGS__                         \
	}
#define OPEN(t, s, ...)                                                                            \
	{                                                                                          \
		.act = OPENS, .text = t, .screen = s, __VA_ARGS__                                  \
	}
#define READ(s, ...)                                                                               \
	{                                                                                          \
		.act = READS, .screen = s, __VA_ARGS__                                             \
	}
#define INSERT(n, s, ...)                                                                          \
	{                                                                                          \
		.act = CARD, .number = n, .screen = s, __VA_ARGS__                                 \
	}
#define SWAP(s, ...)                                                                               \
	{                                                                                          \
		.act = OTHER, .screen = s, __VA_ARGS__                                             \
	}
#define READING(s, ...)                                                                            \
	{                                                                                          \
		.act = BUSY, .screen = s, __VA_ARGS__                                              \
	}
#define PULL(s, ...)                                                                               \
	{                                                                                          \
		.act = NO_CARD, .screen = s, __VA_ARGS__                                           \
	}
#define WALK(s)                                                                                    \
	{                                                                                          \
		.act = WALKS, .screen = s                                                          \
	}

static void act(struct person *p, const struct step *step)
{
	switch (step->act) {
	case DOES:
		person_does(p, step->event);
		break;
	case TYPES:
		person_types(p, step->text);
		break;
	case SAYS:
		person_says(p, step->text);
		break;
	case WAITS:
		person_waits(p, step->number * 1000);
		break;
	case GETS:
		person_gets(p, step->job, step->code, (int)step->number);
		break;
	case OPENS:
		person_opens(p, step->text);
		break;
	case READS:
		person_event(p, (struct event){.kind = EVENT_HASHED});
		person_event(p, (struct event){.kind = EVENT_SHOWN, .offset = p->flow.content.n});
		person_does(p, EVENT_NEXT);
		break;
	case PROGRESS:
		person_progress(p, (enum job_stage)step->number);
		break;
	case CARD:
		p->tries = (unsigned)step->number;
		person_card(p);
		break;
	case OTHER:
		person_other_card(p);
		break;
	case BUSY:
		person_card_read(p);
		break;
	case NO_CARD:
		person_no_card(p);
		break;
	case WALKS:
		person_walks_to(p, step->screen);
		break;
	}
}

static enum wanted wanted(const struct effects *effects)
{
	if (effects->card.kind == JOB_SIGN)
		return WANTS_SIGN;
	if (effects->network.kind)
		return effects->network.kind == JOB_OPEN     ? WANTS_OPEN
		       : effects->network.kind == JOB_SUBMIT ? WANTS_SUBMIT
							     : WANTS_ABANDON;
	return effects->what & EFFECT_CANCEL    ? WANTS_CANCEL
	       : effects->what & EFFECT_SAVE    ? WANTS_SAVE
	       : effects->what & EFFECT_PROPOSE ? WANTS_PATH
	       : effects->what & EFFECT_QUIT    ? WANTS_QUIT
						: NOTHING;
}

/* A PIN and a code exist only where they are typed; after a wipe nothing of the person is left. */
static void check_secrets(const struct flow *f)
{
	if (f->screen != SCREEN_PIN && f->screen != SCREEN_LAST_TRY)
		assert_int_equal(f->pin.n, 0);
	if (f->in_session)
		assert_int_equal(f->code.n, 0);
	if (f->screen == SCREEN_CODE) {
		assert_int_equal(f->content.n, 0);
		assert_int_equal(f->cms.n, 0);
		assert_int_equal(f->session.token.n, 0);
		assert_int_equal(f->session.tckn[0], 0);
	}
}

static void check_step(const struct person *p, const struct step *step, size_t i)
{
	const struct flow *f = &p->flow;

	if (f->screen != step->screen)
		print_message("step %zu: screen %d, wanted %d\n", i, f->screen, step->screen);
	assert_int_equal(f->screen, step->screen);
	if (step->act != WALKS)
		assert_int_equal(wanted(&p->effects), step->wanted);
	if (step->notice) {
		assert_int_equal(f->notice, NOTICE_ERROR);
		assert_int_equal(f->error.code, step->notice);
	}
	if (step->tries)
		assert_int_equal(flow_certificate(f)->pin.tries, step->tries);
	check_secrets(f);
}

static void walk_with(const struct flow_settings *settings, const struct step *steps, size_t count)
{
	struct person p;

	person_begin(&p, settings);
	for (size_t i = 0; i < count; i++) {
		act(&p, &steps[i]);
		check_step(&p, &steps[i], i);
	}
	person_end(&p);
}

/* A way as a test. */
#define WAY_WITH(name, settings, ...)                                                              \
	static void name(void **state)                                                             \
	{                                                                                          \
		static const struct step steps[] = {__VA_ARGS__};                                  \
		(void)state;                                                                       \
		walk_with(settings, steps, sizeof(steps) / sizeof(*steps));                        \
	}
#define WAY(name, ...) WAY_WITH(name, NULL, __VA_ARGS__)

static const struct flow_settings kiosk = {.kiosk = true, .can_save = true};
static const struct flow_settings impatient = {.can_save = true, .idle_ms = 60000};

WAY(signature, INSERT(3, SCREEN_CODE), TYPE(PERSON_CODE, SCREEN_CODE),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_OPEN), OPEN(PERSON_TEXT, SCREEN_CONTRACT),
	READ(SCREEN_CERTIFICATE), DO(EVENT_NEXT, SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN),
	{.act = PROGRESS, .number = STAGE_SIGNING, .screen = SCREEN_WORKING},
	GET(JOB_SIGN, ERR_OK, SCREEN_WORKING, WANTS_SUBMIT), GET(JOB_SUBMIT, ERR_OK, SCREEN_RESULT),
	DO(EVENT_NEXT, SCREEN_CODE, WANTS_QUIT))
WAY_WITH(kiosk_begins_again, &kiosk, WALK(SCREEN_RESULT), DO(EVENT_NEXT, SCREEN_CODE),
	DO(EVENT_QUIT, SCREEN_CODE), DO(EVENT_BACK, SCREEN_CODE))

/* The code. */
WAY(code_too_short, TYPE("0123", SCREEN_CODE),
	DO(EVENT_NEXT, SCREEN_CODE, NOTHING, ERR_CODE_FORMAT))
#define REFUSED(name, error)                                                                       \
	WAY(name, TYPE(PERSON_CODE, SCREEN_CODE), DO(EVENT_NEXT, SCREEN_WORKING, WANTS_OPEN),      \
		GET(JOB_OPEN, error, SCREEN_CODE, NOTHING, error),                                 \
		DO(EVENT_NEXT, SCREEN_WORKING, WANTS_OPEN), OPEN(PERSON_TEXT, SCREEN_CONTRACT))
REFUSED(code_wrong, ERR_CODE_WRONG)
REFUSED(code_expired, ERR_CODE_EXPIRED)
REFUSED(code_used, ERR_CODE_USED)
REFUSED(code_rate, ERR_CODE_RATE)
REFUSED(service_unreachable, ERR_SERVICE_UNREACHABLE)
REFUSED(service_without_trust, ERR_SERVICE_TLS)
WAY(opening_cancelled, TYPE(PERSON_CODE, SCREEN_CODE), DO(EVENT_NEXT, SCREEN_WORKING, WANTS_OPEN),
	DO(EVENT_BACK, SCREEN_CODE, WANTS_CANCEL, ERR_CANCELLED),
	GET(JOB_OPEN, ERR_CODE_WRONG, SCREEN_CODE), DO(EVENT_NEXT, SCREEN_WORKING, WANTS_OPEN))
WAY(empty_session, TYPE(PERSON_CODE, SCREEN_CODE), DO(EVENT_NEXT, SCREEN_WORKING, WANTS_OPEN),
	OPEN("", SCREEN_FAILURE), DO(EVENT_NEXT, SCREEN_CODE, WANTS_ABANDON))

/* The contract. */
WAY(unsafe_text_is_never_signed, TYPE(PERSON_CODE, SCREEN_CODE),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_OPEN), OPEN("onay\033[31m", SCREEN_CONTRACT),
	READ(SCREEN_CONTRACT), DO(EVENT_NEXT, SCREEN_CONTRACT))
WAY(unread_text_is_never_signed, WALK(SCREEN_CONTRACT), DO(EVENT_NEXT, SCREEN_CONTRACT),
	READ(SCREEN_CERTIFICATE))
WAY(leaving, WALK(SCREEN_CONTRACT), DO(EVENT_BACK, SCREEN_LEAVE), DO(EVENT_BACK, SCREEN_CONTRACT),
	DO(EVENT_BACK, SCREEN_LEAVE), DO(EVENT_NEXT, SCREEN_CODE, WANTS_ABANDON))
WAY(quitting, WALK(SCREEN_PIN), TYPE("12", SCREEN_PIN), DO(EVENT_QUIT, SCREEN_LEAVE),
	DO(EVENT_NEXT, SCREEN_CODE, WANTS_ABANDON))
WAY(quitting_instead_of_leaving, WALK(SCREEN_CONTRACT), DO(EVENT_BACK, SCREEN_LEAVE),
	DO(EVENT_QUIT, SCREEN_LEAVE), DO(EVENT_QUIT, SCREEN_CODE, WANTS_ABANDON))
WAY(quitting_when_the_time_is_up, WALK(SCREEN_CONTRACT), WAIT(300, SCREEN_EXPIRED),
	DO(EVENT_QUIT, SCREEN_LEAVE), DO(EVENT_BACK, SCREEN_EXPIRED), DO(EVENT_QUIT, SCREEN_LEAVE),
	DO(EVENT_QUIT, SCREEN_CODE, WANTS_QUIT))
WAY(quitting_at_once, DO(EVENT_BACK, SCREEN_LEAVE), DO(EVENT_NEXT, SCREEN_CODE, WANTS_QUIT))

/* The PIN. */
WAY(wrong_pin_then_right, WALK(SCREEN_PIN), TYPE("111111", SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN),
	GET(JOB_SIGN, ERR_PIN_WRONG, SCREEN_PIN, .number = 2, .notice = ERR_PIN_WRONG, .tries = 2),
	TYPE(PERSON_PIN, SCREEN_PIN), DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN),
	GET(JOB_SIGN, ERR_OK, SCREEN_WORKING, WANTS_SUBMIT), GET(JOB_SUBMIT, ERR_OK, SCREEN_RESULT))
WAY(last_try, WALK(SCREEN_PIN), INSERT(1, SCREEN_PIN), TYPE("111111", SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_LAST_TRY), DO(EVENT_NEXT, SCREEN_LAST_TRY),
	SAY("EVET", SCREEN_LAST_TRY), DO(EVENT_CONFIRM, SCREEN_WORKING, WANTS_SIGN),
	GET(JOB_SIGN, ERR_PIN_BLOCKED, SCREEN_PIN, .notice = ERR_PIN_BLOCKED),
	TYPE(PERSON_PIN, SCREEN_PIN), DO(EVENT_NEXT, SCREEN_CERTIFICATE))
WAY(last_try_given_up, WALK(SCREEN_PIN), INSERT(1, SCREEN_PIN), TYPE("111111", SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_LAST_TRY), DO(EVENT_BACK, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_PIN, NOTHING, ERR_PIN_LENGTH))
WAY(second_try_is_the_last, WALK(SCREEN_PIN), INSERT(2, SCREEN_PIN), TYPE("111111", SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN),
	GET(JOB_SIGN, ERR_PIN_WRONG, SCREEN_PIN, .number = 1, .notice = ERR_PIN_WRONG, .tries = 1),
	TYPE(PERSON_PIN, SCREEN_PIN), DO(EVENT_NEXT, SCREEN_LAST_TRY))
WAY(unknown_tries_are_like_the_last, WALK(SCREEN_PIN), INSERT(TRIES_UNKNOWN, SCREEN_PIN),
	TYPE(PERSON_PIN, SCREEN_PIN), DO(EVENT_NEXT, SCREEN_LAST_TRY),
	DO(EVENT_CONFIRM, SCREEN_WORKING, WANTS_SIGN))
WAY(card_that_insists_on_consent, WALK(SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN),
	GET(JOB_SIGN, ERR_PIN_LAST_TRY, SCREEN_PIN, .notice = ERR_PIN_LAST_TRY),
	TYPE(PERSON_PIN, SCREEN_PIN), DO(EVENT_NEXT, SCREEN_LAST_TRY))
WAY(blocked_from_the_start, WALK(SCREEN_CERTIFICATE), INSERT(0, SCREEN_CERTIFICATE),
	DO(EVENT_NEXT, SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_CERTIFICATE))
WAY(blocked_meanwhile, WALK(SCREEN_PIN), TYPE("1234", SCREEN_PIN), INSERT(0, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_CERTIFICATE))
WAY(short_pin_stays_here, WALK(SCREEN_PIN), TYPE("123", SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_PIN, NOTHING, ERR_PIN_LENGTH),
	SAY("x", SCREEN_PIN, NOTHING, ERR_PIN_DIGITS), TYPE("4", SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN))
WAY(two_answers_missing_end_it, WALK(SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN),
	GET(JOB_SIGN, ERR_PIN_UNSETTLED, SCREEN_FAILURE), DO(EVENT_RETRY, SCREEN_PIN),
	TYPE(PERSON_PIN, SCREEN_PIN), DO(EVENT_NEXT, SCREEN_LAST_TRY),
	DO(EVENT_CONFIRM, SCREEN_WORKING, WANTS_SIGN),
	GET(JOB_SIGN, ERR_WORKER_DIED, SCREEN_FAILURE), DO(EVENT_RETRY, SCREEN_FAILURE),
	DO(EVENT_NEXT, SCREEN_CODE, WANTS_ABANDON))
WAY(other_failures_can_be_tried_again, WALK(SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN), DO(EVENT_BACK, SCREEN_WORKING),
	DO(EVENT_QUIT, SCREEN_WORKING), GET(JOB_SIGN, ERR_CARD_IO, SCREEN_FAILURE),
	DO(EVENT_BACK, SCREEN_LEAVE), DO(EVENT_BACK, SCREEN_FAILURE), DO(EVENT_RETRY, SCREEN_PIN))
WAY(back_from_the_pin, WALK(SCREEN_PIN), TYPE("12", SCREEN_PIN), DO(EVENT_BACK, SCREEN_CERTIFICATE),
	DO(EVENT_BACK, SCREEN_CONTRACT), DO(EVENT_NEXT, SCREEN_CERTIFICATE),
	DO(EVENT_NEXT, SCREEN_PIN))

/* The card. */
WAY(card_pulled_early, WALK(SCREEN_CONTRACT), PULL(SCREEN_CONTRACT), READ(SCREEN_CERTIFICATE),
	DO(EVENT_NEXT, SCREEN_CERTIFICATE), INSERT(3, SCREEN_CERTIFICATE),
	DO(EVENT_NEXT, SCREEN_PIN))
WAY(card_pulled_at_the_list, WALK(SCREEN_CERTIFICATE), PULL(SCREEN_CERTIFICATE),
	DO(EVENT_NEXT, SCREEN_CERTIFICATE), SWAP(SCREEN_CERTIFICATE),
	DO(EVENT_NEXT, SCREEN_CERTIFICATE), INSERT(3, SCREEN_CERTIFICATE),
	DO(EVENT_NEXT, SCREEN_PIN))
WAY(card_pulled_at_the_pin, WALK(SCREEN_PIN), TYPE("1234", SCREEN_PIN), PULL(SCREEN_PAUSED),
	DO(EVENT_NEXT, SCREEN_PAUSED), SWAP(SCREEN_PAUSED), INSERT(3, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_PIN, NOTHING, ERR_PIN_LENGTH))
WAY(card_swapped_at_the_pin, WALK(SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN), SWAP(SCREEN_PAUSED),
	DO(EVENT_BACK, SCREEN_CERTIFICATE), DO(EVENT_NEXT, SCREEN_CERTIFICATE))
WAY(card_pulled_at_the_last_try, WALK(SCREEN_PIN), INSERT(1, SCREEN_PIN),
	TYPE(PERSON_PIN, SCREEN_PIN), DO(EVENT_NEXT, SCREEN_LAST_TRY), PULL(SCREEN_PAUSED),
	DO(EVENT_CONFIRM, SCREEN_PAUSED), INSERT(1, SCREEN_PIN))
WAY(card_pulled_while_signing, WALK(SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN), PULL(SCREEN_WORKING),
	GET(JOB_SIGN, ERR_CARD_REMOVED, SCREEN_PAUSED), INSERT(3, SCREEN_PIN))
WAY(card_pulled_behind_a_wrong_pin, WALK(SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN), PULL(SCREEN_WORKING),
	GET(JOB_SIGN, ERR_PIN_WRONG, SCREEN_PAUSED, .number = 2), INSERT(2, SCREEN_PIN, .tries = 2),
	TYPE(PERSON_PIN, SCREEN_PIN), DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN))
#define TRIED_AGAIN(name, error, ...)                                                              \
	WAY(name, WALK(SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),                                  \
		DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN), PULL(SCREEN_WORKING),                  \
		GET(JOB_SIGN, error, SCREEN_FAILURE), __VA_ARGS__)
TRIED_AGAIN(tried_again_with_the_card_back, ERR_DEADLINE, READING(SCREEN_FAILURE),
	INSERT(2, SCREEN_FAILURE), DO(EVENT_RETRY, SCREEN_PIN, .tries = 2))
TRIED_AGAIN(tried_again_while_the_card_is_read, ERR_DEADLINE, READING(SCREEN_FAILURE),
	DO(EVENT_RETRY, SCREEN_PAUSED), READING(SCREEN_PAUSED), INSERT(2, SCREEN_PIN, .tries = 2))
TRIED_AGAIN(tried_again_without_a_card, ERR_CARD_IO, DO(EVENT_RETRY, SCREEN_PAUSED),
	SWAP(SCREEN_PAUSED), DO(EVENT_NEXT, SCREEN_PAUSED), READING(SCREEN_PAUSED),
	INSERT(3, SCREEN_PIN))
TRIED_AGAIN(tried_again_without_a_card_and_chosen_anew, ERR_CARD_IO, DO(EVENT_RETRY, SCREEN_PAUSED),
	DO(EVENT_BACK, SCREEN_CERTIFICATE), INSERT(3, SCREEN_CERTIFICATE),
	DO(EVENT_NEXT, SCREEN_PIN))
WAY(card_pulled_while_asked_to_quit, WALK(SCREEN_PIN), DO(EVENT_QUIT, SCREEN_LEAVE),
	PULL(SCREEN_LEAVE), DO(EVENT_BACK, SCREEN_PAUSED), INSERT(3, SCREEN_PIN))

/* Handing in. */
WAY(answer_lost_and_asked_again, WALK(SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN),
	GET(JOB_SIGN, ERR_OK, SCREEN_WORKING, WANTS_SUBMIT),
	GET(JOB_SUBMIT, ERR_SERVICE_UNREACHABLE, SCREEN_FAILURE),
	DO(EVENT_SAVE, SCREEN_SAVE, WANTS_PATH), DO(EVENT_BACK, SCREEN_FAILURE),
	DO(EVENT_RETRY, SCREEN_WORKING, WANTS_SUBMIT), DO(EVENT_BACK, SCREEN_FAILURE, WANTS_CANCEL),
	DO(EVENT_RETRY, SCREEN_WORKING, WANTS_SUBMIT), GET(JOB_SUBMIT, ERR_OK, SCREEN_RESULT))
WAY(signature_rejected, WALK(SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN),
	GET(JOB_SIGN, ERR_OK, SCREEN_WORKING, WANTS_SUBMIT),
	GET(JOB_SUBMIT, ERR_SIGNATURE_REJECTED, SCREEN_FAILURE), DO(EVENT_RETRY, SCREEN_FAILURE),
	DO(EVENT_NEXT, SCREEN_CODE, WANTS_ABANDON))
WAY(revoked_is_for_good, WALK(SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN),
	GET(JOB_SIGN, ERR_OK, SCREEN_WORKING, WANTS_SUBMIT),
	GET(JOB_SUBMIT, ERR_CERTIFICATE_REVOKED, SCREEN_FAILURE), DO(EVENT_RETRY, SCREEN_FAILURE),
	DO(EVENT_NEXT, SCREEN_CODE, WANTS_ABANDON))
WAY(suspended_and_unsettled_are_sent_again, WALK(SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN),
	GET(JOB_SIGN, ERR_OK, SCREEN_WORKING, WANTS_SUBMIT),
	GET(JOB_SUBMIT, ERR_CERTIFICATE_SUSPENDED, SCREEN_FAILURE),
	DO(EVENT_RETRY, SCREEN_WORKING, WANTS_SUBMIT),
	GET(JOB_SUBMIT, ERR_CERTIFICATE_STATUS, SCREEN_FAILURE),
	DO(EVENT_RETRY, SCREEN_WORKING, WANTS_SUBMIT),
	GET(JOB_SUBMIT, ERR_TIMESTAMP_SERVICE, SCREEN_FAILURE),
	DO(EVENT_RETRY, SCREEN_WORKING, WANTS_SUBMIT), GET(JOB_SUBMIT, ERR_OK, SCREEN_RESULT))
WAY(nothing_typed_saves_nothing, WALK(SCREEN_RESULT), DO(EVENT_SAVE, SCREEN_SAVE, WANTS_PATH),
	DO(EVENT_NEXT, SCREEN_SAVE), SAY("/a", SCREEN_SAVE),
	DO(EVENT_NEXT, SCREEN_SAVE, WANTS_SAVE))

/* The time being up, on each screen. */
#define RUNS_OUT(name, screen)                                                                     \
	WAY(name, WALK(screen), WAIT(299, screen), WAIT(1, SCREEN_EXPIRED),                        \
		DO(EVENT_NEXT, SCREEN_CODE))
RUNS_OUT(time_up_at_the_contract, SCREEN_CONTRACT)
RUNS_OUT(time_up_at_the_list, SCREEN_CERTIFICATE)
RUNS_OUT(time_up_at_the_pin, SCREEN_PIN)
WAY(time_up_at_the_last_try, WALK(SCREEN_PIN), INSERT(1, SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_LAST_TRY), WAIT(300, SCREEN_EXPIRED),
	DO(EVENT_CONFIRM, SCREEN_EXPIRED))
WAY(time_up_while_paused, WALK(SCREEN_PIN), PULL(SCREEN_PAUSED), WAIT(300, SCREEN_EXPIRED),
	INSERT(3, SCREEN_EXPIRED))
WAY(time_up_while_asked_to_leave, WALK(SCREEN_CONTRACT), DO(EVENT_BACK, SCREEN_LEAVE),
	WAIT(300, SCREEN_EXPIRED))
WAY(time_up_at_a_failure, WALK(SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN), GET(JOB_SIGN, ERR_CARD_IO, SCREEN_FAILURE),
	WAIT(300, SCREEN_EXPIRED))
WAY(time_up_while_signing, WALK(SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN), WAIT(301, SCREEN_WORKING),
	GET(JOB_SIGN, ERR_OK, SCREEN_WORKING, WANTS_SUBMIT),
	GET(JOB_SUBMIT, ERR_SESSION_EXPIRED, SCREEN_EXPIRED),
	DO(EVENT_SAVE, SCREEN_SAVE, WANTS_PATH), DO(EVENT_BACK, SCREEN_EXPIRED),
	DO(EVENT_NEXT, SCREEN_CODE))
WAY(time_up_but_accepted, WALK(SCREEN_PIN), TYPE(PERSON_PIN, SCREEN_PIN),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_SIGN), WAIT(301, SCREEN_WORKING),
	GET(JOB_SIGN, ERR_OK, SCREEN_WORKING, WANTS_SUBMIT), GET(JOB_SUBMIT, ERR_OK, SCREEN_RESULT),
	WAIT(100, SCREEN_RESULT))
WAY(no_countdown_after_the_end, WALK(SCREEN_RESULT), WAIT(1000, SCREEN_RESULT))

/* Nobody there, on each screen. */
#define LEFT_ALONE(name, screen, wanted)                                                           \
	WAY_WITH(name, &impatient, WALK(screen), WAIT(59, screen), DO(EVENT_TOUCH, screen),        \
		WAIT(59, screen), WAIT(1, SCREEN_CODE, wanted))
LEFT_ALONE(idle_at_the_contract, SCREEN_CONTRACT, WANTS_ABANDON)
LEFT_ALONE(idle_at_the_list, SCREEN_CERTIFICATE, WANTS_ABANDON)
LEFT_ALONE(idle_at_the_pin, SCREEN_PIN, WANTS_ABANDON)
LEFT_ALONE(idle_at_the_result, SCREEN_RESULT, NOTHING)
WAY_WITH(idle_at_the_code, &impatient, TYPE("0123", SCREEN_CODE), WAIT(60, SCREEN_CODE),
	DO(EVENT_NEXT, SCREEN_CODE, NOTHING, ERR_CODE_FORMAT))
WAY_WITH(waiting_is_not_idle, &impatient, TYPE(PERSON_CODE, SCREEN_CODE),
	DO(EVENT_NEXT, SCREEN_WORKING, WANTS_OPEN), WAIT(61, SCREEN_WORKING),
	OPEN(PERSON_TEXT, SCREEN_CONTRACT), WAIT(59, SCREEN_CONTRACT),
	WAIT(1, SCREEN_CODE, WANTS_ABANDON))

static int lock_memory(void **state)
{
	(void)state;
	return secret_init(NULL) == ERR_OK ? 0 : -1;
}

#define T(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(signature),
		T(kiosk_begins_again),
		T(code_too_short),
		T(code_wrong),
		T(code_expired),
		T(code_used),
		T(code_rate),
		T(service_unreachable),
		T(service_without_trust),
		T(opening_cancelled),
		T(empty_session),
		T(unsafe_text_is_never_signed),
		T(unread_text_is_never_signed),
		T(leaving),
		T(quitting),
		T(quitting_instead_of_leaving),
		T(quitting_when_the_time_is_up),
		T(quitting_at_once),
		T(wrong_pin_then_right),
		T(last_try),
		T(last_try_given_up),
		T(second_try_is_the_last),
		T(unknown_tries_are_like_the_last),
		T(card_that_insists_on_consent),
		T(blocked_from_the_start),
		T(blocked_meanwhile),
		T(short_pin_stays_here),
		T(two_answers_missing_end_it),
		T(other_failures_can_be_tried_again),
		T(back_from_the_pin),
		T(card_pulled_early),
		T(card_pulled_at_the_list),
		T(card_pulled_at_the_pin),
		T(card_swapped_at_the_pin),
		T(card_pulled_at_the_last_try),
		T(card_pulled_while_signing),
		T(card_pulled_behind_a_wrong_pin),
		T(tried_again_with_the_card_back),
		T(tried_again_while_the_card_is_read),
		T(tried_again_without_a_card),
		T(tried_again_without_a_card_and_chosen_anew),
		T(card_pulled_while_asked_to_quit),
		T(answer_lost_and_asked_again),
		T(signature_rejected),
		T(revoked_is_for_good),
		T(suspended_and_unsettled_are_sent_again),
		T(nothing_typed_saves_nothing),
		T(time_up_at_the_contract),
		T(time_up_at_the_list),
		T(time_up_at_the_pin),
		T(time_up_at_the_last_try),
		T(time_up_while_paused),
		T(time_up_while_asked_to_leave),
		T(time_up_at_a_failure),
		T(time_up_while_signing),
		T(time_up_but_accepted),
		T(no_countdown_after_the_end),
		T(idle_at_the_contract),
		T(idle_at_the_list),
		T(idle_at_the_pin),
		T(idle_at_the_result),
		T(idle_at_the_code),
		T(waiting_is_not_idle),
	};

	return cmocka_run_group_tests(tests, lock_memory, NULL);
}

/* What the flow hands over, remembers and forgets: values beside the ways of test_flow.c. */
#include "unit.h"

#include <stdlib.h>

#include "base/secret.h"
#include "person.h"

static void assert_secret(const struct secret *s, const char *text)
{
	assert_int_equal(s->n, strlen(text));
	assert_memory_equal(s->at, text, s->n);
}

static void nonce_is_kept_for_the_same_code(void **state)
{
	struct person p;
	char first[SERVICE_NONCE_MAX];

	(void)state;
	person_begin(&p, NULL);
	person_types(&p, PERSON_CODE);
	person_does(&p, EVENT_NEXT);
	assert_secret(&p.effects.network.open.code, PERSON_CODE);
	memcpy(first, p.effects.network.open.nonce, sizeof(first));
	assert_int_equal(strlen(first), 32);
	person_gets(&p, JOB_OPEN, ERR_SERVICE_UNREACHABLE, 0);
	person_does(&p, EVENT_NEXT);
	assert_string_equal(p.effects.network.open.nonce, first);
	person_gets(&p, JOB_OPEN, ERR_SERVICE_UNREACHABLE, 0);
	person_does(&p, EVENT_ERASE);
	person_types(&p, "7");
	person_does(&p, EVENT_NEXT);
	assert_string_not_equal(p.effects.network.open.nonce, first);
	person_end(&p);
}

static void refused_code_gives_way_to_the_next(void **state)
{
	struct person p;

	(void)state;
	person_begin(&p, NULL);
	person_types(&p, PERSON_CODE);
	person_types(&p, "9");
	assert_int_equal(p.flow.notice, NOTICE_TOO_LONG);
	assert_secret(&p.flow.code, PERSON_CODE);
	person_does(&p, EVENT_NEXT);
	person_gets(&p, JOB_OPEN, ERR_CODE_WRONG, 0);
	assert_secret(&p.flow.code, PERSON_CODE);
	person_types(&p, "9");
	assert_secret(&p.flow.code, "9");
	person_event(&p, (struct event){.kind = EVENT_REFUSED, .text = "x"});
	assert_int_equal(p.flow.notice, NOTICE_CHARACTER);
	assert_string_equal(p.flow.refused, "x");
	assert_secret(&p.flow.code, "9");
	person_does(&p, EVENT_BACK);
	assert_int_equal(p.flow.code.n, 0);
	assert_int_equal(p.flow.screen, SCREEN_CODE);
	person_end(&p);
}

static void what_is_shown_is_what_is_signed(void **state)
{
	struct person p;
	const struct job_sign *job = &p.effects.card.sign;

	(void)state;
	person_begin(&p, NULL);
	person_walks_to(&p, SCREEN_PIN);
	assert_int_equal(p.flow.content.n, strlen(PERSON_TEXT));
	person_types(&p, PERSON_PIN);
	person_does(&p, EVENT_NEXT);
	assert_true(span_equal(bytes_span(&job->content), bytes_span(&p.flow.content)));
	assert_true(span_equal(bytes_span(&job->content), span_text(PERSON_TEXT)));
	assert_secret(&job->signer.pin, PERSON_PIN);
	assert_memory_equal(job->signer.certificate_sha256, p.flow.certificate, 32);
	assert_string_equal(job->signer.reader, p.reader);
	assert_false(job->signer.last_try_confirmed);
	assert_int_equal(job->signer.signing_time, p.flow.signed_at);
	person_gets(&p, JOB_SIGN, ERR_OK, 0);
	assert_string_equal(p.effects.network.submit.session, "session");
	assert_secret(&p.effects.network.submit.token, "token");
	assert_true(span_equal(bytes_span(&p.effects.network.submit.cms), span_text("CMS")));
	person_end(&p);
}

static void consent_is_told_to_the_card(void **state)
{
	struct person p;

	(void)state;
	person_begin(&p, NULL);
	p.tries = 1;
	person_signs(&p);
	assert_int_equal(p.effects.card.kind, JOB_NONE);
	person_does(&p, EVENT_CONFIRM);
	assert_true(p.effects.card.sign.signer.last_try_confirmed);
	person_end(&p);
}

/* Whatever is in the reader while it pauses: what it says of the PIN is what came of the last signature. */
static void what_a_pause_says_of_the_pin(void **state)
{
	static const struct {
		enum err error;
		enum pin_use said;
	} cases[] = {{ERR_CARD_REMOVED, PIN_KEPT}, {ERR_PIN_WRONG, PIN_USED},
		{ERR_DEADLINE, PIN_UNKNOWN}};
	struct person p;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		person_begin(&p, NULL);
		person_signs(&p);
		person_gets(&p, JOB_SIGN, cases[i].error, 2);
		person_no_card(&p);
		person_does(&p, EVENT_RETRY);
		assert_int_equal(p.flow.screen, SCREEN_PAUSED);
		person_other_card(&p);
		assert_int_equal(p.flow.failure.code, ERR_CARD_CHANGED);
		assert_int_equal(p.flow.pin_use, cases[i].said);
		person_end(&p);
	}
}

/* After a first answer that did not come the number of tries is not known any more. */
static void unsettled_try_makes_the_tries_unknown(void **state)
{
	struct person p;

	(void)state;
	person_begin(&p, NULL);
	person_signs(&p);
	person_gets(&p, JOB_SIGN, ERR_DEADLINE, 0);
	assert_int_equal(flow_certificate(&p.flow)->pin.tries, TRIES_UNKNOWN);
	assert_true(flow_last_try(&p.flow));
	person_end(&p);
}

static void report(struct person *p, struct cards *cards)
{
	struct job_result result = {.kind = JOB_CARDS, .cards = cards};

	person_event(p, (struct event){.kind = EVENT_RESULT, .result = &result});
	job_result_free(&result);
}

/* Certificates with these marks, in this order; a mark above 100 is of another person, 50 has expired. */
static void report_marks(struct person *p, const uint8_t *marks, unsigned count)
{
	struct cards *cards = must_zalloc(sizeof(*cards));

	cards->reader_count = 1;
	cards->certificate_count = count;
	for (unsigned i = 0; i < count; i++) {
		struct cards_certificate *c = &cards->certificates[i];

		memset(c->info.sha256, marks[i], sizeof(c->info.sha256));
		strcpy(c->info.tckn, marks[i] > 100 ? "10000000214" : PERSON_TCKN);
		c->usable = marks[i] == 50 ? ERR_CERTIFICATE_EXPIRED : ERR_OK;
		c->pin.tries = 3;
	}
	report(p, cards);
}

static void only_usable_certificate_is_chosen(void **state)
{
	struct person p;

	(void)state;
	person_begin(&p, NULL);
	person_walks_to(&p, SCREEN_CERTIFICATE);
	report_marks(&p, (const uint8_t[]){50, 101, 7}, 3);
	assert_int_equal(p.flow.certificate[0], 7);
	assert_int_equal(p.flow.focus, FOCUS_MAIN);
	assert_int_equal(flow_certificate_usable(&p.flow, 0), ERR_CERTIFICATE_EXPIRED);
	assert_int_equal(flow_certificate_usable(&p.flow, 1), ERR_CERTIFICATE_PERSON);
	assert_int_equal(flow_certificate_usable(&p.flow, 2), ERR_OK);
	for (unsigned i = 0; i < 2; i++) {
		person_event(&p, (struct event){.kind = EVENT_CHOOSE, .item = i});
		person_does(&p, EVENT_NEXT);
		assert_int_equal(p.flow.screen, SCREEN_CERTIFICATE);
	}
	person_end(&p);
}

static void choice_stays_while_the_list_changes(void **state)
{
	struct person p;

	(void)state;
	person_begin(&p, NULL);
	person_walks_to(&p, SCREEN_CERTIFICATE);
	report_marks(&p, (const uint8_t[]){7, 8}, 2);
	assert_null(flow_certificate(&p.flow));
	person_does(&p, EVENT_NEXT);
	assert_int_equal(flow_certificate(&p.flow)->info.sha256[0], 7);
	assert_int_equal(p.flow.screen, SCREEN_CERTIFICATE);
	person_event(&p, (struct event){.kind = EVENT_CHOOSE, .item = 1});
	report_marks(&p, (const uint8_t[]){9, 7, 8}, 3);
	assert_int_equal(flow_certificate(&p.flow)->info.sha256[0], 8);
	report_marks(&p, (const uint8_t[]){9, 7}, 2);
	assert_null(flow_certificate(&p.flow));
	person_event(&p, (struct event){.kind = EVENT_CHOOSE, .item = 2});
	assert_null(flow_certificate(&p.flow));
	person_end(&p);
}

/* Nothing chosen yet: the key for details is no dead key. */
static void details_are_of_the_first_when_none_is_chosen(void **state)
{
	static const struct {
		uint8_t marks[2], first;
	} lists[] = {{{50, 7}, 7}, {{7, 8}, 7}, {{50, 101}, 50}};
	struct person p;

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		person_begin(&p, NULL);
		person_walks_to(&p, SCREEN_CERTIFICATE);
		report_marks(&p, lists[i].marks, 2);
		person_does(&p, EVENT_DETAILS);
		assert_true(p.flow.details);
		assert_int_equal(flow_certificate(&p.flow)->info.sha256[0], lists[i].first);
		person_does(&p, EVENT_DETAILS);
		assert_false(p.flow.details);
		assert_int_equal(p.flow.screen, SCREEN_CERTIFICATE);
		person_end(&p);
	}
	person_begin(&p, NULL);
	person_walks_to(&p, SCREEN_CERTIFICATE);
	report_marks(&p, NULL, 0);
	person_does(&p, EVENT_DETAILS);
	assert_false(p.flow.details);
	person_end(&p);
}

static void time_is_armed_for_what_can_be_seen(void **state)
{
	const struct flow_settings impatient = {.idle_ms = 60000};
	struct person p;

	(void)state;
	person_begin(&p, &impatient);
	assert_true(flow_next_change(&p.flow) == INT64_MAX);
	person_types(&p, "0");
	assert_int_equal(flow_next_change(&p.flow), p.now + 60000);
	person_end(&p);
	person_begin(&p, NULL);
	person_types(&p, "0");
	assert_true(flow_next_change(&p.flow) == INT64_MAX);
	person_does(&p, EVENT_CLEAR);
	person_walks_to(&p, SCREEN_CONTRACT);
	assert_int_equal(flow_remaining(&p.flow), 300);
	assert_int_equal(flow_next_change(&p.flow), p.now + 1000);
	person_waits(&p, 1);
	assert_int_equal(flow_remaining(&p.flow), 300);
	assert_int_equal(flow_next_change(&p.flow), p.now + 999);
	person_waits(&p, 999);
	assert_int_equal(flow_remaining(&p.flow), 299);
	person_end(&p);
}

/* Time runs by the clock that nobody can set. */
static void the_wall_clock_has_no_hold_on_the_session(void **state)
{
	static const int64_t jumps[] = {10 * 365 * 86400LL, -10 * 365 * 86400LL, 86400, -3600};

	(void)state;
	for (size_t i = 0; i < sizeof(jumps) / sizeof(*jumps); i++) {
		struct person p;
		long before;

		person_begin(&p, NULL);
		person_walks_to(&p, SCREEN_PIN);
		before = flow_remaining(&p.flow);
		p.wall_jump = jumps[i];
		person_waits(&p, 1000);
		assert_int_equal(flow_remaining(&p.flow), before - 1);
		assert_int_equal(p.flow.screen, SCREEN_PIN);
		person_waits(&p, (before - 1) * 1000);
		assert_int_equal(p.flow.screen, SCREEN_EXPIRED);
		person_end(&p);
	}
}

/* What comes of a job after the time is up is told all the same. */
static void the_end_of_the_time_hides_no_failure(void **state)
{
	static const struct {
		enum err sign, submit, told;
	} cases[] = {
		{ERR_PIN_WRONG, ERR_OK, ERR_PIN_WRONG},
		{ERR_PIN_BLOCKED, ERR_OK, ERR_PIN_BLOCKED},
		{ERR_PIN_UNSETTLED, ERR_OK, ERR_PIN_UNSETTLED},
		{ERR_CARD_IO, ERR_OK, ERR_CARD_IO},
		{ERR_CARD_REMOVED, ERR_OK, ERR_OK},
		{ERR_OK, ERR_CERTIFICATE_REVOKED, ERR_CERTIFICATE_REVOKED},
		{ERR_OK, ERR_SESSION_EXPIRED, ERR_OK},
	};
	struct person p;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		person_begin(&p, NULL);
		person_signs(&p);
		person_waits(&p, PERSON_SESSION_S * 1000);
		person_gets(&p, JOB_SIGN, cases[i].sign, 2);
		if (!cases[i].sign)
			person_gets(&p, JOB_SUBMIT, cases[i].submit, TRIES_UNKNOWN);
		assert_int_equal(p.flow.screen, SCREEN_EXPIRED);
		assert_int_equal(p.flow.failure.code, cases[i].told);
		person_end(&p);
	}
}

/* That a signature was not taken is said only when the service has said so. */
static void a_missing_answer_settles_nothing(void **state)
{
	static const struct {
		enum err code;
		bool unheard;
	} cases[] = {
		{ERR_SERVICE_UNREACHABLE, true},
		{ERR_SERVICE_FAILED, true},
		{ERR_SERVICE_ANSWER, true},
		{ERR_WORKER_DIED, true},
		{ERR_CANCELLED, true},
		{ERR_CERTIFICATE_SUSPENDED, false},
		{ERR_TIMESTAMP_SERVICE, false},
		{ERR_SIGNATURE_REJECTED, false},
	};
	struct person p;

	(void)state;
	person_begin(&p, NULL);
	person_signs(&p);
	person_gets(&p, JOB_SIGN, ERR_OK, TRIES_UNKNOWN);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		person_gets(&p, JOB_SUBMIT, cases[i].code, TRIES_UNKNOWN);
		assert_int_equal(flow_signature_unheard(&p.flow), cases[i].unheard);
		person_does(&p, EVENT_RETRY);
	}
	person_end(&p);
}

/* Sending the same signature again is offered only where that can help. */
static void a_refused_signature_is_not_sent_again(void **state)
{
	static const struct {
		enum err code;
		bool again;
	} cases[] = {
		{ERR_SERVICE_UNREACHABLE, true},
		{ERR_BUSY_SERVICE, true},
		{ERR_CERTIFICATE_STATUS, true},
		{ERR_CERTIFICATE_ISSUER, false},
		{ERR_CERTIFICATE_UNKNOWN, false},
		{ERR_CERTIFICATE_REVOKED, false},
		{ERR_CMS_TIME, false},
		{ERR_SIGNATURE_REJECTED, false},
		{ERR_SESSION_SIGNED, false},
	};
	struct person p;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		person_begin(&p, NULL);
		person_signs(&p);
		person_gets(&p, JOB_SIGN, ERR_OK, TRIES_UNKNOWN);
		person_gets(&p, JOB_SUBMIT, cases[i].code, TRIES_UNKNOWN);
		assert_int_equal(flow_may_retry(&p.flow), cases[i].again);
		person_end(&p);
	}
	/* On the card's side it leads to the PIN, and from there to another certificate. */
	person_begin(&p, NULL);
	person_signs(&p);
	person_gets(&p, JOB_SIGN, ERR_CERTIFICATE_EXPIRED, TRIES_UNKNOWN);
	assert_true(flow_may_retry(&p.flow));
	person_end(&p);
}

static void resizing_does_not_read_the_text(void **state)
{
	struct person p;

	(void)state;
	person_begin(&p, NULL);
	person_walks_to(&p, SCREEN_CONTRACT);
	person_event(&p, (struct event){.kind = EVENT_HASHED});
	person_event(&p, (struct event){.kind = EVENT_SHOWN, .offset = p.flow.content.n - 1});
	person_event(&p, (struct event){.kind = EVENT_SCROLL, .offset = SIZE_MAX});
	assert_int_equal(p.flow.top, p.flow.content.n);
	assert_false(flow_may_sign(&p.flow));
	person_event(&p, (struct event){.kind = EVENT_SHOWN, .offset = p.flow.content.n});
	assert_true(flow_may_sign(&p.flow));
	person_end(&p);
}

static void shuffled_pad_has_every_digit_once(void **state)
{
	const struct flow_settings shuffling = {.shuffle = true};
	struct person p;
	unsigned seen[10] = {0}, moved = 0;
	struct pad usual = pad_make(NULL);

	(void)state;
	person_begin(&p, &shuffling);
	person_walks_to(&p, SCREEN_PIN);
	for (unsigned place = 0; place < PAD_KEYS; place++) {
		if (place == PAD_CLEAR || place == PAD_BACK)
			continue;
		seen[p.flow.pad.digit[place]]++;
		moved += p.flow.pad.digit[place] != usual.digit[place];
	}
	for (int i = 0; i < 10; i++)
		assert_int_equal(seen[i], 1);
	assert_true(moved > 0);
	person_end(&p);
}

static void help_covers_what_is_below(void **state)
{
	struct person p;

	(void)state;
	person_begin(&p, NULL);
	person_does(&p, EVENT_HELP);
	person_types(&p, "1");
	assert_int_equal(p.flow.code.n, 0);
	person_does(&p, EVENT_BACK);
	assert_false(p.flow.help);
	person_types(&p, "1");
	assert_int_equal(p.flow.code.n, 1);
	person_does(&p, EVENT_LANGUAGE);
	assert_int_equal(p.flow.language, LANGUAGE_EN);
	assert_int_equal(p.flow.code.n, 1);
	person_end(&p);
}

static void saving_takes_a_free_name(void **state)
{
	struct person p;

	(void)state;
	person_begin(&p, NULL);
	person_walks_to(&p, SCREEN_RESULT);
	person_does(&p, EVENT_SAVE);
	person_event(&p, (struct event){.kind = EVENT_PROPOSED, .path = "/a/b.p7s"});
	assert_string_equal(p.flow.path, "/a/b.p7s");
	person_does(&p, EVENT_NEXT);
	person_event(&p, (struct event){.kind = EVENT_SAVED,
				 .error = {.code = ERR_FILE_EXISTS},
				 .path = "/a/b-2.p7s"});
	assert_int_equal(p.flow.screen, SCREEN_SAVE);
	assert_string_equal(p.flow.path, "/a/b-2.p7s");
	person_event(&p, (struct event){.kind = EVENT_SAVED});
	assert_int_equal(p.flow.screen, SCREEN_RESULT);
	assert_int_equal(p.flow.notice, NOTICE_SAVED);
	person_end(&p);
}

static void kiosk_decides_where_to_save(void **state)
{
	const struct flow_settings kiosk = {.kiosk = true, .can_save = true},
				   nowhere = {.kiosk = true};
	struct person p;

	(void)state;
	person_begin(&p, &kiosk);
	person_walks_to(&p, SCREEN_RESULT);
	person_does(&p, EVENT_SAVE);
	person_event(&p, (struct event){.kind = EVENT_PROPOSED, .path = "/a"});
	person_says(&p, "/../etc");
	person_does(&p, EVENT_ERASE);
	person_does(&p, EVENT_CLEAR);
	assert_string_equal(p.flow.path, "/a");
	person_end(&p);
	person_begin(&p, &nowhere);
	person_walks_to(&p, SCREEN_RESULT);
	person_does(&p, EVENT_SAVE);
	assert_int_equal(p.flow.screen, SCREEN_RESULT);
	person_end(&p);
}

static int lock_memory(void **state)
{
	(void)state;
	return secret_init(NULL) == ERR_OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nonce_is_kept_for_the_same_code),
		cmocka_unit_test(refused_code_gives_way_to_the_next),
		cmocka_unit_test(what_is_shown_is_what_is_signed),
		cmocka_unit_test(consent_is_told_to_the_card),
		cmocka_unit_test(what_a_pause_says_of_the_pin),
		cmocka_unit_test(unsettled_try_makes_the_tries_unknown),
		cmocka_unit_test(only_usable_certificate_is_chosen),
		cmocka_unit_test(choice_stays_while_the_list_changes),
		cmocka_unit_test(details_are_of_the_first_when_none_is_chosen),
		cmocka_unit_test(time_is_armed_for_what_can_be_seen),
		cmocka_unit_test(the_wall_clock_has_no_hold_on_the_session),
		cmocka_unit_test(the_end_of_the_time_hides_no_failure),
		cmocka_unit_test(a_missing_answer_settles_nothing),
		cmocka_unit_test(a_refused_signature_is_not_sent_again),
		cmocka_unit_test(resizing_does_not_read_the_text),
		cmocka_unit_test(shuffled_pad_has_every_digit_once),
		cmocka_unit_test(help_covers_what_is_below),
		cmocka_unit_test(saving_takes_a_free_name),
		cmocka_unit_test(kiosk_decides_where_to_save),
	};

	return cmocka_run_group_tests(tests, lock_memory, NULL);
}

/* A session for unblocking: from the code to a card with a new PIN. */
#include "unit.h"

#include "person.h"

static int lock_memory(void **state)
{
	struct error e;

	(void)state;
	return secret_init(&e) == ERR_OK ? 0 : -1;
}

/* At the PUK of the right card, or as far before as screen says. */
static void begin(struct person *p, enum screen screen)
{
	person_begin(p, NULL);
	p->purpose = SERVICE_UNBLOCK;
	person_walks_to(p, screen);
	assert_int_equal(p->flow.screen, screen);
}

static void type_puk(struct person *p, const char *puk)
{
	person_types(p, puk);
	person_does(p, EVENT_NEXT);
}

/* The new PIN, once. */
static void type_pin(struct person *p, const char *pin)
{
	assert_int_equal(p->flow.screen, SCREEN_NEW_PIN);
	person_types(p, pin);
	person_does(p, EVENT_NEXT);
}

static void type_all(struct person *p)
{
	type_puk(p, PERSON_PUK);
	type_pin(p, PERSON_NEW_PIN);
	type_pin(p, PERSON_NEW_PIN);
}

static void nothing_is_kept(const struct flow *f)
{
	assert_int_equal(f->puk.n + f->pin.n + f->new_pin.n, 0);
	assert_false(f->again);
}

static void the_whole_way(void **state)
{
	struct person p;

	(void)state;
	begin(&p, SCREEN_CERTIFICATE);
	assert_true(p.flow.chosen);
	person_does(&p, EVENT_NEXT);
	assert_int_equal(p.flow.screen, SCREEN_PUK);
	type_all(&p);
	assert_int_equal(p.flow.screen, SCREEN_WORKING);
	assert_int_equal(p.effects.card.kind, JOB_UNBLOCK);
	assert_true(span_equal(secret_span(&p.effects.card.unblock.puk), span_text(PERSON_PUK)));
	assert_true(
		span_equal(secret_span(&p.effects.card.unblock.pin), span_text(PERSON_NEW_PIN)));
	assert_string_equal(p.effects.card.unblock.reader, p.reader);
	assert_int_equal(p.effects.card.unblock.certificate_sha256[31], p.certificate);
	assert_false(p.effects.card.unblock.last_try_confirmed);
	nothing_is_kept(&p.flow);
	person_gets(&p, JOB_UNBLOCK, ERR_OK, 0);
	assert_int_equal(p.flow.screen, SCREEN_WORKING);
	assert_int_equal(p.effects.network.kind, JOB_DONE);
	assert_string_equal(p.effects.network.done.session, "session");
	assert_true(span_equal(secret_span(&p.effects.network.done.token), span_text("token")));
	assert_int_equal(flow_remaining(&p.flow), -1);
	person_gets(&p, JOB_DONE, ERR_OK, 0);
	assert_int_equal(p.flow.screen, SCREEN_UNBLOCKED);
	person_does(&p, EVENT_NEXT);
	assert_int_equal(p.flow.screen, SCREEN_CODE);
	assert_int_equal(p.effects.network.kind, JOB_NONE); /* nothing is given up */
	assert_true(p.effects.what & EFFECT_QUIT);
	person_end(&p);
}

/* The card has its PIN, whether the service hears of it or not. */
static void a_service_that_does_not_hear(void **state)
{
	struct person p;

	(void)state;
	begin(&p, SCREEN_PUK);
	type_all(&p);
	person_gets(&p, JOB_UNBLOCK, ERR_OK, 0);
	person_gets(&p, JOB_DONE, ERR_SERVICE_UNREACHABLE, 0);
	assert_int_equal(p.flow.screen, SCREEN_UNBLOCKED);
	assert_int_equal(p.flow.notice, NOTICE_ERROR);
	person_waits(&p, PERSON_SESSION_S * 1000);
	assert_int_equal(p.flow.screen, SCREEN_UNBLOCKED);
	person_does(&p, EVENT_QUIT); /* and stays */
	assert_int_equal(p.flow.screen, SCREEN_LEAVE);
	person_does(&p, EVENT_BACK);
	assert_int_equal(p.flow.notice, NOTICE_ERROR);
	person_does(&p, EVENT_RETRY);
	assert_int_equal(p.effects.network.kind, JOB_DONE);
	person_does(&p, EVENT_BACK); /* given up */
	assert_true(p.effects.what & EFFECT_CANCEL);
	assert_int_equal(p.flow.error.code, ERR_CANCELLED);
	person_does(&p, EVENT_RETRY);
	person_gets(&p, JOB_DONE, ERR_OK, 0);
	assert_int_equal(p.flow.notice, NOTICE_NONE);
	person_does(&p, EVENT_RETRY);
	assert_int_equal(p.effects.network.kind, JOB_NONE);
	person_end(&p);
}

static void another_persons_card_is_none(void **state)
{
	struct person p;

	(void)state;
	begin(&p, SCREEN_CERTIFICATE);
	person_other_card(&p);
	assert_int_equal(flow_certificate_usable(&p.flow, 0), ERR_CERTIFICATE_PERSON);
	assert_true(flow_certificate_listed(&p.flow, 0));
	person_event(&p, (struct event){.kind = EVENT_CHOOSE, .item = 0});
	person_does(&p, EVENT_NEXT);
	assert_int_equal(p.flow.screen, SCREEN_CERTIFICATE);
	person_card(&p);
	person_does(&p, EVENT_NEXT);
	assert_int_equal(p.flow.screen, SCREEN_PUK);
	person_end(&p);
}

static void put(
	struct cards *cards, unsigned reader, uint8_t mark, const char *tckn, enum err usable)
{
	struct cards_certificate *c = &cards->certificates[cards->certificate_count++];

	c->reader = reader;
	memset(c->info.sha256, mark, sizeof(c->info.sha256));
	strcpy(c->info.tckn, tckn);
	c->usable = usable;
	c->has_puk = true;
	c->pin.tries = c->puk.tries = 3;
}

/* A card is shown once, by the certificate that signs; the PIN of an expired one can be set, one that nobody vouches for
 * says nothing of its holder. */
static void what_stands_for_a_card(void **state)
{
	struct job_result result = {.kind = JOB_CARDS};
	struct cards *cards = result.cards = must_zalloc(sizeof(*cards));
	struct person p;

	(void)state;
	begin(&p, SCREEN_CERTIFICATE);
	cards->reader_count = 3;
	put(cards, 0, 11, PERSON_TCKN, ERR_CERTIFICATE_EXPIRED);
	put(cards, 0, 12, PERSON_TCKN, ERR_OK);
	put(cards, 0, 13, PERSON_TCKN, ERR_OK);
	put(cards, 1, 14, PERSON_TCKN, ERR_CERTIFICATE_ISSUER);
	put(cards, 1, 15, "10000000214", ERR_OK);
	put(cards, 2, 16, "10000000214", ERR_OK);
	put(cards, 2, 17, PERSON_TCKN, ERR_CERTIFICATE_EXPIRED);
	person_event(&p, (struct event){.kind = EVENT_RESULT, .result = &result});
	job_result_free(&result);
	for (unsigned i = 0; i < 7; i++)
		assert_int_equal(flow_certificate_listed(&p.flow, i), i == 1 || i == 3 || i == 6);
	assert_int_equal(flow_certificate_usable(&p.flow, 3), ERR_CERTIFICATE_ISSUER);
	assert_int_equal(flow_certificate_usable(&p.flow, 6), ERR_OK);
	assert_false(p.flow.chosen); /* two cards */
	p.flow.cards->certificates[6].has_puk = false;
	assert_int_equal(flow_certificate_usable(&p.flow, 6), ERR_PUK_NONE);
	person_does(&p, EVENT_NEXT);
	assert_int_equal(p.flow.certificate[0], 12);
	person_end(&p);
}

static void what_is_refused_before_it_is_sent(void **state)
{
	static const struct {
		const char *first, *second;
		enum err code;
	} cases[] = {
		{"805", NULL, ERR_PIN_LENGTH},
		{"111111", NULL, ERR_PIN_EQUAL},
		{"123456", NULL, ERR_PIN_ROW},
		{"9876", NULL, ERR_PIN_ROW},
		{PERSON_NEW_PIN, "805138", ERR_PIN_DIFFERENT},
		{PERSON_NEW_PIN, "805", ERR_PIN_LENGTH},
	};
	struct person p;

	(void)state;
	begin(&p, SCREEN_PUK);
	type_puk(&p, "123");
	assert_int_equal(p.flow.screen, SCREEN_PUK);
	assert_int_equal(p.flow.error.code, ERR_PUK_LENGTH);
	person_says(&p, "x");
	assert_int_equal(p.flow.error.code, ERR_PUK_DIGITS);
	person_does(&p, EVENT_CLEAR);
	type_puk(&p, PERSON_PUK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		type_pin(&p, cases[i].first);
		if (cases[i].second)
			type_pin(&p, cases[i].second);
		assert_int_equal(p.flow.screen, SCREEN_NEW_PIN);
		assert_int_equal(p.flow.error.code, cases[i].code);
		assert_int_equal(p.flow.pin.n + p.flow.new_pin.n, 0);
		assert_int_equal(p.effects.card.kind, JOB_NONE);
	}
	type_pin(&p, PERSON_NEW_PIN);
	type_pin(&p, PERSON_NEW_PIN);
	assert_int_equal(p.effects.card.kind, JOB_UNBLOCK);
	person_end(&p);
}

static void the_puks_beginning_is_refused(void **state)
{
	struct person p;

	(void)state;
	begin(&p, SCREEN_PUK);
	type_puk(&p, "51942837");
	type_pin(&p, "519428");
	assert_int_equal(p.flow.error.code, ERR_PIN_LIKE_PUK);
	person_end(&p);
}

static void a_wrong_puk_is_asked_for_again(void **state)
{
	struct person p;

	(void)state;
	begin(&p, SCREEN_PUK);
	type_all(&p);
	person_gets(&p, JOB_UNBLOCK, ERR_PUK_WRONG, 2);
	assert_int_equal(p.flow.screen, SCREEN_PUK);
	assert_int_equal(p.flow.error.code, ERR_PUK_WRONG);
	assert_int_equal(flow_state(&p.flow)->tries, 2);
	nothing_is_kept(&p.flow);
	type_all(&p);
	assert_int_equal(p.effects.card.kind, JOB_UNBLOCK);
	person_gets(&p, JOB_UNBLOCK, ERR_PUK_WRONG, 1);
	type_all(&p);
	assert_int_equal(p.effects.card.kind, JOB_NONE);
	assert_int_equal(p.flow.screen, SCREEN_LAST_TRY);
	person_does(&p, EVENT_BACK);
	assert_int_equal(p.flow.screen, SCREEN_PUK);
	nothing_is_kept(&p.flow);
	type_all(&p);
	person_does(&p, EVENT_CONFIRM);
	assert_int_equal(p.effects.card.kind, JOB_UNBLOCK);
	assert_true(p.effects.card.unblock.last_try_confirmed);
	nothing_is_kept(&p.flow);
	person_gets(&p, JOB_UNBLOCK, ERR_PUK_BLOCKED, 0);
	assert_int_equal(p.flow.screen, SCREEN_PUK);
	assert_int_equal(flow_pin_trouble(&p.flow), ERR_PUK_BLOCKED);
	person_types(&p, PERSON_PUK);
	assert_int_equal(p.flow.puk.n, 0);
	person_does(&p, EVENT_NEXT);
	assert_int_equal(p.flow.screen, SCREEN_CERTIFICATE);
	person_does(&p, EVENT_BACK);
	person_does(&p, EVENT_NEXT);
	assert_int_equal(p.effects.network.kind, JOB_ABANDON);
	assert_int_equal(p.effects.network.abandon.reason, ERR_PUK_BLOCKED);
	person_end(&p);
}

/* A number that the card does not tell is as the last one. */
static void an_unknown_number_of_tries_wants_the_word(void **state)
{
	struct person p;

	(void)state;
	begin(&p, SCREEN_CERTIFICATE);
	p.puks = (unsigned)TRIES_UNKNOWN;
	person_card(&p);
	person_does(&p, EVENT_NEXT);
	type_all(&p);
	assert_int_equal(p.flow.screen, SCREEN_LAST_TRY);
	person_end(&p);
}

static void a_blocked_puk_gets_no_pad(void **state)
{
	struct person p;

	(void)state;
	begin(&p, SCREEN_CERTIFICATE);
	p.puks = 0;
	person_card(&p);
	person_does(&p, EVENT_NEXT);
	assert_int_equal(p.flow.screen, SCREEN_PUK);
	assert_int_equal(flow_pin_trouble(&p.flow), ERR_PUK_BLOCKED);
	person_end(&p);
}

/* Wherever the card goes, what was typed goes too; with the card back it begins with the PUK. */
static void the_card_goes_and_comes(void **state)
{
	static const enum screen places[] = {SCREEN_PUK, SCREEN_NEW_PIN, SCREEN_LAST_TRY};
	struct person p;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		begin(&p, SCREEN_CERTIFICATE);
		p.puks = 1;
		person_card(&p);
		person_walks_to(&p, places[i]);
		assert_int_equal(p.flow.screen, places[i]);
		person_types(&p, "805");
		person_no_card(&p);
		assert_int_equal(p.flow.screen, SCREEN_PAUSED);
		nothing_is_kept(&p.flow);
		person_other_card(&p);
		assert_int_equal(p.flow.screen, SCREEN_PAUSED);
		assert_int_equal(p.flow.failure.code, ERR_CARD_CHANGED);
		person_card(&p);
		assert_int_equal(p.flow.screen, SCREEN_PUK);
		person_end(&p);
	}
}

static void lost_answers_end_it(void **state)
{
	struct person p;

	(void)state;
	begin(&p, SCREEN_PUK);
	type_all(&p);
	person_gets(&p, JOB_UNBLOCK, ERR_PUK_UNSETTLED, TRIES_UNKNOWN);
	assert_int_equal(p.flow.screen, SCREEN_FAILURE);
	assert_true(flow_may_retry(&p.flow));
	person_does(&p, EVENT_RETRY);
	assert_int_equal(p.flow.screen, SCREEN_PUK);
	type_all(&p);
	assert_int_equal(p.flow.screen, SCREEN_LAST_TRY); /* nobody knows how many are left */
	person_does(&p, EVENT_CONFIRM);
	person_gets(&p, JOB_UNBLOCK, ERR_DEADLINE, TRIES_UNKNOWN);
	assert_int_equal(p.flow.screen, SCREEN_FAILURE);
	assert_false(flow_may_retry(&p.flow));
	person_end(&p);
}

static void time_and_leaving_wipe_it(void **state)
{
	struct person p;

	(void)state;
	begin(&p, SCREEN_PUK);
	type_puk(&p, PERSON_PUK);
	type_pin(&p, PERSON_NEW_PIN);
	person_types(&p, "80");
	person_does(&p, EVENT_QUIT);
	assert_int_equal(p.flow.screen, SCREEN_LEAVE);
	nothing_is_kept(&p.flow);
	person_does(&p, EVENT_BACK);
	assert_int_equal(p.flow.screen, SCREEN_PUK);
	type_puk(&p, PERSON_PUK);
	person_waits(&p, PERSON_SESSION_S * 1000);
	assert_int_equal(p.flow.screen, SCREEN_EXPIRED);
	nothing_is_kept(&p.flow);
	person_end(&p);

	begin(&p, SCREEN_CERTIFICATE);
	person_does(&p, EVENT_BACK);
	assert_int_equal(p.flow.screen, SCREEN_LEAVE);
	person_does(&p, EVENT_NEXT);
	assert_int_equal(p.effects.network.kind, JOB_ABANDON);
	assert_int_equal(p.effects.network.abandon.reason, ERR_CANCELLED);
	person_end(&p);
}

/* At a consent whose signature was refused. */
static void refused(struct person *p)
{
	person_begin(p, NULL);
	person_walks_to(p, SCREEN_PIN);
	person_types(p, PERSON_PIN);
	person_does(p, EVENT_NEXT);
	person_gets(p, JOB_SIGN, ERR_OK, TRIES_UNKNOWN);
	person_gets(p, JOB_SUBMIT, ERR_CERTIFICATE_SUSPENDED, TRIES_UNKNOWN);
	assert_int_equal(p->flow.screen, SCREEN_FAILURE);
}

static void the_service_is_told_why_a_session_ends(void **state)
{
	struct person p;

	(void)state;
	refused(&p);
	person_does(&p, EVENT_NEXT);
	assert_int_equal(p.effects.network.kind, JOB_ABANDON);
	assert_int_equal(p.effects.network.abandon.reason, ERR_CERTIFICATE_SUSPENDED);
	person_end(&p);

	refused(&p);
	person_does(&p, EVENT_QUIT);
	assert_int_equal(p.flow.screen, SCREEN_LEAVE);
	person_does(&p, EVENT_NEXT);
	assert_int_equal(p.effects.network.abandon.reason, ERR_CERTIFICATE_SUSPENDED);
	person_end(&p);
}

static void a_login_is_signed_as_a_consent(void **state)
{
	struct person p;

	(void)state;
	person_begin(&p, NULL);
	p.purpose = SERVICE_LOGIN;
	person_walks_to(&p, SCREEN_RESULT);
	assert_int_equal(p.flow.screen, SCREEN_RESULT);
	assert_int_equal(p.flow.session.purpose, SERVICE_LOGIN);
	person_end(&p);
}

static void a_purpose_that_is_not_known_begins_anew(void **state)
{
	struct person p;

	(void)state;
	person_begin(&p, NULL);
	person_types(&p, PERSON_CODE);
	person_does(&p, EVENT_NEXT);
	person_gets(&p, JOB_OPEN, ERR_PURPOSE, 0);
	assert_int_equal(p.flow.screen, SCREEN_CODE);
	assert_int_equal(p.flow.error.code, ERR_PURPOSE);
	person_types(&p, "1");
	assert_int_equal(p.flow.code.n, 1);
	person_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_way),
		cmocka_unit_test(a_service_that_does_not_hear),
		cmocka_unit_test(another_persons_card_is_none),
		cmocka_unit_test(what_stands_for_a_card),
		cmocka_unit_test(what_is_refused_before_it_is_sent),
		cmocka_unit_test(the_puks_beginning_is_refused),
		cmocka_unit_test(a_wrong_puk_is_asked_for_again),
		cmocka_unit_test(an_unknown_number_of_tries_wants_the_word),
		cmocka_unit_test(a_blocked_puk_gets_no_pad),
		cmocka_unit_test(the_card_goes_and_comes),
		cmocka_unit_test(lost_answers_end_it),
		cmocka_unit_test(time_and_leaving_wipe_it),
		cmocka_unit_test(the_service_is_told_why_a_session_ends),
		cmocka_unit_test(a_login_is_signed_as_a_consent),
		cmocka_unit_test(a_purpose_that_is_not_known_begins_anew),
	};

	return cmocka_run_group_tests(tests, lock_memory, NULL);
}

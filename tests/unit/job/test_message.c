#include "unit.h"

#include <stdlib.h>

#include "job/message.h"
#include "job/wire.h"

/* Encodes, decodes, and hands both back; every truncation of the message must be refused. */
static void round_trip_request(const struct job_request *in, struct job_request *out)
{
	struct bytes message = {0};

	message_encode_request(in, &message);
	for (size_t n = 0; n < message.n; n++) {
		struct job_request cut = {0};

		assert_false(message_decode_request(span_first(bytes_span(&message), n), &cut));
		assert_int_equal(cut.kind, JOB_NONE);
	}
	assert_true(message_decode_request(bytes_span(&message), out));
	bytes_append_byte(&message, 0);
	assert_false(message_decode_request(bytes_span(&message), &(struct job_request){0}));
	bytes_wipe(&message);
}

static void round_trip_result(const struct job_result *in, struct job_result *out)
{
	struct bytes message = {0};

	message_encode_result(in, &message);
	for (size_t n = 0; n < message.n; n++) {
		struct job_result cut = {0};

		assert_false(message_decode_result(span_first(bytes_span(&message), n), &cut));
	}
	assert_true(message_decode_result(bytes_span(&message), out));
	bytes_wipe(&message);
}

static void a_signing_request_survives(void **state)
{
	struct job_request in = {.kind = JOB_SIGN}, out = {0};
	struct job_signer *s = &in.sign.signer;

	(void)state;
	strcpy(s->reader, "Okuyucu 1");
	memset(s->certificate_sha256, 0xA5, 32);
	s->last_try_confirmed = true;
	s->signing_time = -5;
	assert_true(secret_set(&s->pin, span_text("123456")));
	bytes_append_text(&in.sign.content, "metin");
	round_trip_request(&in, &out);
	assert_int_equal(out.kind, JOB_SIGN);
	assert_string_equal(out.sign.signer.reader, "Okuyucu 1");
	assert_memory_equal(out.sign.signer.certificate_sha256, s->certificate_sha256, 32);
	assert_true(out.sign.signer.last_try_confirmed);
	assert_false(out.sign.signer.detached);
	assert_int_equal(out.sign.signer.signing_time, -5);
	assert_true(span_equal(secret_span(&out.sign.signer.pin), span_text("123456")));
	assert_true(span_equal(bytes_span(&out.sign.content), span_text("metin")));
	job_request_free(&in);
	job_request_free(&out);
}

static void the_other_requests_survive(void **state)
{
	struct job_request in = {.kind = JOB_SIGN_FILE}, out = {0};

	(void)state;
	strcpy(in.sign_file.content, "/a");
	strcpy(in.sign_file.output, "/b");
	in.sign_file.signer.detached = true;
	round_trip_request(&in, &out);
	assert_string_equal(out.sign_file.output, "/b");
	assert_true(out.sign_file.signer.detached);
	job_request_free(&out);

	in = (struct job_request){.kind = JOB_UNBLOCK, .unblock.last_try_confirmed = true};
	strcpy(in.unblock.reader, "Okuyucu 2");
	memset(in.unblock.certificate_sha256, 0x5A, 32);
	assert_true(secret_set(&in.unblock.puk, span_text("12345678")));
	assert_true(secret_set(&in.unblock.pin, span_text("805137")));
	round_trip_request(&in, &out);
	assert_string_equal(out.unblock.reader, "Okuyucu 2");
	assert_memory_equal(out.unblock.certificate_sha256, in.unblock.certificate_sha256, 32);
	assert_true(out.unblock.last_try_confirmed);
	assert_true(span_equal(secret_span(&out.unblock.puk), span_text("12345678")));
	assert_true(span_equal(secret_span(&out.unblock.pin), span_text("805137")));
	job_request_free(&in);
	job_request_free(&out);

	in = (struct job_request){.kind = JOB_OPEN};
	strcpy(in.open.nonce, "0123456789abcdef");
	assert_true(secret_set(&in.open.code, span_text("01234567890123456")));
	round_trip_request(&in, &out);
	assert_string_equal(out.open.nonce, "0123456789abcdef");
	assert_int_equal(out.open.code.n, 17);
	job_request_free(&in);
	job_request_free(&out);

	in = (struct job_request){.kind = JOB_DONE};
	strcpy(in.done.session, "s2");
	assert_true(secret_set(&in.done.token, span_text("jeton")));
	round_trip_request(&in, &out);
	assert_string_equal(out.done.session, "s2");
	assert_true(span_equal(secret_span(&out.done.token), span_text("jeton")));
	job_request_free(&in);
	job_request_free(&out);

	in = (struct job_request){.kind = JOB_ABANDON, .abandon.reason = ERR_PIN_BLOCKED};
	strcpy(in.abandon.session, "s1");
	round_trip_request(&in, &out);
	assert_int_equal(out.abandon.reason, ERR_PIN_BLOCKED);
	job_request_free(&out);
}

static void a_report_of_cards_survives(void **state)
{
	struct job_result in = {.kind = JOB_CARDS}, out = {0};
	struct cards *c = in.cards = calloc(1, sizeof(*c));

	(void)state;
	c->reading = true;
	c->reader_count = 2;
	strcpy(c->readers[1].name, "R2");
	c->readers[1].state = ERR_CARD_MUTE;
	c->readers[1].events = 7;
	c->certificate_count = 1;
	c->certificates[0].reader = 1;
	strcpy(c->certificates[0].info.holder, "AYŞE IŞIK");
	c->certificates[0].info.key = CERTIFICATE_KEY_EC;
	c->certificates[0].usable = ERR_CERTIFICATE_EXPIRED;
	c->certificates[0].pin.tries = TRIES_UNKNOWN;
	c->certificates[0].has_puk = true;
	c->certificates[0].puk.tries = 2;
	round_trip_result(&in, &out);
	assert_memory_equal(out.cards, c, sizeof(*c));
	job_result_free(&in);
	job_result_free(&out);
}

static void a_session_survives_and_a_failure_has_no_body(void **state)
{
	struct job_result in = {.kind = JOB_OPEN}, out = {0};

	(void)state;
	strcpy(in.session.id, "abc");
	in.session.purpose = SERVICE_LOGIN;
	in.session.text_count = 2;
	bytes_append_text(&in.session.texts[1], "ikinci");
	in.session.remaining_ms = 299000;
	assert_true(secret_set(&in.session.token, span_text("jeton")));
	round_trip_result(&in, &out);
	assert_int_equal(out.session.remaining_ms, 299000);
	assert_int_equal(out.session.purpose, SERVICE_LOGIN);
	assert_true(span_equal(bytes_span(&out.session.texts[1]), span_text("ikinci")));
	assert_true(span_equal(secret_span(&out.session.token), span_text("jeton")));
	job_result_free(&in);
	job_result_free(&out);

	in = (struct job_result){.kind = JOB_SIGN};
	error_set_sw(&in.error, ERR_PIN_WRONG, 0x63C2, "VERIFY");
	in.error.tries = 2;
	in.error.pin_sent = true;
	round_trip_result(&in, &out);
	assert_int_equal(out.error.code, ERR_PIN_WRONG);
	assert_int_equal(out.error.sw, 0x63C2);
	assert_int_equal(out.error.tries, 2);
	assert_true(out.error.pin_sent);
	job_result_free(&out);
}

static void hostile_counts_and_texts_are_refused(void **state)
{
	struct bytes m = {0};
	struct job_result out = {0};
	struct wire_in in;
	char small[4];

	(void)state;
	wire_put_text(&m, "abcd");
	in = (struct wire_in){.rest = bytes_span(&m)};
	wire_take_text(&in, small, sizeof(small));
	assert_true(in.bad);
	bytes_clear(&m);
	wire_put_u32(&m, 0xFFFFFFFF);
	in = (struct wire_in){.rest = bytes_span(&m)};
	assert_int_equal(wire_take_bytes(&in).n, 0);
	assert_true(in.bad);
	bytes_clear(&m);
	wire_put_u32(&m, 99);
	assert_false(message_decode_result(bytes_span(&m), &out));
	bytes_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signing_request_survives),
		cmocka_unit_test(the_other_requests_survive),
		cmocka_unit_test(a_report_of_cards_survives),
		cmocka_unit_test(a_session_survives_and_a_failure_has_no_body),
		cmocka_unit_test(hostile_counts_and_texts_are_refused),
	};

	if (secret_init(NULL))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

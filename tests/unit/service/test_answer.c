#include "unit.h"

#include "service/address.h"
#include "service/answer.h"

#include <stdio.h>

#define MEMBERS(texts, expires)                                                                    \
	"\"id\":\"0AF\",\"token\":\"tok_EN-1\",\"person\":\"AYŞE\",\"tckn\":\"10000000146\","     \
	"\"texts\":" texts ",\"created\":1000,\"expires\":" expires ",\"service_time\":1033"
#define SESSION(texts, expires) "{" MEMBERS(texts, expires) "}"

static enum err read_session(const char *body, struct service_session *out)
{
	return answer_session(span_text(body), out, NULL);
}

static void a_session_is_read(void **state)
{
	struct service_session s;

	(void)state;
	assert_int_equal(read_session(SESSION("[\"bir\",\"iki\\n\"]", "1300"), &s), ERR_OK);
	assert_string_equal(s.id, "0AF");
	assert_true(span_equal(secret_span(&s.token), span_text("tok_EN-1")));
	assert_string_equal(s.person, "AYŞE");
	assert_string_equal(s.tckn, "10000000146");
	assert_int_equal(s.text_count, 2);
	assert_true(span_equal(bytes_span(&s.texts[1]), span_text("iki\n")));
	assert_int_equal(s.created, 1000);
	assert_int_equal(s.service_time, 1033);
	assert_int_equal(s.remaining_ms, 267000);
	service_session_free(&s);
}

static void a_session_of_another_form_is_refused(void **state)
{
	static const char *const table[] = {
		"",
		"[]",
		"{",
		"{}",
		SESSION("[]", "1300"),
		SESSION("[\"\"]", "1300"),
		SESSION("[1]", "1300"),
		SESSION("\"a\"", "1300"),
		SESSION("[\"a\\u0000\"]", "1300"),
		SESSION("[\"a\"]", "\"1300\""),
		SESSION("[\"a\"]", "1300.0"),
		SESSION("[\"a\"]", "1032"),  /* before the service's own time */
		SESSION("[\"a\"]", "87434"), /* more than a day */
		SESSION("[\"a\"]", "9223372036854775807"),
		SESSION("[\"a\"]", "-1"),
		"{" MEMBERS("[\"a\"]", "1300") ",\"id\":\"0AF\"}", /* a name twice */
		SESSION("[\"a\"]", "1300") "x",
		SESSION("[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\","
			"\"12\",\"13\",\"14\",\"15\","
			"\"16\",\"17\"]",
			"1300"),
		"{\"id\":\"../"
		"x\",\"token\":\"t\",\"person\":\"\",\"tckn\":\"10000000146\",\"texts\":[\"a\"],"
		"\"created\":1,\"expires\":2,\"service_time\":1}",
		"{\"id\":\"1\",\"token\":\"t\\r\\nX: "
		"y\",\"person\":\"\",\"tckn\":\"10000000146\",\"texts\":[\"a\"],"
		"\"created\":1,\"expires\":2,\"service_time\":1}",
		"{\"id\":\"1\",\"token\":\"t\",\"person\":\"\",\"tckn\":\"10000000145\",\"texts\":["
		"\"a\"],"
		"\"created\":1,\"expires\":2,\"service_time\":1}",
	};
	struct service_session s;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(read_session(table[i], &s), ERR_SERVICE_ANSWER);
		assert_int_equal(s.text_count, 0);
		assert_null(s.token.at);
	}
}

#define TEXTS "[\"a\"]"
#define PURPOSE(texts, purpose) "{" MEMBERS(texts, "1300") ",\"purpose\":" purpose "}"

/* The token is in the body, and the parser quotes what it stumbles over. */
static void a_refusal_does_not_quote_the_body(void **state)
{
	struct service_session s;
	struct error e = {0};

	(void)state;
	assert_int_equal(answer_session(span_text("{\n\"token\":\"tok_EN-1\"\"x\"}"), &s, &e),
		ERR_SERVICE_ANSWER);
	assert_string_equal(e.where, "JSON:2");
	assert_int_equal(
		answer_session(span_text("{\"token\":tok_EN-1}"), &s, &e), ERR_SERVICE_ANSWER);
	assert_string_equal(e.where, "JSON:1");
}

/* Small to send, large to keep. */
static void many_values_are_refused(void **state)
{
	struct bytes body = {0};
	struct service_session s;

	(void)state;
	bytes_append_text(&body, "{" MEMBERS("[\"a\"]", "1300") ",\"more\":[[]");
	for (int i = 0; i < 2000; i++)
		bytes_append_text(&body, ",[]");
	bytes_append_text(&body, "]}");
	assert_int_equal(answer_session(bytes_span(&body), &s, NULL), ERR_SERVICE_ANSWER);
	bytes_free(&body);
}

static void what_a_session_is_for(void **state)
{
	static const struct {
		const char *body;
		enum err code;
		enum service_purpose purpose;
	} table[] = {
		{SESSION(TEXTS, "1300"), ERR_OK, SERVICE_CONSENT},
		{PURPOSE(TEXTS, "\"consent\""), ERR_OK, SERVICE_CONSENT},
		{PURPOSE(TEXTS, "\"login\""), ERR_OK, SERVICE_LOGIN},
		{PURPOSE("[]", "\"unblock\""), ERR_OK, SERVICE_UNBLOCK},
		{PURPOSE(TEXTS, "\"unblock\""), ERR_SERVICE_ANSWER, 0},
		{PURPOSE("[]", "\"login\""), ERR_SERVICE_ANSWER, 0},
		{PURPOSE(TEXTS, "null"), ERR_SERVICE_ANSWER, 0},
		{PURPOSE(TEXTS, "1"), ERR_SERVICE_ANSWER, 0},
		{PURPOSE(TEXTS, "\"sell\""), ERR_PURPOSE, 0},
		{PURPOSE(TEXTS, "\"\""), ERR_PURPOSE, 0},
		{"{\"id\":\"1\",\"token\":\"t\",\"person\":\"\",\"tckn\":\"10000000146\","
		 "\"purpose\":\"unblock\",\"created\":1,\"expires\":2,\"service_time\":1}",
			ERR_OK, SERVICE_UNBLOCK},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct service_session s;

		assert_int_equal(read_session(table[i].body, &s), table[i].code);
		assert_int_equal(s.purpose, table[i].purpose);
		assert_int_equal(s.token.n > 0, table[i].code != ERR_SERVICE_ANSWER);
		service_session_free(&s);
	}
}

static void texts_have_a_limit_together(void **state)
{
	struct bytes body = {0};
	struct service_session s;

	(void)state;
	bytes_append_text(&body, "{\"id\":\"1\",\"token\":\"t\",\"person\":\"\",\"tckn\":"
				 "\"10000000146\",\"created\":1,"
				 "\"expires\":2,\"service_time\":1,\"texts\":[\"b\",\"");
	for (size_t i = 0; i < ANSWER_TEXTS_MAX; i++)
		bytes_append_byte(&body, 'a');
	bytes_append_text(&body, "\"]}");
	assert_int_equal(answer_session(bytes_span(&body), &s, NULL), ERR_SERVICE_ANSWER);
	bytes_free(&body);
}

static void receipts_and_health_are_read(void **state)
{
	char receipt[SERVICE_ID_MAX], version[SERVICE_VERSION_MAX];
	int64_t t;

	(void)state;
	assert_int_equal(answer_receipt(span_text("{\"receipt\":\"R-1\",\"accepted_at\":5}"),
				 receipt, &t, NULL),
		ERR_OK);
	assert_string_equal(receipt, "R-1");
	assert_int_equal(t, 5);
	assert_int_equal(answer_receipt(span_text("{\"receipt\":\"R 1\",\"accepted_at\":5}"),
				 receipt, &t, NULL),
		ERR_SERVICE_ANSWER);
	assert_int_equal(answer_receipt(span_text("{\"receipt\":\"R-1\"}"), receipt, &t, NULL),
		ERR_SERVICE_ANSWER);
	assert_int_equal(answer_health(span_text("{\"version\":\"0.1\",\"service_time\":7}"),
				 version, &t, NULL),
		ERR_OK);
	assert_string_equal(version, "0.1");
	assert_int_equal(
		answer_health(span_text("{\"version\":1,\"service_time\":7}"), version, &t, NULL),
		ERR_SERVICE_ANSWER);
}

static void problems_are_believed_only_in_their_field(void **state)
{
	static const struct {
		const char *body;
		int http;
		enum err wanted;
	} table[] = {
		{"{\"code\":\"K-410\"}", 404, ERR_CODE_WRONG},
		{"{\"code\":\"K-412\",\"title\":\"x\"}", 409, ERR_CODE_USED},
		{"{\"code\":\"K-309\"}", 422, ERR_CERTIFICATE_PERSON},
		{"{\"code\":\"K-420\"}", 503, ERR_STORE},
		{"{\"code\":\"K-201\"}", 403,
			ERR_SERVICE_ANSWER}, /* the service can't know the PIN */
		{"{\"code\":\"K-000\"}", 200, ERR_SERVICE_ANSWER},
		{"{\"code\":\"K-499\"}", 400, ERR_SERVICE_ANSWER},
		{"{\"code\":\"K-4100000\"}", 400, ERR_SERVICE_ANSWER},
		{"{\"code\":410}", 400, ERR_SERVICE_ANSWER},
		{"<html>", 404, ERR_SERVICE_ANSWER},
		{"<html>", 502, ERR_SERVICE_FAILED},
		{"", 500, ERR_SERVICE_FAILED},
		{"", 302, ERR_SERVICE_ANSWER},
	};
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(answer_problem(span_text(table[i].body), table[i].http, &e),
			table[i].wanted);
		assert_int_equal(e.http, table[i].http);
	}
}

static void addresses_are_https_or_this_machine(void **state)
{
	static const struct {
		const char *url, *base;
		bool plain;
	} table[] = {
		{"https://portal.example", "https://portal.example", false},
		{"https://portal.example:8443/eonay/", "https://portal.example:8443/eonay", false},
		{"HTTPS://portal.example/", "https://portal.example", false},
		{"http://127.0.0.1:8080", "http://127.0.0.1:8080", true},
		{"http://127.8.8.8", "http://127.8.8.8", true},
		{"http://[::1]:80/", "http://[::1]:80", true},
		{"http://portal.example", NULL, false},
		{"http://localhost", NULL, false},
		{"http://128.0.0.1", NULL, false},
		{"http://127.0.0.1.example.org", NULL, false},
		{"http://127.0.0.1@evil.example", NULL, false},
		{"http://[::2]", NULL, false},
		{"https://user:secret@portal.example", NULL, false},
		{"https://portal.example/?x=1", NULL, false},
		{"https://portal.example/#x", NULL, false},
		{"ftp://127.0.0.1", NULL, false},
		{"file:///etc/passwd", NULL, false},
		{"portal.example", NULL, false},
		{"", NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct bytes base = {0};
		bool plain = false;
		enum err code = address_read(table[i].url, &base, &plain, NULL);

		assert_int_equal(code, table[i].base ? ERR_OK : ERR_SERVICE_ADDRESS);
		if (table[i].base) {
			assert_string_equal(bytes_text(&base), table[i].base);
			assert_int_equal(plain, table[i].plain);
		}
		bytes_free(&base);
	}
}

static int lock_memory(void **state)
{
	(void)state;
	return secret_init(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_is_read),
		cmocka_unit_test(a_session_of_another_form_is_refused),
		cmocka_unit_test(a_refusal_does_not_quote_the_body),
		cmocka_unit_test(many_values_are_refused),
		cmocka_unit_test(what_a_session_is_for),
		cmocka_unit_test(texts_have_a_limit_together),
		cmocka_unit_test(receipts_and_health_are_read),
		cmocka_unit_test(problems_are_believed_only_in_their_field),
		cmocka_unit_test(addresses_are_https_or_this_machine),
	};

	return cmocka_run_group_tests_name("service answer", tests, lock_memory, NULL);
}

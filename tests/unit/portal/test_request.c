#include "unit.h"

#include "portal/listen.h"
#include "portal/request.h"

#include <arpa/inet.h>
#include <stdio.h>

#define NONCE "nonce-0123456789"

static enum err read_open(const char *body, struct request_open *out)
{
	return request_read_open(span_text(body), out, NULL);
}

static void an_opening_is_read(void **state)
{
	struct request_open open;

	(void)state;
	assert_int_equal(read_open("{\"code\":\"01234567890123456\",\"nonce\":\"" NONCE
				   "\",\"kiosk\":\"Şişli 1\",\"new\":1}",
				 &open),
		ERR_OK);
	assert_string_equal(open.code, "01234567890123456");
	assert_string_equal(open.nonce, NONCE);
	assert_string_equal(open.kiosk, "Şişli 1");
}

static void an_opening_tells_what_the_kiosk_knows(void **state)
{
	static const struct {
		const char *member;
		unsigned purposes;
	} table[] = {
		{"", 1u << SESSION_CONSENT | 1u << SESSION_LOGIN},
		{",\"purposes\":[]", 0},
		{",\"purposes\":[\"unblock\",\"sell\",\"unblock\"]", 1u << SESSION_UNBLOCK},
	};
	struct request_open open;
	char body[256];

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		snprintf(body, sizeof(body),
			"{\"code\":\"01234567890123456\",\"nonce\":\"" NONCE "\",\"kiosk\":\"\"%s}",
			table[i].member);
		assert_int_equal(read_open(body, &open), ERR_OK);
		assert_int_equal(open.purposes, table[i].purposes);
	}
}

static void an_opening_of_another_form_is_refused(void **state)
{
	static const struct {
		const char *body;
		enum err wanted;
	} table[] = {
		{"", ERR_REQUEST},
		{"[]", ERR_REQUEST},
		{"{\"code\":\"01234567890123456\"}", ERR_REQUEST},
		{"{\"code\":1234,\"nonce\":\"" NONCE "\",\"kiosk\":\"\"}", ERR_REQUEST},
		{"{\"code\":\"1234\",\"nonce\":\"" NONCE "\",\"kiosk\":\"\"}", ERR_CODE_FORMAT},
		{"{\"code\":\"0123456789012345a\",\"nonce\":\"" NONCE "\",\"kiosk\":\"\"}",
			ERR_CODE_FORMAT},
		{"{\"code\":\"01234567890123456\",\"nonce\":\"short\",\"kiosk\":\"\"}",
			ERR_REQUEST},
		{"{\"code\":\"01234567890123456\",\"nonce\":\"nonce 0123456789\",\"kiosk\":\"\"}",
			ERR_REQUEST},
		{"{\"code\":\"01234567890123456\",\"nonce\":\"" NONCE
		 "\",\"kiosk\":\"a\\u001b[2J\"}",
			ERR_REQUEST},
		{"{\"code\":\"01234567890123456\",\"nonce\":\"" NONCE
		 "\",\"kiosk\":\"a\\nDurum: signed\"}",
			ERR_REQUEST},
		{"{\"code\":\"01234567890123456\",\"nonce\":\"" NONCE "\",\"kiosk\":\"a\\u0000b\"}",
			ERR_REQUEST},
		{"{\"code\":\"01234567890123456\",\"code\":\"01234567890123457\",\"nonce\":\"" NONCE
		 "\",\"kiosk\":\"\"}",
			ERR_REQUEST},
		{"{\"code\":\"01234567890123456\",\"nonce\":\"" NONCE
		 "\",\"kiosk\":\"\",\"purposes\":\"unblock\"}",
			ERR_REQUEST},
		{"{\"code\":\"01234567890123456\",\"nonce\":\"" NONCE
		 "\",\"kiosk\":\"\",\"purposes\":[1]}",
			ERR_REQUEST},
		{"{\"code\":\"01234567890123456\",\"nonce\":\"" NONCE "\",\"kiosk\":\"\"} {}",
			ERR_REQUEST},
	};
	struct request_open open;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		assert_int_equal(read_open(table[i].body, &open), table[i].wanted);
}

static void a_failure_to_read_does_not_quote_the_code(void **state)
{
	static const char body[] = "{\"code\":\"01234567890123456\" oops";
	struct request_open open;
	struct error e;

	(void)state;
	assert_int_equal(request_read_open(span_text(body), &open, &e), ERR_REQUEST);
	assert_null(strstr(e.where, "0123456"));
}

static void the_reason_of_giving_up_is_of_the_catalogue(void **state)
{
	char reason[8];

	(void)state;
	assert_int_equal(
		request_read_abandon(span_text("{\"reason\":\"K-006\"}"), reason, NULL), ERR_OK);
	assert_string_equal(reason, "K-006");
	assert_int_equal(request_read_abandon(span_text("{\"reason\":\"K-999\"}"), reason, NULL),
		ERR_REQUEST);
	assert_int_equal(
		request_read_abandon(span_text("{\"reason\":\"K-0066666\"}"), reason, NULL),
		ERR_REQUEST);
	assert_int_equal(request_read_abandon(span_text("{}"), reason, NULL), ERR_REQUEST);
	assert_int_equal(request_read_done(span_text("{\"result\":\"unblocked\"}"), NULL), ERR_OK);
	assert_int_equal(
		request_read_done(span_text("{\"result\":\"signed\"}"), NULL), ERR_REQUEST);
	assert_int_equal(request_read_done(span_text("{}"), NULL), ERR_REQUEST);
	assert_int_equal(request_read_done(span_text("[]"), NULL), ERR_REQUEST);
}

static void tokens_are_taken_from_bearer_headers_only(void **state)
{
	(void)state;
	assert_true(span_equal(request_bearer("Bearer aB-_9"), span_text("aB-_9")));
	assert_true(span_equal(request_bearer("bearer x"), span_text("x")));
	assert_int_equal(request_bearer(NULL).n, 0);
	assert_int_equal(request_bearer("Bearer ").n, 0);
	assert_int_equal(request_bearer("Basic eA").n, 0);
	assert_int_equal(request_bearer("Bearer a b").n, 0);
	assert_int_equal(request_bearer("Bearer  a").n, 0);
}

#define ID "0123456789ABCDEF0123456789ABCDEF"

static void paths_fit_whole(void **state)
{
	char id[PORTAL_ID_DIGITS + 1] = "";

	(void)state;
	assert_true(request_path_fits("/healthz", "/healthz", id));
	assert_false(request_path_fits("/healthz/", "/healthz", id));
	assert_false(request_path_fits("/health", "/healthz", id));
	assert_true(
		request_path_fits("/v1/sessions/" ID "/signature", "/v1/sessions/*/signature", id));
	assert_string_equal(id, ID);
	assert_true(request_path_fits("/v1/sessions/" ID, "/v1/sessions/*", id));
	assert_false(request_path_fits("/v1/sessions/" ID "/x", "/v1/sessions/*", id));
	assert_false(request_path_fits("/v1/sessions/" ID "0", "/v1/sessions/*", id));
	assert_false(request_path_fits("/v1/sessions/open", "/v1/sessions/*", id));
	assert_false(request_path_fits("/v1/sessions/", "/v1/sessions/*", id));
	assert_false(request_path_fits(
		"/v1/sessions/../../../../../../../etc/passwd", "/v1/sessions/*", id));
}

static void numbers_are_digits_within_bounds(void **state)
{
	uint64_t n;

	(void)state;
	assert_true(request_number("0", 10, &n));
	assert_true(request_number("10", 10, &n));
	assert_int_equal(n, 10);
	assert_false(request_number("11", 10, &n));
	assert_false(request_number("", 10, &n));
	assert_false(request_number("-1", 10, &n));
	assert_false(request_number("+1", 10, &n));
	assert_false(request_number("1 ", 10, &n));
	assert_false(request_number("99999999999999999999999", UINT64_MAX / 16, &n));
}

static void only_loopback_goes_without_tls(void **state)
{
	static const struct {
		const char *text;
		enum err plain, tls;
		int family;
	} table[] = {
		{"127.0.0.1:8080", ERR_OK, ERR_OK, AF_INET},
		{"127.9.9.9:0", ERR_OK, ERR_OK, AF_INET},
		{"[::1]:65535", ERR_OK, ERR_OK, AF_INET6},
		{"0.0.0.0:443", ERR_LISTEN, ERR_OK, AF_INET},
		{"192.0.2.1:443", ERR_LISTEN, ERR_OK, AF_INET},
		{"[::]:443", ERR_LISTEN, ERR_OK, AF_INET6},
		{"[::ffff:127.0.0.1]:443", ERR_LISTEN, ERR_OK, AF_INET6},
		{"localhost:80", ERR_LISTEN, ERR_LISTEN, 0},
		{"127.0.0.1", ERR_LISTEN, ERR_LISTEN, 0},
		{"127.0.0.1:65536", ERR_LISTEN, ERR_LISTEN, 0},
		{"127.0.0.1:", ERR_LISTEN, ERR_LISTEN, 0},
		{"::1:80", ERR_LISTEN, ERR_LISTEN, 0},
		{"[127.0.0.1]:80", ERR_LISTEN, ERR_LISTEN, 0},
		{"[]:80", ERR_LISTEN, ERR_LISTEN, 0},
		{":80", ERR_LISTEN, ERR_LISTEN, 0},
		{"", ERR_LISTEN, ERR_LISTEN, 0},
	};
	struct sockaddr_in6 address;
	socklen_t size;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(
			listen_read(table[i].text, false, &address, &size, NULL), table[i].plain);
		assert_int_equal(
			listen_read(table[i].text, true, &address, &size, NULL), table[i].tls);
		if (!table[i].tls)
			assert_int_equal(address.sin6_family, table[i].family);
	}
}

static bool fits(const char *path, const char *pattern, const char *wanted)
{
	char name[8] = "";

	return request_path_name(path, pattern, name, sizeof(name)) && strcmp(name, wanted) == 0;
}

static void names_in_paths_are_plain(void **state)
{
	(void)state;
	assert_true(fits("/static/a.css", "/static/@", "a.css"));
	assert_true(fits("/c/0A-_1/x", "/c/@/x", "0A-_1"));
	assert_false(fits("/c/0A/y", "/c/@/x", "0A"));
	assert_false(fits("/static/", "/static/@", ""));
	assert_false(fits("/static/..", "/static/@", ".."));
	assert_false(fits("/static/.a", "/static/@", ".a"));
	assert_false(fits("/static/a/b", "/static/@", "a/b"));
	assert_false(fits("/static/a%2f", "/static/@", "a%2f"));
	assert_false(fits("/stat", "/static/@", ""));
	assert_true(fits("/static/1234567", "/static/@", "1234567"));
	assert_false(fits("/static/12345678", "/static/@", "12345678"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_opening_is_read),
		cmocka_unit_test(an_opening_tells_what_the_kiosk_knows),
		cmocka_unit_test(an_opening_of_another_form_is_refused),
		cmocka_unit_test(a_failure_to_read_does_not_quote_the_code),
		cmocka_unit_test(the_reason_of_giving_up_is_of_the_catalogue),
		cmocka_unit_test(tokens_are_taken_from_bearer_headers_only),
		cmocka_unit_test(paths_fit_whole),
		cmocka_unit_test(numbers_are_digits_within_bounds),
		cmocka_unit_test(only_loopback_goes_without_tls),
		cmocka_unit_test(names_in_paths_are_plain),
	};

	return cmocka_run_group_tests_name("portal request", tests, NULL, NULL);
}

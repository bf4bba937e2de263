/* What a failure of libcurl means; how a question is asked is seen by test_fetch and tests/system/service_hostile.sh. */
#include "unit.h"

#include "base/http_call.h"

static void failures_are_told_apart(void **state)
{
	static const struct {
		CURLcode result;
		enum err code;
	} table[] = {
		{CURLE_PEER_FAILED_VERIFICATION, ERR_SERVICE_TLS},
		{CURLE_SSL_CONNECT_ERROR, ERR_SERVICE_TLS},
		{CURLE_SSL_CERTPROBLEM, ERR_SERVICE_TLS},
		{CURLE_SSL_CIPHER, ERR_SERVICE_TLS},
		{CURLE_SSL_CACERT_BADFILE, ERR_SERVICE_TLS},
		{CURLE_SSL_ISSUER_ERROR, ERR_SERVICE_TLS},
		{CURLE_SSL_INVALIDCERTSTATUS, ERR_SERVICE_TLS},
		{CURLE_USE_SSL_FAILED, ERR_SERVICE_TLS},
		{CURLE_COULDNT_RESOLVE_HOST, ERR_SERVICE_UNREACHABLE},
		{CURLE_COULDNT_CONNECT, ERR_SERVICE_UNREACHABLE},
		{CURLE_OPERATION_TIMEDOUT, ERR_SERVICE_UNREACHABLE},
		{CURLE_SEND_ERROR, ERR_SERVICE_UNREACHABLE},
		{CURLE_RECV_ERROR, ERR_SERVICE_UNREACHABLE},
		{CURLE_GOT_NOTHING, ERR_SERVICE_UNREACHABLE},
		{CURLE_PARTIAL_FILE, ERR_SERVICE_UNREACHABLE},
		{CURLE_WRITE_ERROR, ERR_SERVICE_ANSWER},
		{CURLE_FILESIZE_EXCEEDED, ERR_SERVICE_ANSWER},
		{CURLE_UNSUPPORTED_PROTOCOL, ERR_SERVICE_ANSWER},
	};
	const struct http_call call = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct error e = {0};

		assert_int_equal(
			http_call_failed(&call, "https://a", table[i].result, &e), table[i].code);
		assert_int_equal(e.code, table[i].code);
	}
}

/* libcurl's words for this very call, or those for all of the kind. */
static void the_place_tells_more(void **state)
{
	struct http_call call = {0};
	struct error e = {0};

	(void)state;
	http_call_failed(&call, "https://a", CURLE_GOT_NOTHING, &e);
	assert_non_null(strstr(e.where, "https://a: "));
	assert_non_null(strstr(e.where, curl_easy_strerror(CURLE_GOT_NOTHING)));
	assert_non_null(strstr(e.where, " (curl 52)"));
	strcpy(call.cause, "certificate has expired");
	http_call_failed(&call, "https://a", CURLE_PEER_FAILED_VERIFICATION, &e);
	assert_string_equal(e.where, "https://a: certificate has expired (curl 60)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_are_told_apart),
		cmocka_unit_test(the_place_tells_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

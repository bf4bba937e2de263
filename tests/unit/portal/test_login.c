#include "unit.h"

#include "portal/login/authorization.h"
#include "portal/login/id_token.h"
#include "portal/login/provider.h"

#include <stdio.h>

#define NOW INT64_C(1700000000)
#define ISSUER "https://op.example"

static const struct id_token_rules rules = {
	.issuer = ISSUER,
	.client_id = "eonay",
	.nonce = "n-0S6_WzA2Mj",
	.now = NOW,
	.tolerance_s = 30,
	.tckn_claim = "tckn",
	.name_claim = "name",
	.role_claim = "roles",
	.operator_role = "gorevli",
};

/* The claims of a good token. A row of a table replaces some of them, or all when it begins with "{". */
static const struct {
	const char *name, *value;
} good[] = {
	{"iss", "\"" ISSUER "\""},
	{"sub", "\"248289761001\""},
	{"aud", "\"eonay\""},
	{"nonce", "\"n-0S6_WzA2Mj\""},
	{"exp", "1700000300"},
	{"iat", "1700000000"},
	{"tckn", "\"10000000146\""},
	{"name", "\"Işıl Çağrı Yeşildağ\""},
};

/* claims: the good ones, the one named replaced (NULL: left out). */
static enum err check(const char *name, const char *value, struct identity *out, struct error *e)
{
	struct bytes claims = {0};
	enum err code;

	bytes_append_text(&claims, "{\"a\":1");
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		if (strcmp(good[i].name, name) != 0)
			bytes_append_format(&claims, ",\"%s\":%s", good[i].name, good[i].value);
	}
	if (value)
		bytes_append_format(&claims, ",\"%s\":%s", name, value);
	bytes_append_text(&claims, "}");
	code = id_token_check(bytes_span(&claims), &rules, out, e);
	bytes_free(&claims);
	return code;
}

static void a_good_token_tells_the_person(void **state)
{
	struct identity who;

	(void)state;
	assert_int_equal(check("", NULL, &who, NULL), ERR_OK);
	assert_string_equal(who.tckn, "10000000146");
	assert_string_equal(who.name, "Işıl Çağrı Yeşildağ");
	assert_false(who.operator);
}

static void claims_are_judged(void **state)
{
	static const struct {
		const char *name, *value;
		enum err code;
	} table[] = {
		{"iss", NULL, ERR_LOGIN_TOKEN},
		{"iss", "\"" ISSUER "/\"", ERR_LOGIN_TOKEN},
		{"iss", "\"https://evil.example\"", ERR_LOGIN_TOKEN},
		{"iss", "[\"" ISSUER "\"]", ERR_LOGIN_TOKEN},
		{"sub", NULL, ERR_LOGIN_TOKEN},
		{"sub", "\"\"", ERR_LOGIN_TOKEN},
		{"sub", "7", ERR_LOGIN_TOKEN},
		{"aud", NULL, ERR_LOGIN_TOKEN},
		{"aud", "\"other\"", ERR_LOGIN_TOKEN},
		{"aud", "[\"eonay\"]", ERR_OK},
		{"aud", "[\"eonay\",\"other\"]", ERR_LOGIN_TOKEN},
		{"aud", "[]", ERR_LOGIN_TOKEN},
		{"aud", "{\"eonay\":1}", ERR_LOGIN_TOKEN},
		{"azp", "\"eonay\"", ERR_OK},
		{"azp", "\"other\"", ERR_LOGIN_TOKEN},
		{"azp", "7", ERR_LOGIN_TOKEN},
		{"nonce", NULL, ERR_LOGIN_TOKEN},
		{"nonce", "\"\"", ERR_LOGIN_TOKEN},
		{"nonce", "\"n-0S6_WzA2Mk\"", ERR_LOGIN_TOKEN},
		{"nonce", "\"n-0S6_WzA2Mj \"", ERR_LOGIN_TOKEN},
		{"exp", NULL, ERR_LOGIN_TOKEN},
		{"exp", "1699999970", ERR_LOGIN_TOKEN},
		{"exp", "1699999971", ERR_OK},
		{"exp", "1700000300.5", ERR_OK},
		{"exp", "\"1700000300\"", ERR_LOGIN_TOKEN},
		{"exp", "-1", ERR_LOGIN_TOKEN},
		{"exp", "1e300", ERR_LOGIN_TOKEN},
		{"iat", NULL, ERR_LOGIN_TOKEN},
		{"iat", "1700000030", ERR_OK},
		{"iat", "1700000031", ERR_LOGIN_TOKEN},
		{"iat", "1699999370", ERR_OK},
		{"iat", "1699999369", ERR_LOGIN_TOKEN},
		{"nbf", "1700000030", ERR_OK},
		{"nbf", "1700000031", ERR_LOGIN_TOKEN},
		{"nbf", "null", ERR_LOGIN_TOKEN},
		{"tckn", NULL, ERR_LOGIN_PERSON},
		{"tckn", "10000000146", ERR_LOGIN_PERSON},
		{"tckn", "\"10000000147\"", ERR_LOGIN_PERSON},
		{"tckn", "\"100000001460\"", ERR_LOGIN_PERSON},
		{"tckn", "\"10000000146\\u0000\"", ERR_LOGIN_TOKEN},
		{"name", NULL, ERR_OK},
	};
	struct identity who;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		assert_int_equal(check(table[i].name, table[i].value, &who, NULL), table[i].code);
}

static void a_name_that_can_not_be_shown_is_left_out(void **state)
{
	static const char *const names[] = {
		"null", "\"a\\u202eb\"", "\"a\\u001b[2J\"", "\"a\\nb\""};
	struct identity who;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_int_equal(check("name", names[i], &who, NULL), ERR_OK);
		assert_string_equal(who.name, "");
	}
}

static void a_role_makes_an_operator(void **state)
{
	static const struct {
		const char *roles;
		bool operator;
	} table[] = {
		{"\"gorevli\"", true},
		{"[\"a\",\"gorevli\"]", true},
		{"\"gorevli2\"", false},
		{"[]", false},
		{"true", false},
		{"{\"gorevli\":true}", false},
	};
	struct identity who;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(check("roles", table[i].roles, &who, NULL), ERR_OK);
		assert_int_equal(who.operator, table[i].operator);
	}
}

static void a_failure_does_not_quote_the_token(void **state)
{
	struct identity who;
	struct error e = {0};

	(void)state;
	assert_int_equal(id_token_check(span_text("{\"tckn\":\"10000000146\" x"), &rules, &who, &e),
		ERR_LOGIN_TOKEN);
	assert_null(strstr(e.where, "1000"));
	assert_int_equal(check("tckn", "\"10000000147\"", &who, &e), ERR_LOGIN_PERSON);
	assert_null(strstr(e.where, "1000"));
}

/* RFC 7636, appendix B. */
static void the_challenge_is_the_standards(void **state)
{
	char challenge[RANDOM_TEXT_SIZE];

	(void)state;
	assert_int_equal(pkce_challenge(span_text("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
				 challenge, NULL),
		ERR_OK);
	assert_string_equal(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

static void random_texts_are_verifiers(void **state)
{
	char one[RANDOM_TEXT_SIZE], other[RANDOM_TEXT_SIZE];

	(void)state;
	assert_int_equal(random_text(one, NULL), ERR_OK);
	assert_int_equal(random_text(other, NULL), ERR_OK);
	assert_string_not_equal(one, other);
	assert_true(pkce_verifier_is_wellformed(span_text(one)));
	assert_false(pkce_verifier_is_wellformed(span_text(one + 1)));
	assert_false(pkce_verifier_is_wellformed(
		span_text("dBjftJeZ4CVP+mB92K27uhbUJU1p1r_wW1gFWFOEjXk")));
}

static void the_address_carries_what_the_standard_asks_for(void **state)
{
	struct authorization a = {
		.endpoint = "https://op.example/auth",
		.client_id = "e onay",
		.redirect_uri = "https://x.example/giris/donus",
		.scope = "openid profile",
		.state = "s&t",
		.nonce = "n=1",
		.challenge = "c",
		.language = "",
	};
	struct bytes url = {0};

	(void)state;
	authorization_url(&a, &url);
	assert_string_equal(bytes_text(&url),
		"https://op.example/auth?response_type=code&client_id=e%20onay"
		"&redirect_uri=https%3A%2F%2Fx.example%2Fgiris%2Fdonus&scope=openid%20profile&"
		"state=s%26t"
		"&nonce=n%3D1&code_challenge=c&code_challenge_method=S256");
	bytes_clear(&url);
	a.endpoint = "https://op.example/auth?realm=1";
	a.language = "tr";
	authorization_url(&a, &url);
	assert_non_null(strstr(bytes_text(&url), "auth?realm=1&response_type=code&"));
	assert_non_null(strstr(bytes_text(&url), "&ui_locales=tr"));
	bytes_free(&url);
}

static void the_way_back_is_judged(void **state)
{
	static const struct {
		struct callback back;
		bool iss_expected;
		enum err code;
	} table[] = {
		{{.code = "abc"}, false, ERR_OK},
		{{.code = "abc", .iss = ISSUER}, true, ERR_OK},
		{{.code = "abc", .iss = ISSUER}, false, ERR_OK},
		{{.code = "abc"}, true, ERR_LOGIN_STATE},
		{{.code = "abc", .iss = "https://evil.example"}, false, ERR_LOGIN_STATE},
		{{.error = "access_denied", .iss = "https://evil.example"}, false, ERR_LOGIN_STATE},
		{{.error = "access_denied"}, false, ERR_LOGIN_REFUSED},
		{{.error = "access_denied", .code = "abc"}, false, ERR_LOGIN_REFUSED},
		{{.code = ""}, false, ERR_LOGIN_ANSWER},
		{{.code = "a\nb"}, false, ERR_LOGIN_ANSWER},
		{{.code = "ç"}, false, ERR_LOGIN_ANSWER},
		{{0}, false, ERR_LOGIN_ANSWER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		assert_int_equal(
			callback_judge(&table[i].back, ISSUER, table[i].iss_expected, NULL),
			table[i].code);
}

static void addresses_are_https_or_of_this_machine(void **state)
{
	static const char *const fine[] = {"https://a", "https://a.example:8443/x?y=1",
		"HTTPS://a/", "http://127.0.0.1:8080/x", "http://[::1]:1/x"};
	static const char *const bad[] = {"", "https://", "https:///x", "http://a.example/",
		"http://localhost/", "http://127.0.0.1.evil/", "http://localhost.evil/",
		"http://127.0.0.1@evil/", "https://user@a/", "ftp://a", "javascript:alert(1)",
		"//a", "/x", "https://a/\nb", "https://a/ b", "https://a/#x", "https://a\\b",
		"https://a/\"", "https://a;b", "https://a,b", "https://:1/", "https://ç/"};

	(void)state;
	for (size_t i = 0; i < sizeof(fine) / sizeof(*fine); i++)
		assert_true(provider_url_is_good(fine[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(provider_url_is_good(bad[i]));
}

#define ENDPOINTS                                                                                  \
	"\"authorization_endpoint\":\"https://op.example/a\",\"token_endpoint\":\"https://"        \
	"op.example/t\","                                                                          \
	"\"jwks_uri\":\"https://op.example/j\""
#define DOCUMENT "{\"issuer\":\"" ISSUER "\"," ENDPOINTS

static void a_document_of_discovery_is_read(void **state)
{
	struct provider_document d;

	(void)state;
	assert_int_equal(provider_read_document(span_text(DOCUMENT "}"), ISSUER, &d, NULL), ERR_OK);
	assert_string_equal(d.authorization_endpoint, "https://op.example/a");
	assert_string_equal(d.token_endpoint, "https://op.example/t");
	assert_string_equal(d.jwks_uri, "https://op.example/j");
	assert_false(d.iss_in_callback);
	assert_int_equal(
		provider_read_document(
			span_text(DOCUMENT
				",\"authorization_response_iss_parameter_supported\":true}"),
			ISSUER, &d, NULL),
		ERR_OK);
	assert_true(d.iss_in_callback);
}

static void a_provider_that_can_not_do_it_is_refused(void **state)
{
	static const char *const table[] = {
		"",
		"[]",
		"{" ENDPOINTS "}",
		"{\"issuer\":\"https://op.example/\"," ENDPOINTS "}",
		"{\"issuer\":\"" ISSUER "\"}",
		DOCUMENT ",\"jwks_uri\":\"https://op.example/k\"}",
		DOCUMENT ",\"response_types_supported\":[\"id_token\"]}",
		DOCUMENT ",\"code_challenge_methods_supported\":[\"plain\"]}",
		DOCUMENT ",\"token_endpoint_auth_methods_supported\":[\"private_key_jwt\"]}",
		DOCUMENT ",\"id_token_signing_alg_values_supported\":[\"HS256\",\"none\"]}",
		"{\"issuer\":\"" ISSUER
		"\",\"authorization_endpoint\":\"http://op.example/a\",\"token_endpoint\":"
		"\"https://op.example/t\",\"jwks_uri\":\"https://op.example/j\"}",
	};
	struct provider_document d;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		assert_int_equal(provider_read_document(span_text(table[i]), ISSUER, &d, NULL),
			ERR_LOGIN_ANSWER);
}

static void the_document_has_its_place(void **state)
{
	static const char *const issuers[] = {"https://op.example/x", "https://op.example/x/"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bytes url = {0};

		provider_discovery_url(issuers[i], &url);
		assert_string_equal(
			bytes_text(&url), "https://op.example/x/.well-known/openid-configuration");
		bytes_free(&url);
	}
}

static void a_token_response_is_read(void **state)
{
	static const char *const bad[] = {"", "{}",
		"{\"token_type\":\"Bearer\",\"access_token\":\"a\"}",
		"{\"token_type\":\"mac\",\"access_token\":\"a\",\"id_token\":\"b\"}",
		"{\"token_type\":\"Bearer\",\"id_token\":\"b\"}",
		"{\"token_type\":\"Bearer\",\"access_token\":\"a\",\"id_token\":7}"};
	struct bytes token = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(
			provider_read_token(span_text(bad[i]), &token, NULL), ERR_LOGIN_ANSWER);
	assert_int_equal(token.n, 0);
	assert_int_equal(
		provider_read_token(
			span_text("{\"token_type\":\"bearer\",\"access_token\":\"a\",\"id_token\":"
				  "\"b.c.d\",\"expires_in\":3600}"),
			&token, NULL),
		ERR_OK);
	assert_string_equal(bytes_text(&token), "b.c.d");
	bytes_free(&token);
	assert_true(provider_says_code_is_bad(span_text("{\"error\":\"invalid_grant\"}")));
	assert_false(provider_says_code_is_bad(span_text("{\"error\":\"invalid_client\"}")));
	assert_false(provider_says_code_is_bad(span_text("<html>")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_token_tells_the_person),
		cmocka_unit_test(claims_are_judged),
		cmocka_unit_test(a_name_that_can_not_be_shown_is_left_out),
		cmocka_unit_test(a_role_makes_an_operator),
		cmocka_unit_test(a_failure_does_not_quote_the_token),
		cmocka_unit_test(the_challenge_is_the_standards),
		cmocka_unit_test(random_texts_are_verifiers),
		cmocka_unit_test(the_address_carries_what_the_standard_asks_for),
		cmocka_unit_test(the_way_back_is_judged),
		cmocka_unit_test(addresses_are_https_or_of_this_machine),
		cmocka_unit_test(a_document_of_discovery_is_read),
		cmocka_unit_test(a_provider_that_can_not_do_it_is_refused),
		cmocka_unit_test(the_document_has_its_place),
		cmocka_unit_test(a_token_response_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit.h"

#include "base/base64.h"
#include "portal/login/jws.h"

/* RFC 7515 A.2 and A.3: the public keys, the payload and the signatures. */
#define RSA_N                                                                                      \
	"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt" \
	"0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSX" \
	"ndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5" \
	"IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
#define EC_X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define EC_Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define PAYLOAD                                                                                    \
	"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0" \
	"cnVlfQ"
#define RS256_SIGNATURE                                                                            \
	"cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W" \
	"2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkS" \
	"jtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnv" \
	"Wh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
#define ES256_SIGNATURE                                                                            \
	"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
#define RS256 "eyJhbGciOiJSUzI1NiJ9." PAYLOAD "." RS256_SIGNATURE
#define ES256 "eyJhbGciOiJFUzI1NiJ9." PAYLOAD "." ES256_SIGNATURE

#define RSA_KEY "\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\""
#define EC_KEY "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\""

static enum err verify(const char *set, const char *token, struct bytes *payload, struct error *e)
{
	struct jwk_set keys;
	enum err code = jwk_set_read(span_text(set), &keys, e);

	if (!code)
		code = jws_verify(span_text(token), &keys, payload, e);
	jwk_set_free(&keys);
	return code;
}

static enum err verify_with(const char *set, const char *token)
{
	struct bytes payload = {0};
	struct error e = {0};
	enum err code = verify(set, token, &payload, &e);

	assert_true(code == ERR_OK || payload.n == 0);
	bytes_free(&payload);
	return code;
}

static const char both[] = "{\"keys\":[{" RSA_KEY "},{" EC_KEY "}]}";

static void the_examples_of_the_standard_hold(void **state)
{
	static const char *const tokens[] = {RS256, ES256};
	struct bytes payload = {0}, wanted = {0};

	(void)state;
	assert_true(base64url_read(span_text(PAYLOAD), &wanted));
	for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++) {
		bytes_clear(&payload);
		assert_int_equal(verify(both, tokens[i], &payload, NULL), ERR_OK);
		assert_true(span_equal(bytes_span(&payload), bytes_span(&wanted)));
	}
	bytes_free(&payload);
	bytes_free(&wanted);
}

/* Every bit of every character, in the places where they hold one. */
static void no_altered_token_is_taken(void **state)
{
	static const char *const tokens[] = {RS256, ES256};

	(void)state;
	for (size_t t = 0; t < sizeof(tokens) / sizeof(*tokens); t++) {
		size_t n = strlen(tokens[t]);
		char *copy = strdup(tokens[t]);

		for (size_t i = 0; i < n; i += test_stride()) {
			for (unsigned bit = 0; bit < 7; bit++) {
				copy[i] = (char)(tokens[t][i] ^ (1 << bit));
				assert_int_not_equal(verify_with(both, copy), ERR_OK);
			}
			copy[i] = tokens[t][i];
		}
		for (size_t i = 0; i < n; i += test_stride()) {
			copy[n - i - 1] = '\0';
			assert_int_not_equal(verify_with(both, copy), ERR_OK);
		}
		free(copy);
	}
}

/* A token with this header over the example's payload and a signature that is not its. */
static enum err verify_header(const char *header, struct error *e)
{
	struct bytes token = {0}, payload = {0};
	enum err code;

	base64url_append(&token, span_text(header));
	bytes_append_text(&token, "." PAYLOAD "." RS256_SIGNATURE);
	code = verify(both, bytes_text(&token), &payload, e);
	bytes_free(&token);
	bytes_free(&payload);
	return code;
}

static void headers_that_ask_for_more_are_refused(void **state)
{
	static const struct {
		const char *header, *where;
		enum err code;
	} table[] = {
		{"{\"alg\":\"none\"}", "token: alg", ERR_LOGIN_TOKEN},
		{"{\"alg\":\"None\"}", "token: alg", ERR_LOGIN_TOKEN},
		{"{\"alg\":\"HS256\"}", "token: alg", ERR_LOGIN_TOKEN},
		{"{\"alg\":\"RS1\"}", "token: alg", ERR_LOGIN_TOKEN},
		{"{\"alg\":\"RS512\"}", "token: alg", ERR_LOGIN_TOKEN},
		{"{\"alg\":[\"RS256\"]}", "token: alg", ERR_LOGIN_TOKEN},
		{"{}", "token: alg", ERR_LOGIN_TOKEN},
		{"{\"alg\":\"RS256\",\"crit\":[\"exp\"],\"exp\":1}", "token: crit, cty or enc",
			ERR_LOGIN_TOKEN},
		{"{\"alg\":\"RS256\",\"crit\":[]}", "token: crit, cty or enc", ERR_LOGIN_TOKEN},
		{"{\"alg\":\"RS256\",\"enc\":\"A128GCM\"}", "token: crit, cty or enc",
			ERR_LOGIN_TOKEN},
		{"{\"alg\":\"RS256\",\"cty\":\"JWT\"}", "token: crit, cty or enc", ERR_LOGIN_TOKEN},
		{"{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}", "token: typ", ERR_LOGIN_TOKEN},
		{"{\"alg\":\"RS256\",\"typ\":1}", "token: typ", ERR_LOGIN_TOKEN},
		{"{\"alg\":\"RS256\",\"alg\":\"RS256\"}", "JSON:1", ERR_LOGIN_TOKEN},
		{"{\"alg\":\"RS256\"} ", "token: signature", ERR_LOGIN_TOKEN},
		{"{\"alg\":\"RS256\"}{}", "JSON:1", ERR_LOGIN_TOKEN},
		{"[]", "JSON:1", ERR_LOGIN_TOKEN},
		{"{\"alg\":\"PS256\"}", "token: signature", ERR_LOGIN_TOKEN},
		{"{\"alg\":\"RS256\",\"kid\":\"other\"}", "token: kid", ERR_LOGIN_KEY},
		{"{\"alg\":\"RS256\",\"kid\":1}", "token: kid", ERR_LOGIN_TOKEN},
		/* A key that the token brings along is not looked at. */
		{"{\"alg\":\"RS256\",\"jwk\":{" RSA_KEY "}}", "token: signature", ERR_LOGIN_TOKEN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct error e = {0};

		assert_int_equal(verify_header(table[i].header, &e), table[i].code);
		assert_string_equal(e.where, table[i].where);
	}
}

static void what_is_no_token_is_refused(void **state)
{
	static const char *const table[] = {"", ".", "..", "...", "a.b", "a.b.c", RS256 ".",
		"." RS256, RS256 ".AAAA", " " RS256, RS256 "\n", RS256 "=",
		"eyJhbGciOiJSUzI1NiJ9.." RS256_SIGNATURE, "eyJhbGciOiJSUzI1NiJ9." PAYLOAD ".",
		"eyJhbGciOiJFUzI1NiJ9." PAYLOAD "." RS256_SIGNATURE,
		"eyJhbGciOiJSUzI1NiJ9." PAYLOAD "." ES256_SIGNATURE,
		"eyJhbGciOiJFUzI1NiJ9." PAYLOAD ".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		assert_int_equal(verify_with(both, table[i]), ERR_LOGIN_TOKEN);
}

static void keys_that_are_not_for_us_are_passed_over(void **state)
{
	static const struct {
		const char *key;
		enum err code;
	} table[] = {
		{RSA_KEY, ERR_OK},
		{RSA_KEY ",\"use\":\"sig\",\"alg\":\"RS256\",\"key_ops\":[\"verify\"]", ERR_OK},
		{RSA_KEY ",\"new\":{\"a\":[1,2]}", ERR_OK},
		{RSA_KEY ",\"use\":\"enc\"", ERR_LOGIN_ANSWER},
		{RSA_KEY ",\"key_ops\":[\"encrypt\"]", ERR_LOGIN_ANSWER},
		{RSA_KEY ",\"d\":\"AQAB\"", ERR_LOGIN_ANSWER},
		{RSA_KEY ",\"alg\":\"RSA-OAEP-256\"", ERR_LOGIN_ANSWER},
		{RSA_KEY ",\"alg\":\"PS256\"", ERR_LOGIN_KEY},
		{RSA_KEY ",\"alg\":\"HS256\"", ERR_LOGIN_KEY},
		{RSA_KEY ",\"kid\":7", ERR_LOGIN_ANSWER},
		{EC_KEY, ERR_LOGIN_KEY},
		{"\"kty\":\"oct\",\"k\":\"" RSA_N "\"", ERR_LOGIN_ANSWER},
		{"\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQ\"", ERR_LOGIN_ANSWER},
		{"\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"Ag\"", ERR_LOGIN_ANSWER},
		{"\"kty\":\"RSA\",\"n\":\"" RSA_N "\"", ERR_LOGIN_ANSWER},
		{"\"kty\":\"RSA\",\"n\":\"" RSA_N "=\",\"e\":\"AQAB\"", ERR_LOGIN_ANSWER},
		{"\"kty\":\"RSA\",\"n\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\",\"e\":"
		 "\"AQAB\"",
			ERR_LOGIN_ANSWER},
		{"\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_Y "\",\"y\":\"" EC_X "\"",
			ERR_LOGIN_ANSWER},
		{"\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"",
			ERR_LOGIN_ANSWER},
		{"\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\"", ERR_LOGIN_ANSWER},
		{"", ERR_LOGIN_ANSWER},
	};
	char set[2048];

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		snprintf(set, sizeof(set), "{\"keys\":[1,null,{%s}]}", table[i].key);
		assert_int_equal(verify_with(set, RS256), table[i].code);
	}
}

static void without_a_kid_there_must_be_one_key(void **state)
{
	(void)state;
	assert_int_equal(
		verify_with("{\"keys\":[{" RSA_KEY ",\"kid\":\"a\"},{" RSA_KEY ",\"kid\":\"b\"}]}",
			RS256),
		ERR_LOGIN_KEY);
	assert_int_equal(
		verify_with("{\"keys\":[{" RSA_KEY ",\"kid\":\"a\"},{" EC_KEY ",\"kid\":\"b\"}]}",
			ES256),
		ERR_OK);
}

static void what_is_no_set_is_refused(void **state)
{
	static const char *const table[] = {"", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[]}",
		"{\"keys\":[[]]}", "{\"keys\":[{" RSA_KEY "}],\"keys\":[]}",
		"{\"keys\":[{" RSA_KEY ",\"e\":\"AQAB\"}]}"};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		assert_int_equal(verify_with(table[i], RS256), ERR_LOGIN_ANSWER);
}

static void more_keys_than_we_keep_do_no_harm(void **state)
{
	struct bytes set = {0};

	(void)state;
	bytes_append_text(&set, "{\"keys\":[{" RSA_KEY "}");
	for (int i = 0; i < 2 * JWK_KEYS_MAX; i++)
		bytes_append_format(&set, ",{" EC_KEY ",\"kid\":\"%d\"}", i);
	bytes_append_text(&set, "]}");
	assert_int_equal(verify_with(bytes_text(&set), RS256), ERR_OK);
	bytes_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_the_standard_hold),
		cmocka_unit_test(no_altered_token_is_taken),
		cmocka_unit_test(headers_that_ask_for_more_are_refused),
		cmocka_unit_test(what_is_no_token_is_refused),
		cmocka_unit_test(keys_that_are_not_for_us_are_passed_over),
		cmocka_unit_test(without_a_kid_there_must_be_one_key),
		cmocka_unit_test(what_is_no_set_is_refused),
		cmocka_unit_test(more_keys_than_we_keep_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit.h"

#include "portal/demo/attempts.h"
#include "portal/demo/issuer.h"
#include "portal/demo/people.h"
#include "portal/login/jws.h"
#include "portal/login/login.h"

#include <stdio.h>
#include <unistd.h>

static char directory[] = "/tmp/eonay-people.XXXXXX";

static int make_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	char path[64];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, i ? "key" : "people.conf");
		unlink(path);
	}
	return rmdir(directory);
}

static void the_file_is_made_once(void **state)
{
	static struct people first, second;
	char path[64];

	(void)state;
	snprintf(path, sizeof(path), "%s/people.conf", directory);
	assert_int_equal(people_load(path, &first, NULL), ERR_OK);
	assert_int_equal(people_load(path, &second, NULL), ERR_OK);
	assert_int_equal(first.count, 3);
	assert_memory_equal(&first, &second, sizeof(first));
	assert_string_equal(first.at[0].name, "Işıl Çağrı Yeşildağ");
	assert_false(first.at[0].operator);
	assert_true(first.at[2].operator);
	assert_ptr_equal(
		people_check(&first, "10000000146", span_text("deneme-146")), &first.at[0]);
	assert_null(people_check(&first, "10000000146", span_text("deneme-282")));
	assert_null(people_check(&first, "10000000146", span_text("")));
	assert_null(people_check(&first, "40000000464", span_text("deneme-146")));
	assert_null(people_check(&first, "", span_text("")));
}

#define SALT "AAAAAAAAAAAAAAAAAAAAAA"
#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void lines_are_judged(void **state)
{
	static const struct {
		const char *text;
		enum err code;
	} table[] = {
		{"", ERR_OK},
		{"# nobody\n\n", ERR_OK},
		{"10000000146:A:::" SALT ":" HASH, ERR_OK},
		{"10000000146:A:gorevli:hint:" SALT ":" HASH "\n", ERR_OK},
		{"10000000147:A:::" SALT ":" HASH, ERR_TCKN},
		{"10000000146:A:::" SALT, ERR_CONFIG_SYNTAX},
		{"10000000146:A:::" SALT ":" HASH ":", ERR_OK},
		{"10000000146:A:::" SALT ":" HASH ":x", ERR_CONFIG_SYNTAX},
		{"10000000146:A:::" HASH ":" HASH, ERR_CONFIG_SYNTAX},
		{"10000000146:A:::" SALT ":" SALT, ERR_CONFIG_SYNTAX},
		{"10000000146:\x1b:::" SALT ":" HASH, ERR_CONFIG_SYNTAX},
		{"100000001460:A:::" SALT ":" HASH, ERR_CONFIG_SYNTAX},
		{"x", ERR_CONFIG_SYNTAX},
	};
	static struct people p;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		assert_int_equal(people_read(span_text(table[i].text), &p, NULL), table[i].code);
}

/* Made with Python's hashlib.scrypt: N = 16384, r = 8, p = 1, as in the third vector of RFC 7914 12. */
static void the_hash_is_the_standards(void **state)
{
	static struct people p;
	static const char line[] = "10000000146:A:::U29kaXVtQ2hsb3JpZGUuLg:"
				   "yW4mhIlOoEW496uK3bXTIgJvoiHVZ7eo3xY_SZeKCgA";

	(void)state;
	assert_int_equal(people_read(span_text(line), &p, NULL), ERR_OK);
	assert_non_null(people_check(&p, "10000000146", span_text("pleaseletmein")));
	assert_null(people_check(&p, "10000000146", span_text("pleaseletmein ")));
}

static void a_token_of_ours_is_one_for_the_check(void **state)
{
	struct issuer *issuer;
	struct bytes token = {0}, payload = {0};
	struct jwk_set keys;
	json_t *claims = json_pack("{s:s}", "a", "ı"), *set;
	char path[64], *text;

	(void)state;
	snprintf(path, sizeof(path), "%s/key", directory);
	assert_int_equal(issuer_open(path, &issuer, NULL), ERR_OK);
	assert_int_equal(issuer_sign(issuer, claims, &token, NULL), ERR_OK);
	issuer_close(issuer);
	assert_int_equal(issuer_open(path, &issuer, NULL), ERR_OK);
	set = issuer_keys(issuer);
	text = json_dumps(set, 0);
	assert_int_equal(jwk_set_read(span_text(text), &keys, NULL), ERR_OK);
	assert_int_equal(jws_verify(bytes_span(&token), &keys, &payload, NULL), ERR_OK);
	assert_string_equal(bytes_text(&payload), "{\"a\":\"ı\"}");
	free(text);
	json_decref(set);
	json_decref(claims);
	jwk_set_free(&keys);
	issuer_close(issuer);
	bytes_free(&token);
	bytes_free(&payload);
}

static void an_attempt_goes_one_way(void **state)
{
	struct attempts *a = attempts_new();
	struct attempt one = {.browser = "B", .state = "s"}, found;
	const struct identity who = {.tckn = "10000000146"};
	char code[RANDOM_TEXT_SIZE], again[RANDOM_TEXT_SIZE];

	(void)state;
	assert_int_equal(attempts_add(a, &one, 100, NULL), ERR_OK);
	assert_false(attempts_find(a, one.id, "C", 100, &found));
	assert_false(attempts_find(a, one.id, "", 100, &found));
	assert_false(attempts_find(a, "", "B", 100, &found));
	assert_false(attempts_find(a, one.id, "B", 100 + ATTEMPT_S, &found));
	assert_true(attempts_find(a, one.id, "B", 99 + ATTEMPT_S, &found));
	assert_false(attempts_take(a, "", 100, &found));
	assert_int_equal(attempts_grant(a, one.id, &who, 200, code, NULL), ERR_OK);
	assert_int_equal(attempts_grant(a, one.id, &who, 200, again, NULL), ERR_LOGIN_STATE);
	assert_false(attempts_find(a, one.id, "B", 200, &found));
	assert_false(attempts_take(a, again, 200, &found));
	assert_true(attempts_take(a, code, 199 + ATTEMPT_CODE_S, &found));
	assert_string_equal(found.who.tckn, "10000000146");
	assert_false(attempts_take(a, code, 200, &found));
	attempts_free(a);
}

static void a_code_runs_out(void **state)
{
	struct attempts *a = attempts_new();
	struct attempt one = {.browser = "B"}, found;
	const struct identity who = {0};
	char code[RANDOM_TEXT_SIZE];

	(void)state;
	assert_int_equal(attempts_add(a, &one, 100, NULL), ERR_OK);
	assert_int_equal(attempts_grant(a, one.id, &who, 100, code, NULL), ERR_OK);
	assert_false(attempts_take(a, code, 100 + ATTEMPT_CODE_S, &found));
	attempts_free(a);
}

static void the_oldest_is_forgotten(void **state)
{
	struct attempts *a = attempts_new();
	struct attempt first = {.browser = "B"}, other = {.browser = "B"}, found;

	(void)state;
	assert_int_equal(attempts_add(a, &first, 100, NULL), ERR_OK);
	for (int i = 0; i < ATTEMPTS_MAX; i++)
		assert_int_equal(attempts_add(a, &other, 100, NULL), ERR_OK);
	assert_false(attempts_find(a, first.id, "B", 100, &found));
	assert_true(attempts_find(a, other.id, "B", 100, &found));
	attempts_end(a, other.id);
	assert_false(attempts_find(a, other.id, "B", 100, &found));
	attempts_free(a);
}

static void operators_are_listed(void **state)
{
	static const char list[] = " 10000000146, 20000000282\n30000000328";

	(void)state;
	assert_true(login_lists_operator(list, "10000000146"));
	assert_true(login_lists_operator(list, "20000000282"));
	assert_true(login_lists_operator(list, "30000000328"));
	assert_false(login_lists_operator(list, "40000000464"));
	assert_false(login_lists_operator(list, ""));
	assert_false(login_lists_operator("", "10000000146"));
	assert_false(login_lists_operator("100000001460", "10000000146"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_is_made_once),
		cmocka_unit_test(lines_are_judged),
		cmocka_unit_test(the_hash_is_the_standards),
		cmocka_unit_test(a_token_of_ours_is_one_for_the_check),
		cmocka_unit_test(an_attempt_goes_one_way),
		cmocka_unit_test(a_code_runs_out),
		cmocka_unit_test(the_oldest_is_forgotten),
		cmocka_unit_test(operators_are_listed),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}

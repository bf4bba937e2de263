#include "unit.h"

#include "portal/code.h"
#include "portal/key.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHIFT 7 /* 64 random bits, of which the upper 57 count */

static void every_code_has_one_value_and_the_rest_is_drawn_again(void **state)
{
	char code[PORTAL_CODE_DIGITS + 1];

	(void)state;
	assert_true(code_from_bits(0, code));
	assert_string_equal(code, "00000000000000000");
	assert_true(code_from_bits(UINT64_C(1) << SHIFT, code));
	assert_string_equal(code, "00000000000000001");
	assert_true(code_from_bits(UINT64_C(1234567890123456) << SHIFT, code));
	assert_string_equal(code, "01234567890123456");
	assert_true(code_from_bits(UINT64_C(99999999999999999) << SHIFT, code));
	assert_string_equal(code, "99999999999999999");
	assert_false(code_from_bits(UINT64_C(100000000000000000) << SHIFT, code));
	assert_false(code_from_bits(UINT64_MAX, code));
}

/* Chi-square of each of the 17 places over 20000 codes, 9 degrees of freedom: above 45 it would be
 * one in 10^6. */
static void each_place_has_all_digits_equally(void **state)
{
	static unsigned counts[PORTAL_CODE_DIGITS][10];
	const double expected = 2000;
	char code[PORTAL_CODE_DIGITS + 1];

	(void)state;
	for (int n = 0; n < 20000; n++) {
		assert_int_equal(code_generate(code, NULL), ERR_OK);
		assert_true(code_is_wellformed(span_text(code)));
		for (size_t i = 0; i < PORTAL_CODE_DIGITS; i++)
			counts[i][code[i] - '0']++;
	}
	for (size_t i = 0; i < PORTAL_CODE_DIGITS; i++) {
		double chi = 0;

		for (size_t d = 0; d < 10; d++)
			chi += (counts[i][d] - expected) * (counts[i][d] - expected) / expected;
		assert_true(chi < 45);
	}
}

static void forms_are_judged_strictly(void **state)
{
	char id[PORTAL_ID_DIGITS + 1];

	(void)state;
	assert_true(code_is_wellformed(span_text("01234567890123456")));
	assert_false(code_is_wellformed(span_text("0123456789012345")));
	assert_false(code_is_wellformed(span_text("012345678901234567")));
	assert_false(code_is_wellformed(span_text("0123456789012345a")));
	assert_false(code_is_wellformed(span_of("0123456789012345\0", 17)));
	assert_int_equal(id_generate(id, NULL), ERR_OK);
	assert_true(id_is_wellformed(span_text(id)));
	id[5] = 'a';
	assert_false(id_is_wellformed(span_text(id)));
}

static char *new_folder(void)
{
	static char folder[64];

	snprintf(folder, sizeof(folder), "/tmp/eonay-key.XXXXXX");
	assert_non_null(mkdtemp(folder));
	return folder;
}

static void a_key_is_made_once_and_kept(void **state)
{
	char path[128], *folder = new_folder();
	struct server_key first, second;
	struct stat about;
	struct error e;

	(void)state;
	snprintf(path, sizeof(path), "%s/key", folder);
	assert_int_equal(key_load(path, &first, NULL), ERR_OK);
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
	assert_int_equal(key_load(path, &second, NULL), ERR_OK);
	assert_memory_equal(&first, &second, sizeof(first));

	chmod(path, 0640);
	assert_int_equal(key_load(path, &second, &e), ERR_FILE_MODE);
	chmod(path, 0600);
	assert_int_equal(truncate(path, 31), 0);
	assert_int_equal(key_load(path, &second, &e), ERR_FILE_READ);
	unlink(path);
	rmdir(folder);
	assert_int_equal(key_load(path, &second, &e), ERR_FILE_WRITE);
}

/* Each child reports the first byte of the key it got as its status. */
static void programs_that_start_together_get_the_same_key(void **state)
{
	char path[128], *folder = new_folder();
	struct server_key key;
	pid_t children[8];
	int status;

	(void)state;
	snprintf(path, sizeof(path), "%s/key", folder);
	for (int i = 0; i < 8; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(key_load(path, &key, NULL) ? 1 : key.at[0] | 1);
	}
	for (int i = 0; i < 8; i++)
		waitpid(children[i], &status, 0), children[i] = WEXITSTATUS(status);
	assert_int_equal(key_load(path, &key, NULL), ERR_OK);
	for (int i = 0; i < 8; i++)
		assert_int_equal(children[i], key.at[0] | 1);
	unlink(path);
	assert_int_equal(rmdir(folder), 0); /* nothing else was left */
}

static void hashes_of_different_purposes_and_parts_differ(void **state)
{
	const struct server_key key = {{1}}, other = {{2}};
	const struct {
		const struct server_key *key;
		enum key_purpose purpose;
		const char *a, *b;
	} all[] = {
		{&key, KEY_CODE, "ab", "c"},
		{&key, KEY_CODE, "a", "bc"},
		{&key, KEY_CODE, "abc", ""},
		{&key, KEY_NONCE, "ab", "c"},
		{&key, KEY_TOKEN, "ab", "c"},
		{&key, KEY_TOKEN_STORED, "ab", "c"},
		{&other, KEY_CODE, "ab", "c"},
	};
	uint8_t macs[7][KEY_MAC_SIZE];

	(void)state;
	for (size_t i = 0; i < 7; i++) {
		assert_int_equal(key_mac(all[i].key, all[i].purpose, span_text(all[i].a),
					 span_text(all[i].b), macs[i], NULL),
			ERR_OK);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(macs[i], macs[j], KEY_MAC_SIZE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_one_value_and_the_rest_is_drawn_again),
		cmocka_unit_test(each_place_has_all_digits_equally),
		cmocka_unit_test(forms_are_judged_strictly),
		cmocka_unit_test(a_key_is_made_once_and_kept),
		cmocka_unit_test(programs_that_start_together_get_the_same_key),
		cmocka_unit_test(hashes_of_different_purposes_and_parts_differ),
	};

	return cmocka_run_group_tests_name("portal code", tests, NULL, NULL);
}

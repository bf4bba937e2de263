/* Profile akis1: the command edge of v1.0 as the facts have it. */
#include "talk.h"

#include <openssl/rsa.h>

#include "base/hex.h"

#define SELECT_DF "00A40400 07 504B43532D3135 00"
#define VERIFY "00200081 06 010203040506"
#define VERIFY_WRONG "00200081 06 010203040507"
#define SHA256_HEX "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"
#define DIGEST_INFO "3031300D060960864801650304020105000420" SHA256_HEX

static struct bytes answer;

static int fresh(void **state)
{
	(void)state;
	talk_open("akis1", true, true);
	return 0;
}

static int release(void **state)
{
	bytes_free(&answer);
	return talk_teardown_state(state);
}

/* The bits of FCI tag 90 in the answer to a SELECT of the DF. */
static unsigned pin_bits(void)
{
	talk_fetch(SELECT_DF, &answer);
	assert_true(answer.n > 3);
	assert_int_equal(answer.at[answer.n - 3], 0x90);
	assert_int_equal(answer.at[answer.n - 2], 0x01);
	return answer.at[answer.n - 1];
}

static void shows_danger_in_select(void **state)
{
	(void)state;
	assert_int_equal(pin_bits(), 0x16);
	talk_expect(VERIFY_WRONG, "63C2");
	assert_int_equal(pin_bits(), 0x56);
	talk_expect(VERIFY_WRONG, "63C1");
	assert_int_equal(pin_bits(), 0xD6);
	talk_expect(VERIFY, "9000");
	assert_int_equal(pin_bits(), 0x16);
}

static void blocks_with_6984(void **state)
{
	(void)state;
	talk_send(SELECT_DF);
	talk_expect("00200081 06 313233343536", "63C2"); /* ASCII is not what it wants */
	talk_expect("00200081", "63C1");
	talk_expect(VERIFY_WRONG, "63C0");
	talk_expect(VERIFY, "6984");
	talk_expect("8019053D 02 3D00", "6406");
	talk_expect("00200082 08 0102030405060708", "9000");
	talk_expect("8019053D 02 3D01", "6A82");
	talk_expect("8019053D 02 3D00", "9000");
	talk_expect(VERIFY, "9000");
}

static void changes_with_lengths_in_front(void **state)
{
	(void)state;
	talk_send(SELECT_DF);
	talk_expect("00240201 0E 06 010203040507 06 060504030201", "63C2");
	talk_expect("00240281 0E 06 010203040506 06 060504030201", "6A86");
	talk_expect("00240201 0D 06 010203040506 06 0605040302", "6700");
	talk_expect("00240201 0E 06 010203040506 06 060504030201", "9000");
	talk_expect(VERIFY, "63C2");
	talk_expect("00200081 06 060504030201", "9000");
}

static void selects_in_its_own_way(void **state)
{
	(void)state;
	talk_expect("00A40000 02 2F00 00", "6A82"); /* P1=00 finds DFs only */
	talk_expect("00A40200 02 2F00 00", "...9001169000");
	talk_expect("00A40000 02 3D00 00", "...9001169000");
	talk_expect("00A40800 06 3F003D002F10 00", "...9001169000");
	talk_expect("00A40800 02 3F00", "610F");
	talk_expect("00C00000 0F", "6F0D82013883023F008A01059001129000");
}

static void lists_the_df(void **state)
{
	(void)state;
	talk_send(SELECT_DF);
	talk_fetch("80180000 00", &answer);
	assert_int_equal(answer.n % 20, 0);
	assert_int_equal(
		answer.n / 20, 3 + 5); /* the RSA certificates; ODF, TokenInfo, PrKDF, CDF, AODF */
	assert_int_equal(answer.at[0], 0x2F);
	assert_int_equal(answer.at[1] << 8 | answer.at[2], 0x2F10);
}

static void tells_its_data(void **state)
{
	(void)state;
	talk_expect("00CA0104 0A", "000000000000A50000009000");
	talk_expect("00CA0104 0B", "6C0A");
	talk_fetch("00CA0106 4D", &answer);
	assert_int_equal(answer.n, 77);
	assert_memory_equal(answer.at + 55, talk.state.serial, 12);
	talk_expect("00CA0105 0A", "6A88");
}

static void signs_with_rsa_in_pieces(void **state)
{
	struct bytes hash = {0}, rest = {0};

	(void)state;
	talk_send(SELECT_DF);
	talk_expect("002A9E9A 33 " DIGEST_INFO "00", "6985");
	talk_expect("0022C383", "6A88"); /* the EC key is not there */
	talk_expect("0022C301", "6A88");
	talk_expect("0022C381", "9000");
	talk_expect("002A9E9A 33 " DIGEST_INFO "00", "6406");
	talk_expect(VERIFY, "9000");
	/* 256 bytes, at most 244 at a time. */
	bytes_clear(&answer);
	assert_true(hex_read(talk_send("002A9E9A 33 " DIGEST_INFO "00"), &answer));
	assert_int_equal(answer.n, 246);
	assert_int_equal(answer.at[244] << 8 | answer.at[245], 0x610C);
	answer.n = 244;
	talk_fetch("00C00000 0C", &rest);
	bytes_append(&answer, bytes_span(&rest));
	assert_int_equal(answer.n, 256);
	assert_true(hex_read(SHA256_HEX, &hash));
	assert_true(talk_signature_is(
		1, EVP_sha256(), bytes_span(&hash), bytes_span(&answer), RSA_PKCS1_PADDING));
	talk_expect("801A0000", "9000");
	talk_expect("002A9E9A 33 " DIGEST_INFO "00", "6406");
	bytes_free(&hash);
	bytes_free(&rest);
}

/* The PUK's digits are values too. A blocked PIN is set by RESET RETRY COUNTER, another by CHANGE. */
static void the_puk_sets_the_pin(void **state)
{
	(void)state;
	talk_send(SELECT_DF);
	talk_expect("002C0281 06 080005010307", "6406");
	talk_expect("00200082 08 0102030405060709", "63C2");
	talk_expect("00200082 08 0102030405060708", "9000");
	talk_expect("002C0281 06 080005010307", "6985");
	talk_expect("00240181 06 080005010307", "9000");
	talk_expect("00200081 06 080005010307", "9000");
	for (int i = 0; i < 3; i++)
		talk_send("00200081 06 010101010101");
	talk_expect("00200081 06 080005010307", "6984");
	talk_expect("00240181 06 010203040506", "6985");
	talk_expect("002C0281 06 010203040506", "9000");
	talk_expect("00200081 06 010203040506", "9000");
	talk_expect("002C0081 0E 0102030405060708010203040506", "6A86");
	for (int i = 0; i < 3; i++)
		talk_send("00200082 08 0102030405060709");
	talk_expect("00200082 08 0102030405060708", "6984");
}

static void takes_short_commands_only(void **state)
{
	(void)state;
	talk_send(SELECT_DF);
	talk_expect("00A4020C 000002 2F10", "6700");
	talk_expect("102A9E9A 01 30", "6423");
	talk_send("00A40200 02 2F10");
	talk_fetch("00B00000 00", &answer);
	assert_int_equal(answer.n, 244);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(shows_danger_in_select, fresh),
		cmocka_unit_test_setup(blocks_with_6984, fresh),
		cmocka_unit_test_setup(changes_with_lengths_in_front, fresh),
		cmocka_unit_test_setup(selects_in_its_own_way, fresh),
		cmocka_unit_test_setup(lists_the_df, fresh),
		cmocka_unit_test_setup(tells_its_data, fresh),
		cmocka_unit_test_setup(signs_with_rsa_in_pieces, fresh),
		cmocka_unit_test_setup(the_puk_sets_the_pin, fresh),
		cmocka_unit_test_setup(takes_short_commands_only, fresh),
	};

	return cmocka_run_group_tests(tests, talk_setup_state, release);
}

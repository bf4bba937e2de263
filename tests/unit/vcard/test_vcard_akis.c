/* Profile akis: the command edge of v2.2 as the facts have it. */
#include "talk.h"

#include <openssl/rsa.h>

#include "base/hex.h"

#define SELECT_DF "00A40400 07 504B43532D3135"
#define VERIFY "00200081 06 313233343536"
#define VERIFY_WRONG "00200081 06 313233343537"
#define TRIES "00CB3FFF 0A 4D08 7006 BF8101 02 A080 00"
#define SHA256_HEX "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"
#define SHA384_HEX SHA256_HEX "000102030405060708090A0B0C0D0E0F"
#define DIGEST_INFO "3031300D060960864801650304020105000420" SHA256_HEX

static struct bytes answer;

static int fresh(void **state)
{
	(void)state;
	talk_open("akis", true, false);
	return 0;
}

static int release(void **state)
{
	bytes_free(&answer);
	return talk_teardown_state(state);
}

static struct span hash_of(const char *hex, uint8_t room[64])
{
	struct bytes b = {0};
	size_t n;

	assert_true(hex_read(hex, &b));
	n = b.n;
	memcpy(room, b.at, n);
	bytes_free(&b);
	return span_of(room, n);
}

static void selects_by_name_id_and_path(void **state)
{
	(void)state;
	talk_expect(SELECT_DF "00", "6F218201388302"
				    "3D00"
				    "8407504B43532D3135"
				    "840CA000000063504B43532D3135"
				    "8A01059000");
	talk_expect("00A40000 02 3F00 00", "6F0A82013883023F008A01059000");
	talk_expect("00A40400 0C A000000063504B43532D3135", "9000");
	talk_expect("00A4020C 02 5031", "9000");
	talk_expect("00A4080C 04 3D002F10", "9000");
	talk_expect("00A4080C 06 3F003D002F10", "6A82");
	talk_expect("00A4090C 02 2F11", "9000");
	talk_expect("00A4030C", "9000");
	talk_expect("00A4000C 02 2F00", "9000");
	talk_expect("00A40404 07 504B43532D3135 00", "...8A01059000");
	talk_expect("00A4000C 02 2F12", "6A82");
	talk_expect("00A40500 02 2F12", "6A86");
	talk_expect("00A40010 02 2F10", "6A86");
}

static void reads_certificates_without_a_pin(void **state)
{
	const struct bytes *der = &talk.state.keys[0].certificate;

	(void)state;
	talk_expect(SELECT_DF, "9000");
	talk_expect("00A4020C 02 2F10", "9000");
	talk_fetch("00B00000 00", &answer);
	assert_int_equal(answer.n, 256);
	assert_memory_equal(answer.at, der->at, 256);
	/* Extended Le: all at once. */
	talk_fetch("00B00000 00 0000", &answer);
	assert_int_equal(answer.n, der->n);
	assert_memory_equal(answer.at, der->at, der->n);
}

static void read_binary_knows_the_end(void **state)
{
	(void)state;
	talk_expect("00B00000 00", "6986");
	talk_expect("00B08000 00", "6986");
	talk_expect("00A4000C 02 2F01", "9000");
	talk_expect("00B00000 02", "43019000");
	talk_expect("00B00011 02", "10009000");
	talk_expect("00B08011 02", "10009000"); /* short identifier 0: the current EF */
	talk_expect("00B00011 03", "10006282");
	talk_expect("00B00011 00", "10009000");
	talk_expect("00B00013 00", "6B00");
	talk_expect("00B07FFF 00", "6B00");
	talk_expect("00B00000", "6700");
	talk_expect("00B09E00 02", "61269000"); /* EF.DIR by its short identifier */
	talk_expect("00B08500 02", "6A82");
}

static void tells_tries_without_verify(void **state)
{
	(void)state;
	talk_expect(TRIES, "6A88"); /* PINs are the DF's */
	talk_expect(SELECT_DF, "9000");
	talk_expect(TRIES, "7013BF81010FA00D840550494E20319A01039B01039000");
	talk_expect(VERIFY_WRONG, "63C2");
	talk_expect(TRIES, "7013BF81010FA00D840550494E20319A01039B01029000");
	talk_expect(
		"00CB3FFF 0B 4D09 7007 BF8101 03 7F4180 00", "700DBF8101097F41068001088101049000");
	talk_expect("00CB3FFF 0A 4D08 7006 BF8103 02 A080 00", "6A88");
	talk_expect("00CB3FFF 0A 4D08 7006 BF9001 02 A080 00", "...9E0101800201009000");
	talk_expect("00CB3FFF 0A 4D08 7006 BF9002 02 A080 00", "6A88");
	talk_expect("00CB3FFF 09 4D08 7006 BF8101 02 A0 00", "6A80");
	talk_expect("00CB3FFF 0B 4D09 7007 BF9001 03 7F4980 00",
		"6A88"); /* a private key shows no numbers */
	talk_fetch("00CB3FFF 0B 4D09 7007 BFA003 03 7F4980 00", &answer);
	assert_int_equal(answer.n, 2 + 4 + 3 + 2 + 97);
}

static void counts_wrong_pins_and_blocks(void **state)
{
	(void)state;
	talk_expect(VERIFY, "6A88"); /* not in the MF */
	talk_expect(SELECT_DF, "9000");
	talk_expect(VERIFY_WRONG, "63C2");
	talk_expect("00200081 06 010203040506", "63C1");
	talk_expect(VERIFY, "9000");
	talk_expect(VERIFY_WRONG, "63C2");
	talk_expect("00200081 03 313233", "6700"); /* costs nothing */
	talk_expect("00200081", "63C1");           /* costs a try */
	talk_expect(VERIFY_WRONG, "63C0");
	talk_expect(VERIFY, "6983");
	talk_expect("00200083 06 313233343536", "6A88");
	talk_expect("00200181 06 313233343536", "6A86");
}

static void puk_gives_the_tries_back(void **state)
{
	(void)state;
	talk_expect(SELECT_DF, "9000");
	for (int i = 0; i < 3; i++)
		talk_send(VERIFY_WRONG);
	talk_expect(VERIFY, "6983");
	talk_expect("002C0281 06 363534333231", "6982");
	talk_expect("002C0081 0E 3132333435363739 363534333231", "63C2");
	talk_expect("002C0081 0E 3132333435363738 363534333231", "9000");
	talk_expect(VERIFY, "63C2");
	talk_expect("00200081 06 363534333231", "9000");
	talk_expect("00200082 08 3132333435363738", "9000");
	talk_expect("002C0281 06 313233343536", "9000");
	talk_expect(VERIFY, "9000");
	talk_expect("002C0381", "9000");
	talk_expect("002C0181 06 313233343536", "6A86");
}

static void changes_the_pin(void **state)
{
	(void)state;
	talk_expect(SELECT_DF, "9000");
	talk_expect("00240081 0C 313233343537 363534333231", "63C2");
	talk_expect("00240081 09 313233343536 363534", "6700");
	talk_expect("00240081 0C 313233343536 36353433323A", "6A80");
	talk_expect("00240081 0C 313233343536 363534333231", "9000");
	talk_expect(VERIFY, "63C2");
	talk_expect("00200081 06 363534333231", "9000");
}

static void wants_pin_for_each_signature(void **state)
{
	(void)state;
	talk_expect("002241B6 06 840181 800142", "6985"); /* not in the MF */
	talk_expect(SELECT_DF, "9000");
	talk_expect("002A9E9A 20 " SHA256_HEX "00", "6985"); /* no environment */
	talk_expect("002241B6 06 840181 800142", "9000");
	talk_expect("002A9E9A 20 " SHA256_HEX "00", "6982");
	talk_expect(VERIFY, "9000");
	talk_expect("002A9E9A 20 " SHA256_HEX "00", "...9000");
	talk_expect("002A9E9A 20 " SHA256_HEX "00", "6982");
	talk_expect(VERIFY, "9000");
	card_reset(&talk.card);
	talk_expect(SELECT_DF, "9000");
	talk_expect("002241B6 06 840181 800142", "9000");
	talk_expect("002A9E9A 20 " SHA256_HEX "00", "6982");
}

static void leaving_the_df_logs_out(void **state)
{
	(void)state;
	talk_expect(SELECT_DF, "9000");
	talk_expect("002241B6 06 840181 800142", "9000");
	talk_expect(VERIFY, "9000");
	talk_expect("00A4020C 02 2F10", "9000"); /* a file in it does not */
	talk_expect("002A9E9A 20 " SHA256_HEX "00", "...9000");
	talk_expect(VERIFY, "9000");
	talk_expect("00A4000C 02 3F00", "9000");
	talk_expect(SELECT_DF, "9000");
	talk_expect("002A9E9A 20 " SHA256_HEX "00", "6985");
	talk_expect("002241B6 06 840181 800142", "9000");
	talk_expect("002A9E9A 20 " SHA256_HEX "00", "6982");
}

static void sign(const char *environment, const char *data)
{
	talk_expect(environment, "9000");
	talk_expect(VERIFY, "9000");
	talk_fetch(data, &answer);
}

static void rsa_signatures_verify(void **state)
{
	uint8_t room[64];
	struct span hash = hash_of(SHA256_HEX, room);

	(void)state;
	talk_expect(SELECT_DF, "9000");
	sign("002241B6 06 840181 800102", "002A9E9A 33 " DIGEST_INFO "00");
	assert_true(
		talk_signature_is(1, EVP_sha256(), hash, bytes_span(&answer), RSA_PKCS1_PADDING));
	sign("002241B6 06 840181 800142", "002A9E9A 33 " DIGEST_INFO "00");
	assert_true(
		talk_signature_is(1, EVP_sha256(), hash, bytes_span(&answer), RSA_PKCS1_PADDING));
	sign("002241B6 06 800142 840181", "002A9E9A 20 " SHA256_HEX "00");
	assert_true(
		talk_signature_is(1, EVP_sha256(), hash, bytes_span(&answer), RSA_PKCS1_PADDING));
	sign("002241B6 06 840181 800145", "002A9E9A 20 " SHA256_HEX "00");
	assert_true(talk_signature_is(
		1, EVP_sha256(), hash, bytes_span(&answer), RSA_PKCS1_PSS_PADDING));
	sign("002241B6 06 840181 800105", "002A9E9A 20 " SHA256_HEX "00");
	assert_true(talk_signature_is(
		1, EVP_sha256(), hash, bytes_span(&answer), RSA_PKCS1_PSS_PADDING));
}

static void ecdsa_is_raw(void **state)
{
	uint8_t room[64];
	struct span hash = hash_of(SHA384_HEX, room);

	(void)state;
	talk_expect(SELECT_DF, "9000");
	sign("002241B6 06 840183 800154", "002A9E9A 30 " SHA384_HEX "00");
	assert_int_equal(answer.n, 96);
	assert_true(talk_raw_signature_is(3, hash, bytes_span(&answer)));
	sign("002241B6 06 840183 800104", "002A9E9A 30 " SHA384_HEX "00");
	assert_true(talk_raw_signature_is(3, hash, bytes_span(&answer)));
}

static void environment_is_checked(void **state)
{
	(void)state;
	talk_expect(SELECT_DF, "9000");
	talk_expect("002241B6 06 840185 800142",
		"9000"); /* an extra key answers without its certificate too */
	talk_expect("002241B6 06 840182 800142", "6A88");
	talk_expect("002241B6 06 840101 800142", "6A88"); /* not a local reference */
	talk_expect("002241B6 06 840181 800154", "6A80"); /* ECDSA with RSA */
	talk_expect("002241B6 06 840183 800142", "6A80");
	talk_expect("002241B6 06 840181 800172", "6A80");
	talk_expect("002241B6 03 840181", "6A80");
	talk_expect("002241B6 05 840181 8001", "6A80");
	talk_expect("002241A4 06 840181 800142", "6A86");
	talk_expect("002241B6 06 840181 800142", "9000");
	talk_expect(VERIFY, "9000");
	talk_expect("002A9E9A 30 " SHA384_HEX "00", "6A80");
	talk_expect(VERIFY, "9000");
	talk_expect("002A9E9B 20 " SHA256_HEX "00", "6A86");
}

static void chains_and_takes_extended_length(void **state)
{
	uint8_t room[64];
	struct span hash = hash_of(SHA256_HEX, room);

	(void)state;
	talk_expect(SELECT_DF, "9000");
	talk_expect("002241B6 06 840181 800102", "9000");
	talk_expect(VERIFY, "9000");
	talk_expect("102A9E9A 13 3031300D060960864801650304020105000420", "9000");
	talk_fetch("002A9E9A 20 " SHA256_HEX "00", &answer);
	assert_true(
		talk_signature_is(1, EVP_sha256(), hash, bytes_span(&answer), RSA_PKCS1_PADDING));
	sign("002241B6 06 840181 800102", "002A9E9A 000033 " DIGEST_INFO "0000");
	assert_int_equal(answer.n, 256);
	talk_expect("102A9E9A 01 30", "9000");
	talk_expect("00200081 06 313233343536", "6883"); /* another command in the chain */
	talk_expect(VERIFY, "9000");
}

static void answers_in_pieces(void **state)
{
	(void)state;
	talk_expect(SELECT_DF, "9000");
	talk_expect("002241B6 06 840181 800102", "9000");
	talk_expect(VERIFY, "9000");
	talk_expect("002A9E9A 33 " DIGEST_INFO "F0", "...6110");
	talk_expect("00C00000 08", "...6108");
	talk_expect("00C00000 08", "...9000");
	talk_expect("00C00000 08", "6985");
	talk_expect(VERIFY, "9000");
	talk_expect("002A9E9A 33 " DIGEST_INFO, "6100"); /* no Le: 256 bytes wait */
	talk_expect("00B00000 01", "6986");              /* another command drops them */
	talk_expect("00C00000 00", "6985");
}

static void refuses_what_is_no_command(void **state)
{
	(void)state;
	talk_expect("00A404", "6700");
	talk_expect("00A40400 05 0102", "6700");
	talk_expect("00A40400 00 0000 01", "6700");
	talk_expect("00FF0000", "6D00");
	talk_expect("80180000 00", "6E00");
	talk_expect("60A40000", "6E00");
	talk_expect("0CA40000", "6882");
	talk_expect("01A40000", "6881");
	talk_expect("00840000 08", "...9000");
}

static void carries_no_directory_when_told(void **state)
{
	(void)state;
	talk_open("akis", false, true);
	talk_expect("00A4000C 02 2F00", "6A82");
	talk_expect("00A4040C 0C A000000063504B43532D3135", "6A82");
	talk_expect("00A4040C 07 504B43532D3135", "9000");
	talk_expect("00A4020C 02 5031", "6A82");
	talk_expect("00A4020C 02 2F10", "9000");
	talk_expect("00A4020C 02 2F14", "9000");
	talk_expect("00A4020C 02 2F15", "6A82");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(selects_by_name_id_and_path, fresh),
		cmocka_unit_test_setup(reads_certificates_without_a_pin, fresh),
		cmocka_unit_test_setup(read_binary_knows_the_end, fresh),
		cmocka_unit_test_setup(tells_tries_without_verify, fresh),
		cmocka_unit_test_setup(counts_wrong_pins_and_blocks, fresh),
		cmocka_unit_test_setup(puk_gives_the_tries_back, fresh),
		cmocka_unit_test_setup(changes_the_pin, fresh),
		cmocka_unit_test_setup(wants_pin_for_each_signature, fresh),
		cmocka_unit_test_setup(leaving_the_df_logs_out, fresh),
		cmocka_unit_test_setup(rsa_signatures_verify, fresh),
		cmocka_unit_test_setup(ecdsa_is_raw, fresh),
		cmocka_unit_test_setup(environment_is_checked, fresh),
		cmocka_unit_test_setup(chains_and_takes_extended_length, fresh),
		cmocka_unit_test_setup(answers_in_pieces, fresh),
		cmocka_unit_test_setup(refuses_what_is_no_command, fresh),
		cmocka_unit_test_setup(carries_no_directory_when_told, fresh),
	};

	return cmocka_run_group_tests(tests, talk_setup_state, release);
}

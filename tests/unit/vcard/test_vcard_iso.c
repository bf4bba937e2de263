/* Profile iso: the card edge of IsoApplet. OpenSC's own driver is the other half of this test, see
 * tests/system. */
#include "talk.h"

#include <openssl/rsa.h>
#include <openssl/sha.h>

#include "base/hex.h"

#define SELECT_APPLET "00A40400 0C F276A288BCFBA69D34F31001 00"
#define API_1 "00CA0101 03"
#define VERIFY "00200001 06 313233343536"
#define PADDED(pin) pin "00000000000000000000"
#define SHA256_HEX "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"
#define SHA384_HEX SHA256_HEX "000102030405060708090A0B0C0D0E0F"
#define DIGEST_INFO "3031300D060960864801650304020105000420" SHA256_HEX

static struct bytes answer, hash;

static int fresh(void **state)
{
	(void)state;
	talk_open("iso", true, false);
	return 0;
}

static int release(void **state)
{
	bytes_free(&answer);
	bytes_free(&hash);
	return talk_teardown_state(state);
}

static void sign(const char *environment, const char *data)
{
	talk_expect(VERIFY, "9000");
	talk_expect(environment, "9000");
	talk_fetch(data, &answer);
}

static void tells_both_interfaces(void **state)
{
	(void)state;
	talk_expect(SELECT_APPLET, "0006079000");
	talk_expect("00A40400 0C F276A288BCFBA69D34F31001", "9000");
	talk_expect(API_1, "01000F9000");
	talk_expect("00CA0102 03", "6A86");
	talk_expect("00A40400 0C A000000063504B43532D3135", "6A82");
	talk_expect("00A4080C 04 50155031", "9000");
}

static void asks_and_counts_pins(void **state)
{
	(void)state;
	talk_expect("00200001", "63C3"); /* asking costs nothing here */
	talk_expect("00200001 10 " PADDED("313233343537"), "63C2");
	talk_expect("00200001", "63C2");
	talk_expect("00200001 10 " PADDED("313233343536"), "9000");
	talk_expect("00200001", "9000");
	for (int i = 2; i >= 0; i--)
		talk_send("00200001 10 " PADDED("313233343537"));
	talk_expect(VERIFY, "63C0");
	talk_expect("00200001", "63C0");
	talk_expect("00200002", "6A86"); /* the PUK is no PIN to be verified */
	talk_expect("002C0001 20 3132333435363739"
		    "0000000000000000" PADDED("313233343536"),
		"63C2");
	talk_expect("002C0001 20 3132333435363738"
		    "0000000000000000" PADDED("313233343536"),
		"9000");
	talk_expect(VERIFY, "9000");
	talk_expect("00240001 20 " PADDED("313233343536") PADDED("363534333231"), "9000");
	talk_expect(VERIFY, "63C2");
	talk_expect("00200001 06 363534333231", "9000");
	talk_expect("00240001 0C 363534333231 313233343536", "6700");
}

static void selecting_again_logs_out(void **state)
{
	(void)state;
	talk_expect(VERIFY, "9000");
	talk_expect(SELECT_APPLET, "...9000");
	talk_expect("00200001", "63C3");
	talk_expect("002241B6 06 800111 840101", "6982");
}

static void pin_stays_for_more_signatures(void **state)
{
	(void)state;
	assert_true(hex_read(SHA256_HEX, (bytes_clear(&hash), &hash)));
	sign("002241B6 06 800111 840101", "002A9E9A 33 " DIGEST_INFO "00");
	assert_true(talk_signature_is(
		1, EVP_sha256(), bytes_span(&hash), bytes_span(&answer), RSA_PKCS1_PADDING));
	talk_fetch("002A9E9A 33 " DIGEST_INFO "00", &answer);
	assert_int_equal(answer.n, 256);
	talk_expect(API_1, "...9000");
	sign("002241B6 0A 800112 81025015 840101", "002A9E9A 20 " SHA256_HEX "00");
	assert_true(talk_signature_is(
		1, EVP_sha256(), bytes_span(&hash), bytes_span(&answer), RSA_PKCS1_PSS_PADDING));
	talk_expect("002241B6 06 800121 840101", "6A80");
	talk_expect("002241B6 06 800111 840103", "6A80");
	talk_expect("002241B8 06 800111 840101", "6A81");
	talk_expect("002241B6 06 800111 840102", "6A88");
}

/* Interface 1.0 signs a hash value; 0.6 hashes what it gets with SHA-1. Both answer r and s as a
 * SEQUENCE. */
static void ecdsa_follows_the_interface(void **state)
{
	uint8_t sha1[SHA_DIGEST_LENGTH];

	(void)state;
	talk_expect(SELECT_APPLET, "...9000");
	sign("002241B6 06 800121 840103", "002A9E9A 05 68656C6C6F 00");
	SHA1((const uint8_t *)"hello", 5, sha1);
	assert_true(talk_signature_is(
		3, EVP_sha1(), span_of(sha1, sizeof(sha1)), bytes_span(&answer), 0));
	talk_expect(API_1, "...9000");
	assert_true(hex_read(SHA384_HEX, (bytes_clear(&hash), &hash)));
	sign("002241B6 06 800121 840103", "002A9E9A 30 " SHA384_HEX "00");
	assert_true(talk_signature_is(3, EVP_sha384(), bytes_span(&hash), bytes_span(&answer), 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(tells_both_interfaces, fresh),
		cmocka_unit_test_setup(asks_and_counts_pins, fresh),
		cmocka_unit_test_setup(selecting_again_logs_out, fresh),
		cmocka_unit_test_setup(pin_stays_for_more_signatures, fresh),
		cmocka_unit_test_setup(ecdsa_follows_the_interface, fresh),
	};

	return cmocka_run_group_tests(tests, talk_setup_state, release);
}

/* Card sessions replayed, byte by byte: what the host says must stay what it was, or be changed knowingly. */
#include "script.h"

#include <openssl/evp.h>

#include "base/hex.h"
#include "card/card.h"

static const uint8_t pin[] = "123456";

/* The transcripts all sign SHA-256("eonay"). */
static void replay(
	const char *file, const char *driver, size_t certificate, enum card_scheme scheme)
{
	struct reader *r = script_open_file(file);
	const struct card_certificate *certificates;
	uint8_t digest[32];
	struct card_sign_request request = {.certificate = certificate,
		.scheme = scheme,
		.digest = CARD_SHA256,
		.value = span_of(digest, sizeof(digest)),
		.last_try_confirmed = true};
	struct bytes signature = {0};
	struct error e;
	struct card *c;

	assert_int_equal(EVP_Digest("eonay", 5, digest, NULL, EVP_sha256(), NULL), 1);
	assert_int_equal(card_open(r, &c, &e), ERR_OK);
	assert_string_equal(card_driver(c), driver);
	assert_true(card_certificates(c, &certificates) > certificate);
	assert_int_equal(card_sign(c, &request, span_of(pin, 6), &signature, &e), ERR_OK);
	assert_int_equal(script_resets(r), 1);
	bytes_free(&signature);
	card_close(c);
	script_close(r);
}

static void replay_unblock(const char *file)
{
	static const struct card_unblock_request request = {.last_try_confirmed = true};
	struct reader *r = script_open_file(file);
	struct error e;
	struct card *c;

	assert_int_equal(card_open(r, &c, &e), ERR_OK);
	assert_int_equal(
		card_unblock(c, &request, span_text("12345678"), span_text("805137"), &e), ERR_OK);
	assert_int_equal(script_resets(r), 1);
	card_close(c);
	script_close(r);
}

static void by_the_puk(void **state)
{
	(void)state;
	replay_unblock("akis_no_directory_unblock.txt");
	replay_unblock("isoapplet_unblock.txt");
}

static void akis_v2(void **state)
{
	(void)state;
	replay("akis_rsa.txt", "akis", 0, CARD_RSA_PKCS1);
	replay("akis_ecdsa.txt", "akis", 1, CARD_ECDSA);
	replay("akis_no_directory_pss.txt", "akis", 0, CARD_RSA_PSS);
}

static void akis_v1(void **state)
{
	(void)state;
	replay("akis1_rsa.txt", "akis1", 0, CARD_RSA_PKCS1);
	replay("akis1_no_directory_rsa.txt", "akis1", 0, CARD_RSA_PKCS1);
}

static void isoapplet(void **state)
{
	(void)state;
	replay("isoapplet_ecdsa.txt", "isoapplet", 1, CARD_ECDSA);
	replay("isoapplet_pss.txt", "isoapplet", 0, CARD_RSA_PSS);
}

static void generic(void **state)
{
	(void)state;
	replay("generic_rsa.txt", "pkcs15", 0, CARD_RSA_PKCS1);
}

/* A card that knows none of the applications that we do, by name or by directory. */
static void a_stranger_is_left_alone(void **state)
{
	struct reader *r =
		script_open("atr 3B021450\n"
			    "> 00A404000CF276A288BCFBA69D34F3100100\n< 6A82\n"
			    "> 00A404000CA000000063504B43532D313500\n< 6A82\n"
			    "> 00A4080C022F00\n< 6A82\n"
			    "> 00A4000C023F00\n< 9000\n> 00A4020C022F00\n< 6A82\n"
			    "> 00A4000C022F00\n< 6A82\n"
			    "> 00A4080C022F01\n< 6A82\n"
			    "> 00A4040007504B43532D313500\n< 6A82\n"
			    "> 00A40000023F0000\n< 6A82\n> 00A4040007504B43532D313500\n< 6A82\n"
			    "> 00A404000CA000000063504B43532D313500\n< 6A82\n"
			    "> 00A4040007504B43532D3135F4\n< 6A82\n"
			    "> 00A40000023F00F4\n< 6A82\n");
	struct error e;
	struct card *c;

	(void)state;
	assert_int_equal(card_open(r, &c, &e), ERR_CARD_UNKNOWN);
	assert_null(c);
	script_close(r);
}

static void a_reader_that_fails_is_not_a_strange_card(void **state)
{
	struct reader *r = script_open(
		"atr 3B021450\n> 00A404000CF276A288BCFBA69D34F3100100\n! CARD_REMOVED\n");
	struct error e;
	struct card *c;

	(void)state;
	assert_int_equal(card_open(r, &c, &e), ERR_CARD_REMOVED);
	script_close(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_the_puk),
		cmocka_unit_test(akis_v2),
		cmocka_unit_test(akis_v1),
		cmocka_unit_test(isoapplet),
		cmocka_unit_test(generic),
		cmocka_unit_test(a_stranger_is_left_alone),
		cmocka_unit_test(a_reader_that_fails_is_not_a_strange_card),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

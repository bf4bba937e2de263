#include "unit.h"

#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include "card/signature.h"

static EVP_PKEY *rsa2048, *rsa3072, *p256, *p384, *p521;

/* Making an RSA key takes half a minute under valgrind. */
static EVP_PKEY *fixture(const char *path)
{
	FILE *f = fopen(path, "r");
	EVP_PKEY *key = f ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;

	if (f)
		fclose(f);
	return key;
}

static int make_keys(void **state)
{
	(void)state;
	rsa2048 = fixture(FIXTURES "/keys/rsa2048.pem");
	rsa3072 = fixture(FIXTURES "/keys/rsa3072.pem");
	p256 = EVP_EC_gen("P-256");
	p384 = EVP_EC_gen("P-384");
	p521 = EVP_EC_gen("P-521");
	return rsa2048 && rsa3072 && p256 && p384 && p521 ? 0 : -1;
}

static int free_keys(void **state)
{
	(void)state;
	EVP_PKEY_free(rsa2048);
	EVP_PKEY_free(rsa3072);
	EVP_PKEY_free(p256);
	EVP_PKEY_free(p384);
	EVP_PKEY_free(p521);
	return 0;
}

static const uint8_t digest[64] = {0xAB, 1, 2, 3}, another[64] = {0xAC};

static struct span value(enum card_digest d)
{
	return span_of(digest, signature_digest_size(d));
}

/* What a card does with input: its private key operation with this padding. */
static void card_signs(EVP_PKEY *key, int padding, struct span input, struct bytes *out)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
	uint8_t signature[1024];
	size_t n = sizeof(signature);

	assert_int_equal(EVP_PKEY_sign_init(c), 1);
	if (padding)
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(c, padding), 1);
	assert_int_equal(EVP_PKEY_sign(c, signature, &n, input.at, input.n), 1);
	bytes_append(out, span_of(signature, n));
	EVP_PKEY_CTX_free(c);
}

static void check_rsa(EVP_PKEY *key, enum sign_input form, int padding, enum card_scheme scheme)
{
	for (enum card_digest d = CARD_SHA256; d <= CARD_SHA512; d++) {
		struct bytes input = {0}, raw = {0}, out = {0};

		assert_true(signature_make_input(form, key, d, value(d), &input));
		card_signs(key, padding, bytes_span(&input), &raw);
		assert_true(signature_take(key, bytes_span(&raw), &out));
		assert_true(signature_is_right(key, scheme, d, value(d), bytes_span(&out)));
		assert_false(signature_is_right(key,
			scheme == CARD_RSA_PSS ? CARD_RSA_PKCS1 : CARD_RSA_PSS, d, value(d),
			bytes_span(&out)));
		out.at[7] ^= 1;
		assert_false(signature_is_right(key, scheme, d, value(d), bytes_span(&out)));
		bytes_free(&input);
		bytes_free(&raw);
		bytes_free(&out);
	}
}

/* OpenSSL stands for the card: it accepts exactly what the standards say. */
static void rsa_in_each_form(void **state)
{
	(void)state;
	check_rsa(rsa2048, INPUT_DIGEST_INFO, RSA_PKCS1_PADDING, CARD_RSA_PKCS1);
	check_rsa(rsa2048, INPUT_PKCS1_BLOCK, RSA_NO_PADDING, CARD_RSA_PKCS1);
	check_rsa(rsa2048, INPUT_PSS_BLOCK, RSA_NO_PADDING, CARD_RSA_PSS);
	check_rsa(rsa3072, INPUT_PSS_BLOCK, RSA_NO_PADDING, CARD_RSA_PSS);
}

static void append_number(struct bytes *out, const BIGNUM *n, size_t size)
{
	uint8_t bytes[128];

	assert_int_equal(BN_bn2binpad(n, bytes, (int)size), size);
	bytes_append(out, span_of(bytes, size));
}

static void check_ecdsa(EVP_PKEY *key, size_t field)
{
	struct bytes der = {0}, raw = {0}, out = {0};
	const unsigned char *p;
	ECDSA_SIG *sig;

	card_signs(key, 0, value(CARD_SHA384), &der);
	p = der.at;
	sig = d2i_ECDSA_SIG(NULL, &p, (long)der.n);
	append_number(&raw, ECDSA_SIG_get0_r(sig), field);
	append_number(&raw, ECDSA_SIG_get0_s(sig), field);
	ECDSA_SIG_free(sig);
	assert_true(signature_take(key, bytes_span(&der), &out));
	assert_true(span_equal(bytes_span(&out), bytes_span(&der)));
	bytes_clear(&out);
	assert_true(signature_take(key, bytes_span(&raw), &out));
	assert_true(span_equal(bytes_span(&out), bytes_span(&der)));
	assert_true(signature_is_right(
		key, CARD_ECDSA, CARD_SHA384, value(CARD_SHA384), bytes_span(&out)));
	assert_false(signature_is_right(
		key, CARD_ECDSA, CARD_SHA384, span_of(another, 48), bytes_span(&out)));
	bytes_clear(&out);
	assert_false(signature_take(key, span_first(bytes_span(&raw), raw.n - 1), &out));
	assert_false(signature_take(key, span_first(bytes_span(&der), der.n - 1), &out));
	assert_false(signature_take(key, (struct span){0}, &out));
	bytes_append_byte(&der, 0x00);
	assert_false(signature_take(key, bytes_span(&der), &out));
	bytes_free(&der);
	bytes_free(&raw);
	bytes_free(&out);
}

static void ecdsa_raw_and_der(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) { /* numbers with and without leading zeros */
		check_ecdsa(p256, 32);
		check_ecdsa(p384, 48);
		check_ecdsa(p521, 66);
	}
}

static void schemes_fit_their_keys(void **state)
{
	struct bytes out = {0};
	EVP_PKEY *small = EVP_RSA_gen(512);

	(void)state;
	assert_true(signature_scheme_fits(rsa2048, CARD_RSA_PSS));
	assert_false(signature_scheme_fits(rsa2048, CARD_ECDSA));
	assert_true(signature_scheme_fits(p256, CARD_ECDSA));
	assert_false(signature_scheme_fits(p256, CARD_RSA_PKCS1));
	assert_false(signature_make_input(
		INPUT_PKCS1_BLOCK, small, CARD_SHA512, value(CARD_SHA512), &out));
	assert_false(signature_make_input(
		INPUT_PSS_BLOCK, small, CARD_SHA512, value(CARD_SHA512), &out));
	assert_false(signature_take(small, span_of(digest, 0), &out));
	assert_null(signature_key(span_text("no certificate")));
	EVP_PKEY_free(small);
	bytes_free(&out);
}

static void zeros_that_a_card_left_out_are_put_back(void **state)
{
	struct bytes out = {0};

	(void)state;
	assert_true(signature_take(rsa2048, span_of(digest, 64), &out));
	assert_int_equal(out.n, 256);
	assert_int_equal(out.at[0], 0);
	assert_memory_equal(out.at + 192, digest, 64);
	bytes_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rsa_in_each_form),
		cmocka_unit_test(ecdsa_raw_and_der),
		cmocka_unit_test(schemes_fit_their_keys),
		cmocka_unit_test(zeros_that_a_card_left_out_are_put_back),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}

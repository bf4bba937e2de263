#include "talk.h"

#include <stdio.h>

#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include "base/hex.h"
#include "lent_card.h"

struct talk talk;

static struct bytes command, response, text;

int talk_setup_state(void **state)
{
	struct error e;

	(void)state;
	return lent_card(&talk.state, true, &e) ? -1 : 0;
}

int talk_teardown_state(void **state)
{
	(void)state;
	card_close(&talk.card);
	state_free(&talk.state);
	bytes_free(&command);
	bytes_free(&response);
	bytes_free(&text);
	return 0;
}

void talk_open(const char *profile, bool directory, bool more)
{
	const struct card_contents contents = {.directory = directory, .more = more};

	card_close(&talk.card);
	talk.state.pins[PIN_USER] = (struct pin){.tries = 3, .tries_max = 3, .value = PIN_TEST};
	talk.state.pins[PIN_PUK] = (struct pin){.tries = 3, .tries_max = 3, .value = PUK_TEST};
	card_open(&talk.card, profile_named(profile), &talk.state, contents);
}

static void transmit(const char *hex)
{
	bytes_clear(&command);
	bytes_clear(&response);
	assert_true(hex_read(hex, &command));
	card_transmit(&talk.card, bytes_span(&command), &response);
	assert_true(response.n >= 2);
}

const char *talk_send(const char *hex)
{
	transmit(hex);
	bytes_clear(&text);
	hex_append(&text, bytes_span(&response));
	return bytes_text(&text);
}

void talk_expect(const char *hex, const char *wanted)
{
	const char *got = talk_send(hex);
	bool tail = strncmp(wanted, "...", 3) == 0;
	size_t n;

	if (tail)
		wanted += 3;
	n = strlen(wanted);
	if (tail && strlen(got) > n)
		got += strlen(got) - n;
	if (strcmp(got, wanted) != 0)
		print_message("command %s\n", hex);
	assert_string_equal(got, wanted);
}

void talk_fetch(const char *hex, struct bytes *out)
{
	transmit(hex);
	assert_int_equal(response.at[response.n - 2] << 8 | response.at[response.n - 1], SW_OK);
	bytes_clear(out);
	bytes_append(out, span_first(bytes_span(&response), response.n - 2));
}

/* Verifies with the certificate's key, not the private one: what a relying party has. */
bool talk_signature_is(
	uint8_t key_id, const EVP_MD *hash, struct span value, struct span signature, int padding)
{
	struct state_key *k = state_key(&talk.state, key_id);
	const uint8_t *at = k->certificate.at;
	X509 *x = d2i_X509(NULL, &at, (long)k->certificate.n);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(X509_get0_pubkey(x), NULL);
	bool is;

	assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
	if (padding)
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, padding), 1);
	assert_int_equal(EVP_PKEY_CTX_set_signature_md(ctx, hash), 1);
	is = EVP_PKEY_verify(ctx, signature.at, signature.n, value.at, value.n) == 1;
	EVP_PKEY_CTX_free(ctx);
	X509_free(x);
	return is;
}

bool talk_raw_signature_is(uint8_t key_id, struct span value, struct span signature)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	int half = (int)(signature.n / 2), n;
	uint8_t *der = NULL;
	bool is;

	ECDSA_SIG_set0(pair, BN_bin2bn(signature.at, half, NULL),
		BN_bin2bn(signature.at + half, half, NULL));
	n = i2d_ECDSA_SIG(pair, &der);
	is = talk_signature_is(key_id, EVP_sha384(), value, span_of(der, (size_t)n), 0);
	OPENSSL_free(der);
	ECDSA_SIG_free(pair);
	return is;
}

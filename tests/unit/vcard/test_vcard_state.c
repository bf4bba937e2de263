/* What the card keeps: the state file, the certificates in it, the PIN counter before the answer.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/x509v3.h>

#include "vcard/card.h"
#include "vcard/certificates.h"
#include "vcard/personalise.h"

static char folder[] = "/tmp/eonay-vcard.XXXXXX";
static char path[64];

static int make(void **state)
{
	const struct holder holder = {.tckn = "10000000146", .name = "Ayşe Işık"};
	struct state s;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/card", folder);
	if (personalise(&s, path, &holder, true, NULL, NULL))
		return -1;
	state_free(&s);
	return 0;
}

static int clean(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static void load(struct state *s)
{
	assert_int_equal(state_load(s, path, NULL), ERR_OK);
}

static X509 *certificate(struct state *s, uint8_t id)
{
	const struct bytes *der = &state_key(s, id)->certificate;
	const uint8_t *at = der->at;

	return d2i_X509(NULL, &at, (long)der->n);
}

static void keeps_everything(void **state)
{
	struct stat st;
	struct state s;

	(void)state;
	load(&s);
	assert_string_equal(s.tckn, "10000000146");
	assert_string_equal(s.name, "Ayşe Işık");
	assert_string_equal(s.pins[PIN_USER].value, "123456");
	assert_string_equal(s.pins[PIN_PUK].value, "12345678");
	assert_int_equal(s.key_count, 5);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	state_free(&s);
}

static void another_holder_is_refused(void **state)
{
	const struct holder other = {.tckn = "10000000078"}, wrong = {.tckn = "12345678901"},
			    any = {0};
	struct error e;
	struct state s;

	(void)state;
	assert_int_equal(personalise(&s, path, &other, false, NULL, &e), ERR_CARD_CHANGED);
	assert_int_equal(personalise(&s, NULL, &wrong, false, NULL, &e), ERR_TCKN);
	assert_int_equal(personalise(&s, path, &any, false, NULL, &e), ERR_OK);
	state_free(&s);
}

/* Each certificate: issued by the CA, for its key. */
static void certificates_verify(void **state)
{
	struct state s;

	(void)state;
	load(&s);
	assert_int_equal(X509_verify(s.ca, X509_get0_pubkey(s.ca)), 1);
	for (size_t i = 0; i < s.key_count; i++) {
		X509 *x = certificate(&s, s.keys[i].id);

		assert_int_equal(X509_verify(x, X509_get0_pubkey(s.ca)), 1);
		assert_int_equal(X509_check_issued(s.ca, x), X509_V_OK);
		assert_int_equal(EVP_PKEY_eq(X509_get0_pubkey(x), s.keys[i].key), 1);
		X509_free(x);
	}
	state_free(&s);
}

static bool has_statement(X509 *x, const char *oid)
{
	int at = X509_get_ext_by_NID(x, NID_qcStatements, -1);
	ASN1_OBJECT *wanted = OBJ_txt2obj(oid, 1);
	ASN1_OCTET_STRING *value;
	bool has;

	if (at < 0) {
		ASN1_OBJECT_free(wanted);
		return false;
	}
	value = X509_EXTENSION_get_data(X509_get_ext(x, at));
	has = memmem(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value),
		      OBJ_get0_data(wanted), OBJ_length(wanted)) != NULL;
	ASN1_OBJECT_free(wanted);
	return has;
}

static void holder_certificates_are_qualified(void **state)
{
	static const uint8_t ids[] = {1, 3};
	char text[64];
	struct state s;

	(void)state;
	load(&s);
	for (size_t i = 0; i < 2; i++) {
		X509 *x = certificate(&s, ids[i]);
		X509_NAME *name = X509_get_subject_name(x);

		assert_int_equal(
			X509_NAME_get_text_by_NID(name, NID_serialNumber, text, sizeof(text)), 11);
		assert_string_equal(text, "10000000146");
		assert_true(
			X509_NAME_get_text_by_NID(name, NID_countryName, text, sizeof(text)) > 0);
		assert_string_equal(text, "TR");
		assert_int_equal(X509_get_key_usage(x), KU_NON_REPUDIATION | KU_DIGITAL_SIGNATURE);
		assert_int_equal(X509_EXTENSION_get_critical(X509_get_ext(
					 x, X509_get_ext_by_NID(x, NID_key_usage, -1))),
			1);
		assert_true(has_statement(x, "0.4.0.1862.1.1"));
		assert_true(has_statement(x, "2.16.792.1.61.0.1.5070.1.1"));
		assert_int_equal(X509_get_signature_nid(x), NID_ecdsa_with_SHA384);
		assert_true(X509_cmp_current_time(X509_get0_notBefore(x)) < 0);
		assert_true(X509_cmp_current_time(X509_get0_notAfter(x)) > 0);
		X509_free(x);
	}
	state_free(&s);
}

static void the_others_cannot_be_used(void **state)
{
	struct state s;
	X509 *expired, *seal, *login;

	(void)state;
	load(&s);
	expired = certificate(&s, 5);
	seal = certificate(&s, 7);
	login = certificate(&s, 9);
	assert_true(X509_cmp_current_time(X509_get0_notAfter(expired)) < 0);
	assert_true(X509_get_key_usage(expired) & KU_NON_REPUDIATION);
	assert_false(has_statement(seal, "0.4.0.1862.1.1"));
	assert_int_equal(X509_get_key_usage(login), KU_DIGITAL_SIGNATURE);
	assert_true(has_statement(login, "0.4.0.1862.1.1"));
	X509_free(expired);
	X509_free(seal);
	X509_free(login);
	state_free(&s);
}

static void the_try_is_gone_before_the_answer(void **state)
{
	static const uint8_t select_df[] = {
		0x00, 0xA4, 0x04, 0x0C, 0x07, 'P', 'K', 'C', 'S', '-', '1', '5'};
	static const uint8_t wrong[] = {0x00, 0x20, 0x00, 0x81, 0x06, '6', '5', '4', '3', '2', '1'};
	const struct card_contents contents = {.directory = true};
	struct bytes answer = {0};
	struct state s, seen;
	struct card c;

	(void)state;
	load(&s);
	card_open(&c, profile_named("akis"), &s, contents);
	card_transmit(&c, span_of(select_df, sizeof(select_df)), &answer);
	bytes_clear(&answer);
	card_transmit(&c, span_of(wrong, sizeof(wrong)), &answer);
	assert_memory_equal(answer.at, "\x63\xC2", 2);
	load(&seen); /* what the next start would find, were this one killed now */
	assert_int_equal(seen.pins[PIN_USER].tries, 2);
	state_free(&seen);
	/* A counter that cannot be kept is no answer that could be trusted. */
	free(s.path);
	s.path = must_strdup("/nowhere/card");
	bytes_clear(&answer);
	card_transmit(&c, span_of(wrong, sizeof(wrong)), &answer);
	assert_memory_equal(answer.at, "\x65\x81", 2);
	card_close(&c);
	state_free(&s);
	bytes_free(&answer);
}

static void refuse(const char *text, unsigned line)
{
	char file[80], wanted[96];
	struct error e;
	struct state s;
	FILE *f;

	snprintf(file, sizeof(file), "%s/other", folder);
	f = fopen(file, "w");
	fputs(text, f);
	fclose(f);
	assert_int_equal(state_load(&s, file, &e), ERR_CARD_DATA);
	if (line)
		snprintf(wanted, sizeof(wanted), "%s:%u", file, line);
	else
		snprintf(wanted, sizeof(wanted), "%s: not whole", file);
	assert_string_equal(e.where, wanted);
	unlink(file);
}

static void a_damaged_file_is_refused(void **state)
{
	struct state s;

	(void)state;
	refuse("", 0);
	refuse("something else\n", 1);
	refuse("eonay-vcard-state 1\n", 0);
	refuse("eonay-vcard-state 1\npin 0 4 3 123456\n", 2);
	refuse("eonay-vcard-state 1\npin 0 3 3 12345A\n", 2);
	refuse("eonay-vcard-state 1\nkey 1 00 00\n", 2);
	refuse("eonay-vcard-state 1\nserial 00\n", 2);
	refuse("eonay-vcard-state 1\nholder 123 X\n", 2);
	refuse("eonay-vcard-state 1\nholder\n", 2);
	refuse("eonay-vcard-state 1\ncolour blue\n", 2);
	assert_int_equal(state_load(&s, "/nowhere/card", NULL), ERR_FILE_READ);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_everything),
		cmocka_unit_test(another_holder_is_refused),
		cmocka_unit_test(certificates_verify),
		cmocka_unit_test(holder_certificates_are_qualified),
		cmocka_unit_test(the_others_cannot_be_used),
		cmocka_unit_test(the_try_is_gone_before_the_answer),
		cmocka_unit_test(a_damaged_file_is_refused),
	};

	return cmocka_run_group_tests(tests, make, clean);
}

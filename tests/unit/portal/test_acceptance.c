/* What a session waits for, and signatures that are right in themselves but not that. */
#include "unit.h"

#include <unistd.h>

#include "portal/acceptance.h"
#include "portal/store/store.h"
#include "sign/pki.h"

#define TOLERANCE 300
#define LIFETIME 300

static struct pki root, stranger, signer, other, unknown, plain;
static struct acceptance_policy policy = {.qualified = true, .clock_tolerance_s = TOLERANCE};

static int make_all(void **state)
{
	const struct pki *const trusted[] = {&root};
	char path[] = "/tmp/eonay-trust.XXXXXX";

	(void)state;
	pki_make_root(&root);
	pki_make(&stranger,
		&(struct pki_spec){.ca = true, .key = "rsa4096", .name = "Başka Kök ESHS"}, NULL);
	pki_make_signer(&signer, "p256", &root);
	pki_make(&other, &(struct pki_spec){.key = "p256", .tckn = "10000000078"}, &root);
	pki_make_signer(&unknown, "p256", &stranger);
	pki_make(&plain, &(struct pki_spec){.key = "p256", .statements = {""}}, &root);
	pki_write_pem(path, trusted, 1);
	assert_int_equal(trust_read_file(path, &policy.trust, NULL), ERR_OK);
	return unlink(path);
}

static int free_all(void **state)
{
	struct pki *const all[] = {&root, &stranger, &signer, &other, &unknown, &plain};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		pki_free(all[i]);
	trust_free(policy.trust);
	return 0;
}

/* A signature over texts is handed in for a session that began at PKI_NOW and has the text "bir". */
struct story {
	const struct pki *by; /* NULL: the session's person */
	const char *text;     /* NULL: the session's */
	bool detached;
	int64_t signed_at, now; /* seconds after the session's beginning */
};

static struct session session_now(void)
{
	struct session s = {.tckn = PKI_TCKN,
		.state = SESSION_OPEN,
		.created = PKI_NOW,
		.expires = PKI_NOW + LIFETIME};

	return s;
}

static void sign(const struct story *s, struct span text, struct bytes *cms)
{
	struct cades_request request = {
		.detached = s->detached, .signing_time = PKI_NOW + s->signed_at};

	assert_int_equal(pki_make_cms(s->by ? s->by : &signer, request, text, cms, NULL), ERR_OK);
}

static enum err take(const struct texts *texts, struct span cms, int64_t now)
{
	struct session session = session_now();
	struct signature evidence = {0};
	struct error e = {0};
	enum err code = acceptance_take(&policy, &session, texts, cms, now, &evidence, &e);

	assert_int_equal(e.code, code);
	signature_free(&evidence);
	return code;
}

static enum err tell(const struct story *s)
{
	struct texts texts = {.count = 1};
	struct bytes cms = {0};
	enum err code;

	bytes_append_text(&texts.at[0], "bir");
	sign(s, span_text(s->text ? s->text : "bir"), &cms);
	code = take(&texts, bytes_span(&cms), PKI_NOW + s->now);
	bytes_free(&cms);
	texts_free(&texts);
	return code;
}

static void the_signing_time_lies_in_the_session(void **state)
{
	static const struct {
		int64_t signed_at, now;
		enum err want;
	} cases[] = {
		{0, 0, ERR_OK},
		{-TOLERANCE, 1, ERR_OK},
		{-TOLERANCE - 1, 1, ERR_CMS_TIME},
		/* No later than now: a signature is not made in advance. */
		{10 + TOLERANCE, 10, ERR_OK},
		{10 + TOLERANCE + 1, 10, ERR_CMS_TIME},
		/* Nor than the session, however late it is handed in. */
		{LIFETIME + TOLERANCE, LIFETIME + 1000, ERR_OK},
		{LIFETIME + TOLERANCE + 1, LIFETIME + 1000, ERR_CMS_TIME},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(
			tell(&(struct story){.signed_at = cases[i].signed_at, .now = cases[i].now}),
			cases[i].want);
}

static void the_signer_is_the_sessions_person(void **state)
{
	(void)state;
	assert_int_equal(tell(&(struct story){.by = &other}), ERR_CERTIFICATE_PERSON);
	assert_int_equal(tell(&(struct story){.by = &unknown}), ERR_CERTIFICATE_ISSUER);
	assert_int_equal(tell(&(struct story){.by = &plain}), ERR_CERTIFICATE_NOT_QUALIFIED);
	policy.qualified = false;
	assert_int_equal(tell(&(struct story){.by = &plain}), ERR_OK);
	assert_int_equal(tell(&(struct story){.by = &other}), ERR_CERTIFICATE_PERSON);
	policy.qualified = true;
}

static void the_content_is_the_sessions_byte_by_byte(void **state)
{
	static const char *const wrong[] = {"", "bi", "bir ", "bir\n", "Bir", " bir", "iki"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(tell(&(struct story){.text = wrong[i]}), ERR_CMS_CONTENT);
	assert_int_equal(tell(&(struct story){.detached = true}), ERR_CMS_CONTENT);
}

/* Each of several texts is bound, and so is their order. */
static void several_texts_are_one_content(void **state)
{
	struct texts kept = {.count = 2}, turned = {.count = 2};
	struct bytes content = {0}, cms = {0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		bytes_append_text(&kept.at[i], i ? "iki" : "bir");
		bytes_append_text(&turned.at[i], i ? "bir" : "iki");
	}
	texts_join(&kept, &content);
	sign(&(struct story){0}, bytes_span(&content), &cms);
	assert_int_equal(take(&kept, bytes_span(&cms), PKI_NOW), ERR_OK);
	assert_int_equal(take(&turned, bytes_span(&cms), PKI_NOW), ERR_CMS_CONTENT);
	kept.count = 1;
	assert_int_equal(take(&kept, bytes_span(&cms), PKI_NOW), ERR_CMS_CONTENT);
	kept.count = 2;
	texts_free(&kept);
	texts_free(&turned);
	bytes_free(&content);
	bytes_free(&cms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_signing_time_lies_in_the_session),
		cmocka_unit_test(the_signer_is_the_sessions_person),
		cmocka_unit_test(the_content_is_the_sessions_byte_by_byte),
		cmocka_unit_test(several_texts_are_one_content),
	};

	return cmocka_run_group_tests_name("portal acceptance", tests, make_all, free_all);
}

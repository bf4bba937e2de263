/* Signatures with a time stamp inside (CAdES-B-T), and what may be wrong with it. */
#include "unit.h"

#include <unistd.h>

#include "base/hex.h"
#include "sign/checks.h"
#include "sign/cms.h"
#include "sign/der.h"
#include "sign/forge.h"
#include "sign/oid.h"
#include "sign/stamp.h"
#include "sign/verify.h"

#define CLOCK_S 300
#define NOW (PKI_NOW + 3600)
#define YEAR_S (365 * 24 * 3600)

static struct pki root, stranger, rsa, p256, brief, authority, brief_authority;
static struct trust *trusted, *other;

static struct trust *trust_in(const struct pki *root_of_it)
{
	char path[] = "/tmp/eonay-stamped.XXXXXX";
	struct trust *t;

	pki_write_pem(path, &root_of_it, 1);
	assert_int_equal(trust_read_file(path, &t, NULL), ERR_OK);
	unlink(path);
	return t;
}

static int make_all(void **state)
{
	(void)state;
	pki_make_root(&root);
	pki_make(&stranger, &(struct pki_spec){.ca = true, .key = "rsa4096", .name = "Başka Kök"},
		NULL);
	pki_make_signer(&rsa, "rsa2048", &root);
	pki_make_signer(&p256, "p256", &root);
	pki_make(&brief, &(struct pki_spec){.key = "p256", .to = PKI_NOW + YEAR_S}, &root);
	stamp_make_authority(&authority, &root, 0);
	stamp_make_authority(&brief_authority, &root, PKI_NOW + YEAR_S);
	trusted = trust_in(&root);
	other = trust_in(&stranger);
	return 0;
}

static int free_all(void **state)
{
	struct pki *const all[] = {
		&root, &stranger, &rsa, &p256, &brief, &authority, &brief_authority};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		pki_free(all[i]);
	trust_free(trusted);
	trust_free(other);
	return 0;
}

/* A signature and the stamp on it. Zero and NULL stand for good ones. */
struct story {
	const struct pki *signer, *authority;
	enum digest digest;
	int64_t stamped_at, now; /* seconds from PKI_NOW and from NOW */
	bool detached, another;  /* another: the stamp is on another signature */
};

struct parts {
	struct bytes cms, token, both;
};

static void parts_free(struct parts *p)
{
	bytes_free(&p->cms);
	bytes_free(&p->token);
	bytes_free(&p->both);
}

static struct span value_of(struct span cms)
{
	struct cms parts;

	assert_int_equal(cms_read(cms, &parts, NULL), ERR_OK);
	return parts.signature;
}

static void sign(const struct story *s, const char *text, struct bytes *cms)
{
	struct cades_request request = {.detached = s->detached};

	assert_int_equal(
		pki_make_cms(s->signer ? s->signer : &p256, request, span_text(text), cms, NULL),
		ERR_OK);
}

static void make(const struct story *s, struct parts *p)
{
	struct bytes another = {0};

	sign(s, "metin", &p->cms);
	sign(s, "başka", &another);
	stamp_make(s->authority ? s->authority : &authority, &root,
		s->digest ? s->digest : DIGEST_SHA256,
		value_of(bytes_span(s->another ? &another : &p->cms)), PKI_NOW + s->stamped_at,
		&p->token);
	assert_int_equal(
		cades_add_time_stamp(bytes_span(&p->cms), bytes_span(&p->token), &p->both, NULL),
		ERR_OK);
	bytes_free(&another);
}

static enum err judge(const struct story *s, struct span cms, const struct trust *whose,
	struct verify_report *report)
{
	struct verify_stamps stamps = {.trust = whose, .now = NOW + s->now, .clock_s = CLOCK_S};
	struct verify_request request = {.cms = cms,
		.detached = s->detached,
		.content = span_text("metin"),
		.trust = trusted,
		.at = stamps.now,
		.stamps = &stamps};
	struct error e = {0};
	enum err code = verify_cms(&request, report, &e);

	assert_int_equal(e.code, code);
	return code;
}

static enum err tell(const struct story *s, const struct trust *whose)
{
	struct verify_report report;
	struct parts p = {0};
	enum err code;

	make(s, &p);
	code = judge(s, bytes_span(&p.both), whose, &report);
	assert_int_equal(report.stamp_valid, code != ERR_TIMESTAMP);
	assert_int_equal(report.stamp_trusted, whose && code != ERR_TIMESTAMP);
	assert_true(report.signature_valid);
	parts_free(&p);
	return code;
}

static void stamped_signatures_are_accepted(void **state)
{
	static const enum digest digests[] = {DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512};

	(void)state;
	for (size_t i = 0; i < 12; i++) {
		struct story s = {.signer = i & 1 ? &rsa : &p256,
			.detached = i & 2,
			.digest = digests[i / 4],
			.stamped_at = 60};
		struct verify_report report;
		struct parts p = {0};

		make(&s, &p);
		assert_int_equal(judge(&s, bytes_span(&p.both), trusted, &report), ERR_OK);
		assert_true(report.stamp_trusted);
		assert_true(span_equal(report.time_stamp, bytes_span(&p.token)));
		assert_int_equal(report.stamp.time, PKI_NOW + 60);
		assert_string_equal(report.stamp.authority.holder, "ZDS");
		assert_int_equal(judge(&s, bytes_span(&p.cms), trusted, &report), ERR_OK);
		assert_false(report.stamp_valid);
		assert_int_equal(report.time_stamp.n, 0);
		parts_free(&p);
	}
}

/* Who does not ask for time stamps takes none. */
static void where_none_is_asked_for_there_may_be_none(void **state)
{
	struct verify_request request = {
		.content = span_text("metin"), .trust = trusted, .at = PKI_NOW};
	struct verify_report report;
	struct parts p = {0};

	(void)state;
	make(&(struct story){0}, &p);
	request.cms = bytes_span(&p.both);
	assert_int_equal(verify_cms(&request, &report, NULL), ERR_CMS_ATTRIBUTES);
	request.cms = bytes_span(&p.cms);
	assert_int_equal(verify_cms(&request, &report, NULL), ERR_OK);
	parts_free(&p);
}

static void stamps_that_do_not_count(void **state)
{
	(void)state;
	assert_int_equal(tell(&(struct story){.another = true}, trusted), ERR_TIMESTAMP);
	assert_int_equal(tell(&(struct story){.another = true}, NULL), ERR_TIMESTAMP);
	assert_int_equal(tell(&(struct story){0}, other), ERR_TIMESTAMP);
	assert_int_equal(tell(&(struct story){0}, NULL), ERR_OK);
}

static void its_time_lies_between_signing_and_now(void **state)
{
	static const struct {
		int64_t stamped_at;
		enum err want;
	} cases[] = {
		{-CLOCK_S, ERR_OK},
		{-CLOCK_S - 1, ERR_TIMESTAMP},
		{NOW - PKI_NOW + CLOCK_S, ERR_OK},
		{NOW - PKI_NOW + CLOCK_S + 1, ERR_TIMESTAMP},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(tell(&(struct story){.stamped_at = cases[i].stamped_at}, trusted),
			cases[i].want);
}

/* A signature of which it is proven that it was there while its certificate was valid stays good. */
static void it_proves_that_the_certificate_was_valid(void **state)
{
	struct story s = {.signer = &brief, .now = 2 * YEAR_S};
	struct verify_report report;
	struct parts p = {0};

	(void)state;
	assert_int_equal(tell(&s, trusted), ERR_OK);
	assert_int_equal(tell(&s, NULL), ERR_CERTIFICATE_EXPIRED);
	make(&s, &p);
	assert_int_equal(judge(&s, bytes_span(&p.cms), trusted, &report), ERR_CERTIFICATE_EXPIRED);
	parts_free(&p);
	s.authority = &brief_authority;
	assert_int_equal(tell(&s, trusted), ERR_CERTIFICATE_EXPIRED);
	s.authority = NULL;
	s.stamped_at = YEAR_S + 1;
	assert_int_equal(tell(&s, trusted), ERR_CERTIFICATE_EXPIRED);
}

/* The signature with unsignedAttrs of this content. */
static void put_unsigned(struct span cms, const struct bytes *attributes, struct bytes *out)
{
	struct cms parts;
	size_t at[6];

	assert_int_equal(cms_read(cms, &parts, NULL), ERR_OK);
	at[0] = der_begin(out);
	der_put(out, DER_OID, OID_SIGNED_DATA);
	at[1] = der_begin(out);
	at[2] = der_begin(out);
	bytes_append(out, parts.front);
	at[3] = der_begin(out);
	at[4] = der_begin(out);
	bytes_append(out, parts.signer);
	der_put(out, DER_CONTEXT_1, bytes_span(attributes));
	der_end(out, at[4], DER_SEQUENCE);
	der_end(out, at[3], DER_SET);
	der_end(out, at[2], DER_SEQUENCE);
	der_end(out, at[1], DER_CONTEXT_0);
	der_end(out, at[0], DER_SEQUENCE);
}

/* Appends the attribute with count values, the token each. */
static void put_stamp(struct bytes *out, struct span token, unsigned count)
{
	size_t attribute = der_begin(out), set;

	der_put(out, DER_OID, OID_SMIME_AA(14));
	set = der_begin(out);
	while (count--)
		bytes_append(out, token);
	der_end(out, set, DER_SET);
	der_end(out, attribute, DER_SEQUENCE);
}

static void one_attribute_with_one_stamp(void **state)
{
	static const struct {
		const char *what;
		unsigned values[2];
		const char *more;
		enum err want;
	} cases[] = {
		{"one", {1}, "", ERR_OK},
		{"none", {0}, "", ERR_CMS_ATTRIBUTES},
		{"two stamps", {1, 1}, "", ERR_TIMESTAMP},
		{"two values", {2}, "", ERR_TIMESTAMP},
		{"a counter signature", {0}, "300F 06092A864886F70D010906 3102 3000",
			ERR_CMS_ATTRIBUTES},
		{"one and a counter signature", {1}, "300F 06092A864886F70D010906 3102 3000",
			ERR_CMS_ATTRIBUTES},
		{"no value", {0}, "300F 060B2A864886F70D010910020E 3100", ERR_TIMESTAMP},
		{"no SEQUENCE", {0}, "3012 060B2A864886F70D010910020E 3103 040100", ERR_TIMESTAMP},
		{"no token", {0}, "3011 060B2A864886F70D010910020E 3102 3000", ERR_TIMESTAMP},
		{"no attribute", {0}, "0500", ERR_CMS_ATTRIBUTES},
	};
	struct verify_report report;
	struct parts p = {0};

	(void)state;
	make(&(struct story){0}, &p);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct bytes attributes = {0}, cms = {0};
		enum err code;

		for (size_t k = 0; k < 2 && cases[i].values[k]; k++)
			put_stamp(&attributes, bytes_span(&p.token), cases[i].values[k]);
		assert_true(hex_read(cases[i].more, &attributes));
		put_unsigned(bytes_span(&p.cms), &attributes, &cms);
		code = judge(&(struct story){0}, bytes_span(&cms), trusted, &report);
		if (code != cases[i].want)
			fail_msg("%s: %s", cases[i].what, error_symbol(code));
		bytes_free(&attributes);
		bytes_free(&cms);
	}
	parts_free(&p);
}

/* Signed, it would be a stamp on a signature that it is itself part of. */
static void not_among_the_signed_attributes(void **state)
{
	struct verify_report report;
	struct forge f;
	struct parts p = {0};
	struct bytes attribute = {0}, cms = {0};

	(void)state;
	make(&(struct story){0}, &p);
	put_stamp(&attribute, bytes_span(&p.token), 1);
	forge_start(&f, &rsa, "SHA256", span_text("metin"), 0);
	forge_set_span(&f, PART_A_MORE, bytes_span(&attribute));
	forge_build(&f, &cms);
	assert_int_equal(
		judge(&(struct story){0}, bytes_span(&cms), trusted, &report), ERR_CMS_ATTRIBUTES);
	forge_free(&f);
	bytes_free(&attribute);
	bytes_free(&cms);
	parts_free(&p);
}

static bool is_inside(const uint8_t *at, struct span whole)
{
	return at >= whole.at && at < whole.at + whole.n;
}

/* Inside the token some bits do not count (test_timestamp): then it says the same. */
static void no_bit_may_change(void **state)
{
	struct verify_report right, changed;
	struct parts p = {0};
	struct span cms;

	(void)state;
	make(&(struct story){0}, &p);
	cms = bytes_span(&p.both);
	assert_int_equal(judge(&(struct story){0}, cms, trusted, &right), ERR_OK);
	for (size_t bit = 0; bit < 8 * cms.n; bit += test_stride()) {
		uint8_t *at = &p.both.at[bit / 8];
		bool in_token = is_inside(at, right.time_stamp);

		if (in_token && bit % 5)
			continue;
		*at ^= (uint8_t)(1u << bit % 8);
		if (judge(&(struct story){0}, cms, trusted, &changed) == ERR_OK) {
			assert_true(in_token);
			assert_int_equal(changed.stamp.time, right.stamp.time);
			assert_memory_equal(
				changed.stamp.authority.sha256, right.stamp.authority.sha256, 32);
		}
		*at ^= (uint8_t)(1u << bit % 8);
	}
	parts_free(&p);
}

/* What a person is told of it. */
static void it_is_a_check_of_its_own(void **state)
{
	enum outcome outcomes[CHECK_COUNT];
	struct verify_report report;
	struct parts p = {0};
	enum err code;

	(void)state;
	make(&(struct story){0}, &p);
	code = judge(&(struct story){0}, bytes_span(&p.both), trusted, &report);
	check_outcomes(code, &report, outcomes);
	assert_int_equal(outcomes[CHECK_TIME_STAMP], GOOD);
	code = judge(&(struct story){0}, bytes_span(&p.both), other, &report);
	check_outcomes(code, &report, outcomes);
	assert_int_equal(outcomes[CHECK_TIME_STAMP], BAD);
	assert_int_equal(outcomes[CHECK_SIGNATURE], GOOD);
	code = judge(&(struct story){0}, bytes_span(&p.both), NULL, &report);
	check_outcomes(code, &report, outcomes);
	assert_int_equal(outcomes[CHECK_TIME_STAMP], NOT_CHECKED);
	assert_true(check_applies(CHECK_TIME_STAMP, &report));
	judge(&(struct story){0}, bytes_span(&p.cms), trusted, &report);
	assert_false(check_applies(CHECK_TIME_STAMP, &report));
	parts_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamped_signatures_are_accepted),
		cmocka_unit_test(where_none_is_asked_for_there_may_be_none),
		cmocka_unit_test(stamps_that_do_not_count),
		cmocka_unit_test(its_time_lies_between_signing_and_now),
		cmocka_unit_test(it_proves_that_the_certificate_was_valid),
		cmocka_unit_test(one_attribute_with_one_stamp),
		cmocka_unit_test(not_among_the_signed_attributes),
		cmocka_unit_test(no_bit_may_change),
		cmocka_unit_test(it_is_a_check_of_its_own),
	};

	return cmocka_run_group_tests(tests, make_all, free_all);
}

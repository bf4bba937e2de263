/* Every single bit of a signature turned over, and every truncation of it: none is accepted. */
#include "unit.h"

#include <stdlib.h>

#include "sign/pki.h"
#include "sign/verify.h"

static const char text[] = "Sözleşme metni";

/* Without trust, and with every question about the certificate's worth left out: each bit has to be
 * caught by the signature itself. */
static bool accepted(struct span cms, bool detached)
{
	struct verify_request request = {.cms = cms,
		.detached = detached,
		.any_content = true,
		.at = PKI_NOW,
		.any_certificate = true};
	struct verify_report report;

	if (detached)
		request.content = span_of(text, sizeof(text) - 1);
	return verify_cms(&request, &report, NULL) == ERR_OK;
}

static unsigned count_accepted_flips(struct span cms, bool detached)
{
	uint8_t *copy = must_alloc(cms.n);
	unsigned count = 0;

	memcpy(copy, cms.at, cms.n);
	for (size_t bit = 0; bit < 8 * cms.n; bit += test_stride()) {
		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		count += accepted(span_of(copy, cms.n), detached);
		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_true(accepted(span_of(copy, cms.n), detached));
	free(copy);
	return count;
}

static unsigned count_accepted_truncations(struct span cms, bool detached)
{
	unsigned count = 0;

	for (size_t n = 0; n < cms.n; n += test_stride()) {
		/* A copy of its own size, so that a read past the end is seen. */
		uint8_t *copy = must_alloc(n);

		if (n)
			memcpy(copy, cms.at, n);
		count += accepted(span_of(copy, n), detached);
		free(copy);
	}
	return count;
}

static void check(const char *key, bool pss, bool detached, bool further)
{
	struct span issuer = bytes_span(&pki_root.der);
	struct cades_request request = {
		.pss = pss, .detached = detached, .further = &issuer, .further_count = further};
	struct bytes cms = {0};
	struct pki signer;

	pki_make_signer(&signer, key, &pki_root);
	assert_int_equal(
		pki_make_cms(&signer, request, span_of(text, sizeof(text) - 1), &cms, NULL),
		ERR_OK);
	assert_int_equal(count_accepted_flips(bytes_span(&cms), detached), 0);
	assert_int_equal(count_accepted_truncations(bytes_span(&cms), detached), 0);
	bytes_free(&cms);
	pki_free(&signer);
}

static void rsa_attached(void **state)
{
	(void)state;
	check("rsa2048", false, false, false);
}

static void rsa_detached(void **state)
{
	(void)state;
	check("rsa2048", false, true, false);
}

static void rsa_pss_with_its_issuer_inside(void **state)
{
	(void)state;
	check("rsa2048", true, false, true);
}

static void ec_attached(void **state)
{
	(void)state;
	check("p256", false, false, false);
}

static void ec_detached(void **state)
{
	(void)state;
	check("p384", false, true, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rsa_attached),
		cmocka_unit_test(rsa_detached),
		cmocka_unit_test(rsa_pss_with_its_issuer_inside),
		cmocka_unit_test(ec_attached),
		cmocka_unit_test(ec_detached),
	};

	return cmocka_run_group_tests(tests, pki_root_setup, pki_root_teardown);
}

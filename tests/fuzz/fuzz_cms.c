/* A signature from anywhere, attached and detached, with and without a time stamp inside: whatever it
 * is, it is refused with a code, or what is reported of it lies inside it; and a time stamp that is put
 * in is the one that is read. */
#include <stdlib.h>

#include "sign/cades.h"
#include "sign/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

static void check_inside(struct span part, struct span whole)
{
	HOLDS(part.n == 0 ||
		(part.at >= whole.at && part.n <= whole.n - (size_t)(part.at - whole.at)));
}

static void check(struct span cms, bool detached, bool stamped)
{
	struct verify_stamps stamps = {.now = 4102444800, .clock_s = 4102444800};
	struct verify_request request = {.cms = cms,
		.detached = detached,
		.any_content = true,
		.at = 1782864000,
		.any_certificate = true,
		.stamps = stamped ? &stamps : NULL};
	struct verify_report report;
	struct error e = {0};
	enum err result;

	if (detached)
		request.content = span_text("metin");
	result = verify_cms(&request, &report, &e);
	HOLDS(e.code == result);
	HOLDS(result || (report.signature_valid && report.have_signer));
	HOLDS(!report.signature_valid || report.certificate.n);
	check_inside(report.content, cms);
	check_inside(report.certificate, cms);
	check_inside(report.time_stamp, cms);
	HOLDS(!report.stamp_valid || (stamped && report.time_stamp.n && report.signature_valid));
}

/* No token is in the stamp, so what is put in is refused, and as that. */
static void put_in(struct span cms)
{
	struct verify_stamps stamps = {.now = 4102444800};
	struct verify_request request = {.cms = cms,
		.any_content = true,
		.at = 1782864000,
		.any_certificate = true,
		.stamps = &stamps};
	struct verify_report report;
	struct bytes both = {0};
	struct span token = span_text("\x30\x03\x02\x01\x05");
	bool good = verify_cms(&request, &report, NULL) == ERR_OK && !report.time_stamp.n;
	enum err result = cades_add_time_stamp(cms, token, &both, NULL);

	HOLDS(!good || result == ERR_OK);
	request.cms = bytes_span(&both);
	HOLDS(!good || (verify_cms(&request, &report, NULL) == ERR_TIMESTAMP &&
			       span_equal(report.time_stamp, token)));
	bytes_free(&both);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (int i = 0; i < 4; i++)
		check(span_of(data, size), i & 1, i & 2);
	put_in(span_of(data, size));
	return 0;
}

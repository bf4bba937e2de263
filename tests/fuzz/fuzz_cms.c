/* A signature from anywhere, attached and detached: whatever it is, it is refused with a code, or
 * what is reported of it lies inside it. */
#include <stdlib.h>

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

static void check(struct span cms, bool detached)
{
	struct verify_request request = {.cms = cms,
		.detached = detached,
		.any_content = true,
		.at = 1782864000,
		.any_certificate = true};
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
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check(span_of(data, size), false);
	check(span_of(data, size), true);
	return 0;
}

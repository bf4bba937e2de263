/* An OCSP response or a revocation list from anywhere, and the certificates that it is about: a byte of flags, each
 * certificate behind its length in two bytes, the response or list. Whatever they are, they are refused with a code and say
 * nothing, or their times are what the question allows. */
#include <stdlib.h>

#include "sign/revocation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define AT 1795574700 /* when the seeds were made */
#define AGE_MAX 600
#define CLOCK 60

enum { FLAG_LIST = 1, FLAG_NONCE = 2, FLAG_SHA256 = 4 };

#define HOLDS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

static struct span take(struct span *rest)
{
	size_t n = rest->n < 2 ? 0 : (size_t)rest->at[0] << 8 | rest->at[1];
	struct span taken;

	*rest = span_from(*rest, 2);
	taken = span_first(*rest, n);
	*rest = span_from(*rest, n);
	return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct revocation_question q = {.at = AT, .age_max_s = AGE_MAX, .clock_s = CLOCK};
	struct span rest = span_from(span_of(data, size), 1);
	unsigned flags = size ? data[0] : 0;
	struct revocation_verdict v;
	struct bytes request = {0};
	struct error e = {0};
	enum err code;

	q.hash = flags & FLAG_SHA256 ? REVOCATION_SHA256 : REVOCATION_SHA1;
	if (flags & FLAG_NONCE)
		q.nonce = span_text("0123456789abcdef0123456789abcdef");
	q.certificate = take(&rest);
	q.issuer = take(&rest);
	code = flags & FLAG_LIST ? revocation_check_list(&q, rest, &v, &e)
				 : revocation_check_ocsp(&q, rest, &v, &e);
	HOLDS(e.code == code);
	HOLDS(!code || v.status == REVOCATION_UNKNOWN);
	HOLDS(code || v.this_update <= AT + CLOCK);
	HOLDS(code || flags & FLAG_LIST || v.this_update >= AT - AGE_MAX);
	HOLDS(code || !v.next_update || v.next_update >= AT);
	HOLDS(revocation_request(&q, &request, NULL) || request.n);
	bytes_free(&request);
	return 0;
}

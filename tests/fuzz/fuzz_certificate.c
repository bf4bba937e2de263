/* A certificate from any card: what is told of it is bounded, valid UTF-8, and harmless on a terminal
 * once base/text has shown it. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sign/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

static void check_text(const char *text, size_t size)
{
	struct span s = span_of(text, strnlen(text, size));
	struct bytes line = {0};

	HOLDS(s.n < size);
	for (size_t at = 0; at < s.n;) {
		struct text_piece piece = text_piece_at(s, at);

		/* "\xNN" is how a byte that is no UTF-8 is shown; a backslash itself is one byte. */
		HOLDS(strncmp(piece.form, "\\x", 2) != 0);
		at += piece.n;
	}
	text_line(s, 80, &line);
	HOLDS(text_is_safe(bytes_span(&line), NULL));
	bytes_free(&line);
}

static void check_tckn(const char *tckn)
{
	size_t n = strlen(tckn);

	HOLDS(n == 0 || n == 11);
	HOLDS(strspn(tckn, "0123456789") == n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct certificate_info info;
	struct error e = {0};

	if (certificate_read(span_of(data, size), &info, &e)) {
		HOLDS(e.code != ERR_OK);
		return 0;
	}
	check_text(info.holder, sizeof(info.holder));
	check_text(info.issuer, sizeof(info.issuer));
	check_text(info.serial, sizeof(info.serial));
	check_tckn(info.tckn);
	HOLDS(!info.qualified || (info.statement_etsi && info.statement_btk && info.has_policy &&
					 info.non_repudiation));
	for (int64_t at = info.not_before - 1; at <= info.not_before + 1; at++)
		HOLDS(certificate_usable(&info, at) != ERR_OK ||
			(info.qualified && at >= info.not_before && at <= info.not_after));
	return 0;
}

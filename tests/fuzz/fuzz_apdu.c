/* The answers to one command of each case: GET RESPONSE, 6Cxx, chaining. */
#include "card/apdu.h"
#include "blocks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const uint8_t sent[600];
	static const struct apdu commands[] = {
		{0x00, 0xB0, 0, 0, {0}, APDU_EXTENDED_NE},
		{0x00, 0xA4, 4, 0, {.at = sent, .n = 12}, APDU_SHORT_NE},
		{0x00, 0x2A, 0x9E, 0x9A, {.at = sent, .n = sizeof(sent)}, 256},
		{0x00, 0x20, 0, 0x81, {.at = sent, .n = 6}, 0},
	};
	struct reader *r = blocks_reader(span_of(data, n));
	struct channel c = channel_of(r);
	struct bytes answer = {0};
	struct error e;
	unsigned sw;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		apdu_exchange(&c, &commands[i], &answer, &sw, &e);
	bytes_free(&answer);
	reader_disconnect(r, false);
	return 0;
}

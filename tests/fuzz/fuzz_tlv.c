/* Walks over data objects, into each constructed one. */
#include "card/tlv.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* An object is inside what it was read from, and measured as long as it is. */
static void walk(struct span s, int depth)
{
	struct tlv_cursor c = tlv_walk(s);
	struct tlv item;
	unsigned number;
	size_t measured;

	while (tlv_next(&c, &item) == ERR_OK) {
		if (item.whole.at < s.at || item.whole.n > s.n)
			abort();
		if (item.value.n > 0 && item.value.at + item.value.n != item.whole.at + item.whole.n)
			abort();
		if (tlv_measure(item.whole, &measured) != ERR_OK || measured != item.whole.n)
			abort();
		tlv_number(item.value, &number);
		tlv_bit(item.value, 9);
		if (depth < 16)
			walk(item.value, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	walk(span_of(data, n), 0);
	return 0;
}

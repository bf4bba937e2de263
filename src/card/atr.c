#include "card/atr.h"

/* The bytes TA..TD of each round that a TD or T0 announces, skipped; *checked when a protocol but
 * T=0 is offered. */
static bool skip_interface(struct span *rest, uint8_t announced, bool *checked)
{
	while (announced & 0xF0) {
		size_t skip = (announced >> 4 & 1) + (announced >> 5 & 1) + (announced >> 6 & 1);

		if (!(announced & 0x80)) {
			if (rest->n < skip)
				return false;
			*rest = span_from(*rest, skip);
			return true;
		}
		if (rest->n < skip + 1)
			return false;
		announced = rest->at[skip];
		*checked = *checked || (announced & 0x0F) != 0;
		*rest = span_from(*rest, skip + 1);
	}
	return true;
}

bool atr_historical(struct span atr, struct span *out)
{
	struct span rest = span_from(atr, 2);
	bool checked = false;
	uint8_t sum = 0;
	size_t n;

	if (atr.n < 2 || !skip_interface(&rest, atr.at[1], &checked))
		return false;
	n = atr.at[1] & 0x0F;
	if (rest.n != n + (checked ? 1 : 0))
		return false;
	for (size_t i = 1; i < atr.n; i++)
		sum ^= atr.at[i];
	if (checked && sum != 0)
		return false;
	*out = span_first(rest, n);
	return true;
}

bool atr_extended_length(struct span atr)
{
	struct span h;

	if (!atr_historical(atr, &h) || h.n == 0 || (h.at[0] != 0x80 && h.at[0] != 0x00))
		return false;
	for (h = span_from(h, 1); h.n > 0; h = span_from(h, 1 + (h.at[0] & 0x0F))) {
		if (h.at[0] == 0x73)
			return h.n >= 4 && h.at[3] & 0x40;
	}
	return false;
}

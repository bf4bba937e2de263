#include "base/pin_choice.h"

/* Does each digit differ from the one before by step, modulo ten? */
static bool steps_by(struct span pin, unsigned step)
{
	for (size_t i = 1; i < pin.n; i++) {
		if ((pin.at[i - 1] - '0' + step) % 10 != (unsigned)(pin.at[i] - '0') % 10)
			return false;
	}
	return true;
}

enum err pin_choice(struct span pin, struct span puk)
{
	size_t common = pin.n < puk.n ? pin.n : puk.n;

	if (steps_by(pin, 0))
		return ERR_PIN_EQUAL;
	if (steps_by(pin, 1) || steps_by(pin, 9))
		return ERR_PIN_ROW;
	if (common > 0 && span_equal(span_first(pin, common), span_first(puk, common)))
		return ERR_PIN_LIKE_PUK;
	return ERR_OK;
}

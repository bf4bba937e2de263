#include "tui/pad.h"

#include <stddef.h>

/* Where the digits 1 .. 9 and 0 lie. */
static const uint8_t places[10] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 10};

struct pad pad_make(const uint8_t *random)
{
	uint8_t digits[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 0};
	struct pad pad = {{0}};

	/* Fisher and Yates. A byte modulo at most 10 favours some orders by less than one in twenty: this hides the
	 * digits from someone who watches the hand, it is no key. */
	for (unsigned i = 9; random && i > 0; i--) {
		unsigned other = random[i - 1] % (i + 1);
		uint8_t digit = digits[i];

		digits[i] = digits[other];
		digits[other] = digit;
	}
	for (size_t i = 0; i < sizeof(places); i++)
		pad.digit[places[i]] = digits[i];
	return pad;
}

bool pad_move(unsigned place, enum pad_move move, unsigned *to)
{
	unsigned row = place / PAD_COLUMNS, column = place % PAD_COLUMNS;

	if (place >= PAD_KEYS || (move == PAD_UP && row == 0) ||
		(move == PAD_DOWN && row == PAD_KEYS / PAD_COLUMNS - 1) ||
		(move == PAD_LEFT && column == 0) ||
		(move == PAD_RIGHT && column == PAD_COLUMNS - 1))
		return false;
	*to = move == PAD_UP     ? place - PAD_COLUMNS
	      : move == PAD_DOWN ? place + PAD_COLUMNS
	      : move == PAD_LEFT ? place - 1
				 : place + 1;
	return true;
}

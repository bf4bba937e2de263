/* The numeric pad of the PIN screen: twelve keys in four rows of three, as on the official screen
 *
 *     1        2  3
 *     4        5  6
 *     7        8  9
 *     Temizle  0  ←
 *
 * the digits in another order when it is shuffled. */
#ifndef EONAY_TUI_PAD_H
#define EONAY_TUI_PAD_H

#include <stdbool.h>
#include <stdint.h>

#define PAD_KEYS 12
#define PAD_COLUMNS 3
#define PAD_CLEAR 9  /* place of Temizle */
#define PAD_BACK 11  /* place of ← */
#define PAD_RANDOM 9 /* random bytes that one shuffle takes */

/* Which digit lies where: digit[place] for every place but PAD_CLEAR and PAD_BACK. */
struct pad {
	uint8_t digit[PAD_KEYS];
};

/* The pad in its usual order, or with random (PAD_RANDOM bytes) in one that they choose. */
struct pad pad_make(const uint8_t *random);

enum pad_move { PAD_UP, PAD_DOWN, PAD_LEFT, PAD_RIGHT };

/* The place beside place; false at the edge. */
bool pad_move(unsigned place, enum pad_move move, unsigned *to);

#endif

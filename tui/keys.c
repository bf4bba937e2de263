#include "tui/keys.h"

#include <string.h>

#define ESC 0x1B

/* The last byte of "CSI x" and "SS3 x" sequences. */
static const struct final {
	char final;
	uint8_t pressed, number;
} finals[] = {
	{'A', PRESSED_UP, 0},
	{'B', PRESSED_DOWN, 0},
	{'C', PRESSED_RIGHT, 0},
	{'D', PRESSED_LEFT, 0},
	{'H', PRESSED_HOME, 0},
	{'F', PRESSED_END, 0},
	{'Z', PRESSED_BACKTAB, 0},
	{'M', PRESSED_ENTER, 0},
	{'P', PRESSED_FUNCTION, 1},
	{'Q', PRESSED_FUNCTION, 2},
	{'R', PRESSED_FUNCTION, 3},
	{'S', PRESSED_FUNCTION, 4},
};

/* The number of "CSI n ~" sequences (DEC VT220 and later). */
static const struct numbered {
	uint8_t parameter, pressed, number;
} numbered[] = {
	{1, PRESSED_HOME, 0},
	{3, PRESSED_DELETE, 0},
	{4, PRESSED_END, 0},
	{5, PRESSED_PAGE_UP, 0},
	{6, PRESSED_PAGE_DOWN, 0},
	{7, PRESSED_HOME, 0},
	{8, PRESSED_END, 0},
	{11, PRESSED_FUNCTION, 1},
	{12, PRESSED_FUNCTION, 2},
	{13, PRESSED_FUNCTION, 3},
	{14, PRESSED_FUNCTION, 4},
	{15, PRESSED_FUNCTION, 5},
	{17, PRESSED_FUNCTION, 6},
	{18, PRESSED_FUNCTION, 7},
	{19, PRESSED_FUNCTION, 8},
	{20, PRESSED_FUNCTION, 9},
	{21, PRESSED_FUNCTION, 10},
	{23, PRESSED_FUNCTION, 11},
	{24, PRESSED_FUNCTION, 12},
};

#define PASTE_BEGINS 200
#define PASTE_ENDS 201

void keys_wipe(struct keys *k)
{
	explicit_bzero(k->held, sizeof(k->held));
	k->n = 0;
}

static bool give(struct key *out, enum pressed pressed, unsigned number)
{
	*out = (struct key){.pressed = pressed, .number = number};
	return true;
}

static bool final_key(uint8_t final, struct key *out)
{
	for (size_t i = 0; i < sizeof(finals) / sizeof(*finals); i++) {
		if ((uint8_t)finals[i].final == final)
			return give(out, finals[i].pressed, finals[i].number);
	}
	return false;
}

/* Reads a decimal number at *at; stops at the first byte that is no digit. Capped, so that it can't overflow. */
static unsigned number_at(const struct keys *k, unsigned *at)
{
	unsigned value = 0;

	for (; *at < k->n && k->held[*at] >= '0' && k->held[*at] <= '9'; (*at)++) {
		if (value < 10000)
			value = value * 10 + (k->held[*at] - '0');
	}
	return value;
}

/* "CSI n ~" and "CSI n ; modifier ~". */
static bool numbered_key(struct keys *k, struct key *out)
{
	unsigned at = 2, parameter = number_at(k, &at);

	if (parameter == PASTE_BEGINS || parameter == PASTE_ENDS) {
		k->paste = parameter == PASTE_BEGINS;
		return false;
	}
	for (size_t i = 0; i < sizeof(numbered) / sizeof(*numbered); i++) {
		if (numbered[i].parameter == parameter)
			return give(out, numbered[i].pressed, numbered[i].number);
	}
	return false;
}

/* xterm's SGR mouse report "CSI < button ; column ; row M" (m when released). */
static bool mouse_key(const struct keys *k, struct key *out)
{
	unsigned at = 3, button = number_at(k, &at), column, row;

	at++;
	column = number_at(k, &at);
	at++;
	row = number_at(k, &at);
	if (k->held[k->n - 1] != 'M' || column == 0 || row == 0)
		return false;
	if (button == 64 || button == 65)
		return give(out, button == 64 ? PRESSED_WHEEL_UP : PRESSED_WHEEL_DOWN, 0);
	if (button != 0)
		return false;
	give(out, PRESSED_CLICK, 0);
	out->row = row - 1;
	out->column = column - 1;
	return true;
}

/* held is a whole "CSI ..." sequence. */
static bool csi_key(struct keys *k, struct key *out)
{
	uint8_t final = k->held[k->n - 1];

	if (k->held[2] == '<')
		return mouse_key(k, out);
	if (k->held[2] == '[') /* Linux console: CSI [ A .. CSI [ E are F1 .. F5 */
		return final >= 'A' && final <= 'E' &&
		       give(out, PRESSED_FUNCTION, final - 'A' + 1u);
	if (final == '~')
		return numbered_key(k, out);
	return final != 'M' && final_key(final, out);
}

/* Is the sequence in held, which begins with ESC and another byte, whole? ECMA-48 5.4: a CSI sequence ends with a byte
 * of 40..7E; the Linux console's function keys have a further "[" in between. */
static bool sequence_whole(const struct keys *k)
{
	uint8_t last = k->held[k->n - 1];

	if (k->held[1] == 'O')
		return k->n == 3;
	if (k->n == 2 || (k->n == 3 && last == '['))
		return false;
	return last >= 0x40 && last <= 0x7E;
}

/* The next byte of a sequence that ESC has begun; *again: the byte does not belong to it. */
static bool sequence_byte(struct keys *k, uint8_t byte, struct key *out, bool *again)
{
	bool found;

	if (k->n == 1 && byte != '[' && byte != 'O') {
		keys_wipe(k);
		*again = true;
		return !k->paste && give(out, PRESSED_ESCAPE, 0);
	}
	if (k->n == sizeof(k->held) || byte == ESC) { /* no key that we know */
		keys_wipe(k);
		*again = byte == ESC;
		return false;
	}
	k->held[k->n++] = byte;
	if (!sequence_whole(k))
		return false;
	found = k->held[1] == 'O' ? final_key(byte, out) : csi_key(k, out);
	keys_wipe(k);
	return found && !k->paste;
}

static bool control_key(struct keys *k, uint8_t byte, struct key *out)
{
	bool second = k->after_return && byte == '\n';

	k->after_return = byte == '\r';
	switch (byte) {
	case '\r':
		return give(out, PRESSED_ENTER, 0);
	case '\n': /* scanners may end with CR LF */
		return !second && give(out, PRESSED_ENTER, 0);
	case '\t':
		return give(out, PRESSED_TAB, 0);
	case 0x08:
	case 0x7F:
		return give(out, PRESSED_BACKSPACE, 0);
	default:
		return byte > 0 && byte <= 0x1C && give(out, PRESSED_CONTROL, byte + 0x40u);
	}
}

/* Bytes of the UTF-8 character that begins so; 1 also for what is none. */
static unsigned character_size(uint8_t first)
{
	return first >= 0xC2 && first <= 0xDF   ? 2
	       : first >= 0xE0 && first <= 0xEF ? 3
	       : first >= 0xF0 && first <= 0xF4 ? 4
						: 1;
}

static bool character_byte(struct keys *k, uint8_t byte, struct key *out, bool *again)
{
	if (k->n > 0 && (byte & 0xC0) != 0x80) {
		*again = true; /* broken off: give what there was */
	} else {
		k->held[k->n++] = byte;
		if (k->n < character_size(k->held[0]))
			return false;
	}
	give(out, PRESSED_CHARACTER, 0);
	memcpy(out->text, k->held, k->n);
	out->n = k->n;
	keys_wipe(k);
	return true;
}

static bool take_byte(struct keys *k, uint8_t byte, struct key *out, bool *again)
{
	bool found;

	if (k->n > 0 && k->held[0] == ESC)
		return sequence_byte(k, byte, out, again);
	if (k->n == 0 && byte == ESC) {
		k->held[k->n++] = byte;
		return false;
	}
	if (k->n == 0 && (byte < 0x20 || byte == 0x7F)) {
		found = control_key(k, byte, out);
	} else {
		k->after_return = false;
		found = character_byte(k, byte, out, again);
	}
	if (found)
		out->pasted = k->paste;
	return found;
}

bool keys_next(struct keys *k, int64_t now_ms, struct span *input, struct key *out)
{
	if (input->n > 0) {
		if (k->paste && now_ms - k->last > KEYS_PASTE_MS)
			k->paste = false;
		k->last = now_ms;
	}
	while (input->n > 0) {
		bool again = false;
		bool found = take_byte(k, input->at[0], out, &again);

		if (!again)
			*input = span_from(*input, 1);
		if (found)
			return true;
	}
	return false;
}

int64_t keys_deadline(const struct keys *k)
{
	return k->n > 0 ? k->last + KEYS_ESCAPE_MS : INT64_MAX;
}

bool keys_flush(struct keys *k, int64_t now_ms, struct key *out)
{
	bool escape = k->n == 1 && k->held[0] == ESC && !k->paste;

	if (now_ms < keys_deadline(k))
		return false;
	keys_wipe(k);
	return escape && give(out, PRESSED_ESCAPE, 0);
}

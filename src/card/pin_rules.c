#include "card/pin_rules.h"

#include <string.h>

#include "card/iso7816.h"

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* Characters, not bytes: UTF-8 continuation bytes do not count. */
static size_t characters(struct span pin)
{
	size_t n = 0;

	for (size_t i = 0; i < pin.n; i++)
		n += (pin.at[i] & 0xC0) != 0x80;
	return n;
}

enum err pin_check(const struct pin_object *object, struct span pin, struct error *e)
{
	size_t n = characters(pin), most = object->max;

	if (object->coding == PIN_ISO9564 && most > PIN_ISO9564_MAX)
		most = PIN_ISO9564_MAX;
	if (n == 0 || n < object->min || n > most || pin.n > PIN_BLOCK_MAX)
		return error_set(e, ERR_PIN_LENGTH, "%u..%zu", object->min, most);
	for (size_t i = 0; i < pin.n && object->coding != PIN_UTF8; i++) {
		if (!is_digit(pin.at[i]))
			return error_set(e, ERR_PIN_DIGITS, "PIN");
	}
	return ERR_OK;
}

/* Two digits a byte from the high half on; the odd one out is followed by fill. */
static size_t pack_bcd(struct span pin, uint8_t fill, uint8_t *out)
{
	for (size_t i = 0; i < pin.n; i += 2) {
		uint8_t low = i + 1 < pin.n ? pin.at[i + 1] - '0' : fill;

		out[i / 2] = (uint8_t)((pin.at[i] - '0') << 4 | low);
	}
	return (pin.n + 1) / 2;
}

/* ISO 9564-1 format 2: 2, the number of digits, the digits, F up to eight bytes. */
static size_t pack_iso9564(struct span pin, uint8_t *out)
{
	uint8_t digits[14];
	size_t n = pin.n < sizeof(digits) ? pin.n : sizeof(digits);

	memset(out, 0xFF, 8);
	out[0] = (uint8_t)(0x20 | n);
	memcpy(digits, pin.at, n);
	pack_bcd(span_of(digits, n), 0x0F, out + 1);
	explicit_bzero(digits, sizeof(digits));
	return 8;
}

size_t pin_encode(const struct pin_object *object, struct span pin, uint8_t out[PIN_BLOCK_MAX])
{
	size_t n = pin.n < PIN_BLOCK_MAX ? pin.n : PIN_BLOCK_MAX;

	switch (object->coding) {
	case PIN_BCD:
		n = pack_bcd(span_first(pin, n), object->pad & 0x0F, out);
		break;
	case PIN_ISO9564:
		return pack_iso9564(pin, out);
	case PIN_VALUES:
	case PIN_HALF_NIBBLE_BCD: /* F in the high half of each byte, the digit in the low */
		for (size_t i = 0; i < n; i++)
			out[i] = (uint8_t)((pin.at[i] & 0x0F) |
					   (object->coding == PIN_VALUES ? 0x00 : 0xF0));
		break;
	default:
		memcpy(out, pin.at, n);
	}
	while (object->needs_padding && n < object->stored && n < PIN_BLOCK_MAX)
		out[n++] = object->pad;
	return n;
}

enum err pin_judge(unsigned sw, bool blocked_6984, struct error *e)
{
	int tries = iso_tries(sw);
	enum err code = ERR_PIN_REFUSED;

	if (sw == SW_OK)
		return ERR_OK;
	if (sw == SW_PIN_BLOCKED || tries == 0 || (sw == SW_DATA_INVALID && blocked_6984)) {
		code = ERR_PIN_BLOCKED;
		tries = 0;
	} else if (tries > 0) {
		code = ERR_PIN_WRONG;
	} else if (sw == SW_VERIFY_FAILED) {
		code = ERR_PIN_UNSETTLED;
	}
	error_set_sw(e, code, sw, "VERIFY");
	if (e) {
		e->tries = tries;
		e->pin_sent = true;
	}
	return code;
}

enum err pin_permit(const struct card_pin *state, bool confirmed, struct error *e)
{
	enum err code = ERR_OK;

	if (state->blocked)
		code = ERR_PIN_BLOCKED;
	else if (state->not_set)
		code = ERR_PIN_NOT_SET;
	else if ((state->last_try || state->tries == TRIES_UNKNOWN) && !confirmed)
		code = ERR_PIN_LAST_TRY;
	if (code == ERR_OK)
		return ERR_OK;
	error_set(e, code, "PIN");
	if (e)
		e->tries = state->tries;
	return code;
}

enum err pin_of_puk(enum err code, struct error *e)
{
	static const struct {
		enum err pin, puk;
	} pairs[] = {
		{ERR_PIN_WRONG, ERR_PUK_WRONG},
		{ERR_PIN_BLOCKED, ERR_PUK_BLOCKED},
		{ERR_PIN_LENGTH, ERR_PUK_LENGTH},
		{ERR_PIN_DIGITS, ERR_PUK_DIGITS},
		{ERR_PIN_LAST_TRY, ERR_PUK_LAST_TRY},
		{ERR_PIN_NOT_SET, ERR_PUK_NONE},
		{ERR_PIN_UNSETTLED, ERR_PUK_UNSETTLED},
		{ERR_PIN_REFUSED, ERR_PUK_REFUSED},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (pairs[i].pin != code)
			continue;
		if (e)
			e->code = pairs[i].puk;
		return pairs[i].puk;
	}
	return code;
}

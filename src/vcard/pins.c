/* PINs: VERIFY and RESET RETRY COUNTER (ISO 7816-4 7.5.6, 7.5.10) and what CHANGE REFERENCE DATA
 * is made from. */
#include "vcard/card.h"

#include <string.h>

#include "base/secret.h"

enum pin_name card_pin_of(const struct card *c, uint8_t reference)
{
	for (int name = 0; name < PIN_COUNT; name++) {
		if (c->profile->pin_references[name] == reference)
			return (enum pin_name)name;
	}
	return PIN_COUNT;
}

size_t card_pin_field(const struct card *c, enum pin_name name)
{
	return c->profile->pin_coding == PIN_PADDED ? PIN_SIZE_MAX
						    : strlen(c->state->pins[name].value);
}

/* Turns a PIN as it stands in a command into digits; anything that is no digit becomes a character
 * that no PIN has. */
static size_t digits_of(const struct card *c, struct span value, char digits[PIN_SIZE_MAX + 1])
{
	size_t n = value.n;

	if (c->profile->pin_coding == PIN_PADDED) {
		while (n && value.at[n - 1] == 0)
			n--;
	}
	for (size_t i = 0; i < n; i++) {
		unsigned digit = value.at[i];

		if (c->profile->pin_coding != PIN_VALUES)
			digit -= '0';
		digits[i] = digit < 10 ? (char)('0' + digit) : '?';
	}
	digits[n] = '\0';
	return n;
}

static bool right_length(const struct card *c, struct span value)
{
	size_t most = c->profile->pin_coding == PIN_PADDED ? PIN_SIZE_MAX : c->profile->pin_max;

	return value.n >= c->profile->pin_min && value.n <= most;
}

/* The counter is kept before anybody learns whether the PIN was right: pulling the card gains no
 * try. */
static unsigned keep(struct card *c)
{
	return state_save(c->state, NULL) == ERR_OK ? SW_OK : SW_MEMORY;
}

static unsigned count_wrong(struct card *c, enum pin_name name)
{
	struct pin *pin = &c->state->pins[name];

	c->verified[name] = false;
	if (pin->tries == 0)
		return c->profile->sw_blocked;
	pin->tries--;
	if (keep(c) != SW_OK)
		return SW_MEMORY;
	return SW_TRIES_LEFT | pin->tries;
}

unsigned card_check_pin(struct card *c, enum pin_name name, struct span value)
{
	struct pin *pin = &c->state->pins[name];
	char digits[PIN_SIZE_MAX + 1];
	bool right;
	size_t n;

	if (!right_length(c, value))
		return SW_LENGTH;
	if (pin->tries == 0)
		return count_wrong(c, name);
	n = digits_of(c, value, digits);
	right = secret_equal(span_of(digits, n), span_text(pin->value));
	explicit_bzero(digits, sizeof(digits));
	if (!right)
		return count_wrong(c, name);
	if (pin->tries != pin->tries_max) {
		pin->tries = pin->tries_max;
		if (keep(c) != SW_OK)
			return SW_MEMORY;
	}
	c->verified[name] = true;
	return SW_OK;
}

unsigned card_set_pin(struct card *c, enum pin_name name, struct span value)
{
	struct pin *pin = &c->state->pins[name];
	char digits[PIN_SIZE_MAX + 1];
	size_t n;

	if (!right_length(c, value))
		return SW_LENGTH;
	n = digits_of(c, value, digits);
	if (strchr(digits, '?') || n < c->profile->pin_min)
		return SW_DATA;
	memcpy(pin->value, digits, n + 1);
	pin->tries = pin->tries_max;
	c->verified[name] = false;
	return keep(c);
}

/* VERIFY without data. */
static unsigned verify_nothing(struct card *c, enum pin_name name)
{
	if (c->profile->empty_verify == EMPTY_VERIFY_COUNTS)
		return count_wrong(c, name);
	return c->verified[name] ? SW_OK : SW_TRIES_LEFT | c->state->pins[name].tries;
}

unsigned command_verify(struct card *c, const struct command *cmd, struct bytes *out)
{
	enum pin_name name = card_pin_of(c, cmd->p2);

	(void)out;
	if (cmd->p1)
		return SW_P1P2;
	if (name == PIN_COUNT || (c->profile->local_references && !card_in_application(c)))
		return SW_NOT_FOUND;
	return cmd->data.n ? card_check_pin(c, name, cmd->data) : verify_nothing(c, name);
}

/* P1 of RESET RETRY COUNTER. */
enum {
	RESET_PUK_AND_NEW_PIN = 0x00,
	RESET_NEW_PIN = 0x02,
	RESET_ONLY = 0x03,
};

unsigned command_reset_retry_counter(struct card *c, const struct command *cmd, struct bytes *out)
{
	struct pin *pin = &c->state->pins[PIN_USER];
	size_t puk = card_pin_field(c, PIN_PUK);
	unsigned sw;

	(void)out;
	if (card_pin_of(c, cmd->p2) != PIN_USER ||
		(c->profile->local_references && !card_in_application(c)))
		return SW_NOT_FOUND;
	switch (cmd->p1) {
	case RESET_PUK_AND_NEW_PIN:
		if (cmd->data.n <= puk || !right_length(c, span_from(cmd->data, puk)))
			return SW_LENGTH;
		sw = card_check_pin(c, PIN_PUK, span_first(cmd->data, puk));
		c->verified[PIN_PUK] = false;
		return sw == SW_OK ? card_set_pin(c, PIN_USER, span_from(cmd->data, puk)) : sw;
	case RESET_NEW_PIN:
		return c->verified[PIN_PUK] ? card_set_pin(c, PIN_USER, cmd->data)
					    : c->profile->sw_not_verified;
	case RESET_ONLY:
		if (!c->verified[PIN_PUK])
			return c->profile->sw_not_verified;
		pin->tries = pin->tries_max;
		return keep(c);
	default:
		return SW_P1P2;
	}
}

/* AKiS v1.0: at most 244 bytes either way, proprietary FCI tag 90, DIRECTORY, MSE 22 C3, 6984 when
 * blocked. RSA only. */
#include "vcard/card.h"

#include <string.h>

#include "vcard/ber.h"
#include "vcard/crypto.h"

/* The bits of FCI tag 90. On an EF "PIN needed" has the opposite sense: with it reading is free. */
enum {
	BIT_VALID = 0x02,
	BIT_PIN_NEEDED = 0x04,
	BIT_READ = 0x10,
	BIT_WRONG_ONCE = 0x40,
	BIT_LAST_TRY = 0x80,
};

enum {
	MSE_RESTORE_KEY = 0xC3,
	ENTRY_SIZE = 20, /* of DIRECTORY */
	ENTRY_EF = 0x2F,
	ENTRY_DF = 0x3D,
	DATA_LIFE_CYCLE = 0x04,
	DATA_SERIAL = 0x06,
	LIFE_CYCLE_OPERATION = 0xA5,
	LIFE_CYCLE_SIZE = 10,
	LIFE_CYCLE_AT = 6,
	SERIAL_SIZE = 77,
	SERIAL_AT = 55,
};

static void control_information(const struct card *c, const struct file *f, struct bytes *out)
{
	const struct pin *pin = &c->state->pins[PIN_USER];
	uint8_t bits = BIT_VALID | BIT_READ;

	if (!f->df || f->id == c->profile->df)
		bits |= BIT_PIN_NEEDED;
	if (f->id == c->profile->df) {
		bits |= pin->tries < pin->tries_max ? BIT_WRONG_ONCE : 0;
		bits |= pin->tries <= 1 ? BIT_LAST_TRY : 0;
	}
	ber_put_u8(out, 0x90, bits);
}

/* What lies in the current DF, in entries of 20 bytes: kind, identifier, size, 00. */
static unsigned directory(struct card *c, const struct command *cmd, struct bytes *out)
{
	if (cmd->p1 || cmd->p2)
		return SW_P1P2;
	for (size_t i = 0; i < c->fs.count; i++) {
		const struct file *f = &c->fs.files[i];
		uint8_t entry[ENTRY_SIZE] = {f->df ? ENTRY_DF : ENTRY_EF, (uint8_t)(f->id >> 8),
			(uint8_t)f->id, (uint8_t)(f->content.n >> 8), (uint8_t)f->content.n};

		if (f->parent == c->fs.df)
			bytes_append(out, span_of(entry, sizeof(entry)));
	}
	return SW_OK;
}

static unsigned get_data(struct card *c, const struct command *cmd, struct bytes *out)
{
	uint8_t life[LIFE_CYCLE_SIZE] = {[LIFE_CYCLE_AT] = LIFE_CYCLE_OPERATION};
	uint8_t system[SERIAL_SIZE] = {0};

	if (cmd->p1 != 0x01)
		return SW_P1P2;
	switch (cmd->p2) {
	case DATA_LIFE_CYCLE:
		bytes_append(out, span_of(life, sizeof(life)));
		return SW_OK;
	case DATA_SERIAL:
		memcpy(system + SERIAL_AT, c->state->serial, sizeof(c->state->serial));
		bytes_append(out, span_of(system, sizeof(system)));
		return SW_OK;
	default:
		return SW_NOT_FOUND;
	}
}

/* Takes a field with a length byte before it. */
static bool take_field(struct span *rest, struct span *field)
{
	if (rest->n == 0 || rest->at[0] > rest->n - 1)
		return false;
	*field = span_first(span_from(*rest, 1), rest->at[0]);
	*rest = span_from(*rest, 1 + (size_t)rest->at[0]);
	return true;
}

/* The PUK's holder gives the PIN a value: by RESET RETRY COUNTER when it is blocked, by CHANGE when it is not. */
static unsigned set_by_puk(struct card *c, const struct command *cmd, bool blocked)
{
	if (card_pin_of(c, cmd->p2) != PIN_USER || !card_in_application(c))
		return SW_NOT_FOUND;
	if (!c->verified[PIN_PUK])
		return c->profile->sw_not_verified;
	if ((c->state->pins[PIN_USER].tries == 0) != blocked)
		return SW_CONDITIONS;
	return card_set_pin(c, PIN_USER, cmd->data);
}

static unsigned reset_pin(struct card *c, const struct command *cmd, struct bytes *out)
{
	(void)out;
	return cmd->p1 == 2 ? set_by_puk(c, cmd, true) : SW_P1P2;
}

/* CHANGE: P1=1 for the PUK's holder; P1=2 for a PIN of the DF, whose reference then has no 80, with
 * length | old | length | new. */
static unsigned change_pin(struct card *c, const struct command *cmd, struct bytes *out)
{
	enum pin_name name = card_pin_of(c, cmd->p2 | 0x80);
	struct span rest = cmd->data, old, new;
	unsigned sw;

	(void)out;
	if (cmd->p1 == 1)
		return set_by_puk(c, cmd, false);
	if (cmd->p1 != 2 || cmd->p2 & 0x80)
		return SW_P1P2;
	if (name == PIN_COUNT || !card_in_application(c))
		return SW_NOT_FOUND;
	if (!take_field(&rest, &old) || !take_field(&rest, &new) || rest.n)
		return SW_LENGTH;
	if (new.n < c->profile->pin_min || new.n > c->profile->pin_max)
		return SW_LENGTH;
	sw = card_check_pin(c, name, old);
	return sw == SW_OK ? card_set_pin(c, name, new) : sw;
}

/* 80 19 05 3D with the DF's identifier: all tries back after VERIFY of the PUK. */
static unsigned reset_counter(struct card *c, const struct command *cmd, struct bytes *out)
{
	struct command reset = {.p1 = 0x03, .p2 = c->profile->pin_references[PIN_USER]};

	if (cmd->p1 != 0x05 || cmd->p2 != 0x3D)
		return SW_P1P2;
	if (cmd->data.n != 2 || (cmd->data.at[0] << 8 | cmd->data.at[1]) != c->profile->df)
		return SW_FILE_NOT_FOUND;
	return command_reset_retry_counter(c, &reset, out);
}

static unsigned log_out(struct card *c, const struct command *cmd, struct bytes *out)
{
	(void)out;
	if (cmd->p1 || cmd->p2)
		return SW_P1P2;
	c->verified[PIN_USER] = c->verified[PIN_PUK] = false;
	return SW_OK;
}

static bool any_algorithm(uint8_t algorithm, EVP_PKEY *key)
{
	(void)algorithm;
	(void)key;
	return true;
}

/* MSE 22 C3 <key reference>, without data. */
static unsigned manage_environment(struct card *c, const struct command *cmd, struct bytes *out)
{
	const uint8_t template[] = {0x80, 0x01, 0x00, 0x84, 0x01, cmd->p2};

	(void)out;
	if (cmd->p1 != MSE_RESTORE_KEY)
		return SW_P1P2;
	if (cmd->data.n)
		return SW_LENGTH;
	if (!card_in_application(c))
		return SW_CONDITIONS;
	return card_set_environment(c, span_of(template, sizeof(template)), any_algorithm);
}

static unsigned sign(struct card *c, const struct command *cmd, struct bytes *out)
{
	struct state_key *k;
	unsigned sw;

	if (!(k = card_signing_key(c, cmd, &sw)))
		return sw;
	return crypto_sign_pkcs1(k->key, cmd->data, out) ? SW_OK : SW_DATA;
}

static const struct instruction instructions[] = {
	{0x00, 0xA4, command_select},
	{0x00, 0xB0, command_read_binary},
	{0x00, 0xCA, get_data},
	{0x00, 0x20, command_verify},
	{0x00, 0x24, change_pin},
	{0x00, 0x2C, reset_pin},
	{0x00, 0x22, manage_environment},
	{0x00, 0x2A, sign},
	{0x00, 0x84, command_get_challenge},
	{0x80, 0x18, directory},
	{0x80, 0x19, reset_counter},
	{0x80, 0x1A, log_out},
	{0},
};

const struct profile profile_akis1 = {
	.name = "akis1",
	.atr = "3BBA11008131FE4D55454B41452056312E30AE",
	.df = 0x3D00,
	.df_names = {{.at = profile_pkcs15 + PKCS15_RID_SIZE,
		.n = PKCS15_AID_SIZE - PKCS15_RID_SIZE}},
	.df_aid = {.at = profile_pkcs15, .n = PKCS15_AID_SIZE},
	.data_max = 244,
	.exact_le = true,
	.path_from_mf = true,
	.ef_by_p1_02_only = true,
	.local_references = true,
	.pin_references = {0x81, 0x82},
	.pin_coding = PIN_VALUES,
	.empty_verify = EMPTY_VERIFY_COUNTS,
	.pin_min = 4,
	.pin_max = 16,
	.sw_blocked = SW_REFERENCE_DATA,
	.sw_not_verified = SW_AKIS_NO_PIN_ENTERED,
	.instructions = instructions,
	.control_information = control_information,
};

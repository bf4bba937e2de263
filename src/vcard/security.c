/* The security environment and who may sign (ISO 7816-8, ISO 7816-4 7.5.11). */
#include "vcard/card.h"

#include "vcard/ber.h"
#include "vcard/certificates.h"

/* Objects of a digital signature template (ISO 7816-4, control reference templates). */
enum {
	TAG_ALGORITHM = 0x80,
	TAG_FILE = 0x81,
	TAG_PRIVATE_KEY = 0x84,
};

/* P1 and P2 of PERFORM SECURITY OPERATION: a signature, of plain data (ISO 7816-8). */
enum { PSO_SIGNATURE = 0x9E, PSO_PLAIN = 0x9A };

static bool key_is_there(const struct card *c, const struct state_key *k)
{
	size_t i = 0;
	struct state_key *each;

	while ((each = card_next_key(c, true, &i))) {
		if (each == k)
			return true;
	}
	return false;
}

unsigned card_set_environment(
	struct card *c, struct span template, bool (*known)(uint8_t algorithm, EVP_PKEY *key))
{
	struct environment e = {.set = true};
	bool algorithm = false, reference = false;
	struct state_key *k;
	struct span value;
	unsigned tag;

	while (template.n) {
		if (!ber_next(&template, &tag, &value))
			return SW_DATA;
		if (tag == TAG_FILE)
			continue;
		if (value.n != 1 || (tag != TAG_ALGORITHM && tag != TAG_PRIVATE_KEY))
			return SW_DATA;
		*(tag == TAG_ALGORITHM ? &e.algorithm : &e.key) = value.at[0];
		*(tag == TAG_ALGORITHM ? &algorithm : &reference) = true;
	}
	if (!algorithm || !reference)
		return SW_DATA;
	if (c->profile->local_references && !(e.key & 0x80))
		return SW_NOT_FOUND;
	e.key &= 0x7F;
	k = state_key(c->state, e.key);
	if (!k || !key_is_there(c, k))
		return SW_NOT_FOUND;
	if (!known(e.algorithm, k->key))
		return SW_DATA;
	c->environment = e;
	return SW_OK;
}

struct state_key *card_signing_key(struct card *c, const struct command *cmd, unsigned *sw)
{
	struct state_key *k = state_key(c->state, c->environment.key);

	*sw = SW_P1P2;
	if (cmd->p1 != PSO_SIGNATURE || cmd->p2 != PSO_PLAIN)
		return NULL;
	*sw = SW_CONDITIONS;
	if (!c->environment.set || !k)
		return NULL;
	*sw = c->profile->sw_not_verified;
	if (!c->verified[PIN_USER])
		return NULL;
	if (c->profile->pin_each_time)
		c->verified[PIN_USER] = false;
	*sw = SW_OK;
	return k;
}

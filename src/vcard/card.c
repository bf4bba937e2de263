#include "vcard/card.h"

#include <string.h>

#include "vcard/certificates.h"
#include "vcard/contents.h"

/* Bits of an interindustry CLA (ISO 7816-4 5.1.1). */
enum {
	CLA_CHANNEL = 0x03,
	CLA_SECURE_MESSAGING = 0x0C,
	CLA_CHAINING = 0x10,
	CLA_INTERINDUSTRY = 0x1F,
	CLA_PROPRIETARY = 0x80,
	INS_GET_RESPONSE = 0xC0,
};

const uint8_t profile_pkcs15[PKCS15_AID_SIZE] = {
	0xA0, 0x00, 0x00, 0x00, 0x63, 'P', 'K', 'C', 'S', '-', '1', '5'};

static const struct profile *const profiles[] = {&profile_akis, &profile_akis1, &profile_iso};

const struct profile *profile_named(const char *name)
{
	for (size_t i = 0; i < sizeof(profiles) / sizeof(*profiles); i++) {
		if (strcmp(profiles[i]->name, name) == 0)
			return profiles[i];
	}
	return NULL;
}

void card_open(struct card *c, const struct profile *profile, struct state *state,
	struct card_contents contents)
{
	*c = (struct card){.profile = profile, .state = state};
	files_init(&c->fs);
	contents_build(c, contents);
	card_reset(c);
}

void card_close(struct card *c)
{
	files_free(&c->fs);
	bytes_wipe(&c->chain);
	bytes_free(&c->rest);
}

void card_reset(struct card *c)
{
	files_select(&c->fs, files_mf(&c->fs));
	memset(c->verified, 0, sizeof(c->verified));
	c->environment = (struct environment){0};
	c->iso_api = 0;
	c->chain_open = false;
	bytes_wipe(&c->chain);
	bytes_clear(&c->rest);
}

struct state_key *card_next_key(const struct card *c, bool more, size_t *index)
{
	while (*index < c->state->key_count) {
		struct state_key *k = &c->state->keys[(*index)++];
		bool ec = EVP_PKEY_get_base_id(k->key) == EVP_PKEY_EC;

		if ((c->profile->ec || !ec) && (more || !certificate_kind(k->id)->more))
			return k;
	}
	return NULL;
}

uint8_t card_key_reference(const struct card *c, const struct state_key *k)
{
	return (uint8_t)(k->id | (c->profile->local_references ? 0x80 : 0));
}

bool card_in_application(const struct card *c)
{
	return c->fs.df->id == c->profile->df;
}

/* What the profile's hardware cannot take. */
static unsigned check_size(const struct card *c, const struct command *cmd)
{
	if (cmd->extended ? !c->profile->extended : cmd->data.n > c->profile->data_max)
		return SW_LENGTH;
	return SW_OK;
}

static unsigned check_class(const struct card *c, const struct command *cmd)
{
	if (cmd->cla == CLA_PROPRIETARY)
		return SW_OK;
	if (cmd->cla & ~CLA_INTERINDUSTRY)
		return SW_CLASS;
	if (cmd->cla & CLA_SECURE_MESSAGING)
		return SW_SECURE_MESSAGING;
	if (cmd->cla & CLA_CHANNEL)
		return SW_CHANNEL;
	if ((cmd->cla & CLA_CHAINING) && !c->profile->chaining)
		return SW_AKIS_CHAINING;
	return SW_OK;
}

/* Command chaining (ISO 7816-4 5.1.1.1): collects the data. True when the command is to be carried
 * out now, with all the data; otherwise *sw answers it. */
static bool unchain(struct card *c, struct command *cmd, unsigned *sw)
{
	const uint8_t now[3] = {cmd->ins, cmd->p1, cmd->p2};

	*sw = SW_OK;
	if (c->chain_open && memcmp(c->chained, now, sizeof(now)) != 0)
		*sw = SW_LAST_OF_CHAIN;
	else if (c->chain_open && c->chain.n + cmd->data.n > CHAIN_MAX)
		*sw = SW_LENGTH;
	if (*sw != SW_OK) {
		c->chain_open = false;
		bytes_wipe(&c->chain);
		return false;
	}
	if (!(cmd->cla & CLA_CHAINING) && !c->chain_open)
		return true;
	memcpy(c->chained, now, sizeof(now));
	bytes_append(&c->chain, cmd->data);
	c->chain_open = cmd->cla & CLA_CHAINING;
	cmd->cla &= (uint8_t)~CLA_CHAINING;
	cmd->data = bytes_span(&c->chain);
	return !c->chain_open;
}

static unsigned dispatch(struct card *c, const struct command *cmd, struct bytes *out)
{
	const struct instruction *i = c->profile->instructions;
	bool known_class = false;

	for (; i->run; i++) {
		if (i->cla != cmd->cla)
			continue;
		known_class = true;
		if (i->ins == cmd->ins)
			return i->run(c, cmd, out);
	}
	return known_class ? SW_INSTRUCTION : SW_CLASS;
}

static void put_sw(struct bytes *response, unsigned sw)
{
	bytes_append_byte(response, (uint8_t)(sw >> 8));
	bytes_append_byte(response, (uint8_t)sw);
}

static bool carries_data(unsigned sw)
{
	return sw == SW_OK || sw >> 8 == 0x62 || sw >> 8 == 0x63;
}

/* Sends what Le and the profile allow of what is waiting, and says how much is left (61xx). */
static void send_rest(struct card *c, const struct command *cmd, struct bytes *response)
{
	size_t room = cmd->ne;
	size_t left;

	if (!cmd->extended && room > c->profile->data_max)
		room = c->profile->data_max;
	bytes_append(response, span_first(bytes_span(&c->rest), room));
	left = c->rest.n > room ? c->rest.n - room : 0;
	if (left == 0) {
		put_sw(response, c->rest_sw);
		bytes_clear(&c->rest);
		return;
	}
	memmove(c->rest.at, c->rest.at + room, left);
	c->rest.n = left;
	put_sw(response, SW_MORE_DATA | (left > 0xFF ? 0 : (unsigned)left));
}

static void send_answer(struct card *c, const struct command *cmd, struct bytes *out, unsigned sw,
	struct bytes *response)
{
	if (!carries_data(sw) || out->n == 0) {
		put_sw(response, sw);
		return;
	}
	if (c->profile->exact_le && cmd->ne && !cmd->ne_all && cmd->ne > out->n) {
		put_sw(response, SW_EXACT_LENGTH | (unsigned)out->n);
		return;
	}
	bytes_clear(&c->rest);
	bytes_append(&c->rest, bytes_span(out));
	c->rest_sw = sw;
	send_rest(c, cmd, response);
}

static unsigned run(struct card *c, struct command *cmd, struct bytes *out)
{
	unsigned sw;

	if ((sw = check_class(c, cmd)) != SW_OK || (sw = check_size(c, cmd)) != SW_OK)
		return sw;
	if (unchain(c, cmd, &sw)) {
		sw = dispatch(c, cmd, out);
		bytes_wipe(&c->chain);
	}
	return sw;
}

void card_transmit(struct card *c, struct span apdu, struct bytes *response)
{
	struct bytes out = {0};
	struct command cmd;
	unsigned sw;

	if (!command_parse(apdu, &cmd)) {
		put_sw(response, SW_LENGTH);
		return;
	}
	if (cmd.ins == INS_GET_RESPONSE && cmd.cla == 0) {
		if (c->rest.n && cmd.ne)
			send_rest(c, &cmd, response);
		else
			put_sw(response, c->rest.n ? SW_LENGTH : SW_CONDITIONS);
		return;
	}
	bytes_clear(&c->rest);
	sw = run(c, &cmd, &out);
	send_answer(c, &cmd, &out, sw, response);
	bytes_free(&out);
}

#include "model.h"

#include <stdlib.h>

#include "base/hex.h"
#include "card/reader_internal.h"
#include "vcard/card.h"
#include "vcard/personalise.h"
#include "lent_card.h"

const struct model_kind model_kinds[MODEL_KINDS] = {
	{"akis", true, false, false, "akis"},
	{"akis", false, false, false, "akis"},
	{"akis1", true, false, false, "akis1"},
	{"akis1", false, false, false, "akis1"},
	{"iso", true, false, true, "isoapplet"},
	{"akis", true, true, false, "pkcs15"},
};

const struct model_mishap model_mishaps[] = {
	{FAULT_PULL_BEFORE, 0},
	{FAULT_PULL_AFTER, 0},
	{FAULT_IO, 0},
	{FAULT_RESET, 0},
	{FAULT_SILENT, 0},
	{FAULT_ONE_BYTE, 0},
	{FAULT_MORE_FOREVER, 0x01},
	{FAULT_MORE_FOREVER, 0x00},
	{FAULT_TRUNCATE, 0},
	{FAULT_GARBLE, 0},
	{FAULT_HUGE, 0},
	{FAULT_SW, 0x6F00},
	{FAULT_SW, 0x6982},
	{FAULT_SW, 0x6985},
	{FAULT_SW, 0x6983},
	{FAULT_SW, 0x6984},
	{FAULT_SW, 0x63C2},
	{FAULT_SW, 0x63C0},
	{FAULT_SW, 0x6300},
	{FAULT_SW, 0x6700},
	{FAULT_SW, 0x6A80},
	{FAULT_SW, 0x6A82},
	{FAULT_SW, 0x6A88},
	{FAULT_SW, 0x6C10},
	{FAULT_SW, 0x6D00},
	{FAULT_SW, 0x6E00},
	{FAULT_SW, 0x0000},
	{FAULT_NONE, 0},
};

/* Making keys takes long: all models are the same holder's, one of them being in use at a time. */
static struct state kept;
static unsigned keepers;

struct model {
	const struct profile *profile;
	struct state *state;
	struct card card;
	bool unknown_atr;
	unsigned insertion;
	/* since model_connect() */
	bool out, fresh, begun;
	unsigned at, value, puk_at;
	enum model_fault fault;
	struct model_seen seen;
};

struct model_reader {
	struct reader base;
	struct model *m;
};

struct model *model_new(const char *profile, bool directory, bool unknown_atr)
{
	struct model *m = must_zalloc(sizeof(*m));
	struct error e;

	m->profile = profile_named(profile);
	assert_non_null(m->profile);
	if (keepers++ == 0)
		assert_int_equal(lent_card(&kept, false, &e), ERR_OK);
	m->state = &kept;
	vcard_open(&m->card, m->profile, m->state, (struct card_contents){.directory = directory});
	m->unknown_atr = unknown_atr;
	return m;
}

void model_free(struct model *m)
{
	vcard_close(&m->card);
	if (--keepers == 0)
		state_free(&kept);
	free(m);
}

struct model *models[MODEL_KINDS];

int models_setup(void **state)
{
	(void)state;
	for (size_t i = 0; i < MODEL_KINDS; i++)
		models[i] = model_new(model_kinds[i].profile, model_kinds[i].directory,
			model_kinds[i].unknown_atr);
	return 0;
}

int models_teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < MODEL_KINDS; i++)
		model_free(models[i]);
	return 0;
}

static void pull(struct model *m)
{
	m->out = true;
	card_reset(&m->card);
}

static bool brings_puk(const struct model *m, struct span command)
{
	if (command.n <= 5)
		return false;
	return command.at[1] == 0x20 ? command.at[3] == m->profile->pin_references[PIN_PUK]
				     : command.at[1] == 0x2C && command.at[2] == 0x00;
}

/* Seen on the way from the host, whatever becomes of it. */
static void look(struct model *m, struct span command)
{
	m->seen.commands++;
	assert_true(m->begun);
	assert_true(command.n >= 4);
	if (brings_puk(m, command)) {
		m->seen.puks++;
		m->puk_at = m->seen.commands;
		m->seen.puk_sw = 0;
	}
	if (command.at[1] != 0x20 || m->puk_at == m->seen.commands)
		return;
	if (command.n > 5) {
		m->seen.verifies++;
		m->seen.verify_at = m->seen.commands;
		m->seen.verify_sw = 0;
	} else {
		m->seen.empty_verifies++;
	}
}

static void spoil(struct model *m, struct bytes *answer, size_t before)
{
	size_t n = answer->n - before - 2;
	struct bytes filling = {0};

	switch (m->fault) {
	case FAULT_TRUNCATE:
		memmove(answer->at + before + n / 2, answer->at + before + n, 2);
		answer->n = before + n / 2 + 2;
		break;
	case FAULT_GARBLE:
		for (size_t i = before; i < before + n; i++)
			answer->at[i] ^= 0xFF;
		break;
	case FAULT_HUGE:
		for (unsigned i = 0; i < 70000; i++)
			bytes_append_byte(&filling, (uint8_t)i);
		answer->n = before;
		bytes_append(answer, bytes_span(&filling));
		bytes_append(answer, span_of("\x90\x00", 2));
		bytes_free(&filling);
		break;
	default:
		break;
	}
}

static enum err carry_out(
	struct model *m, struct span command, struct bytes *answer, struct error *e)
{
	size_t before = answer->n;

	card_transmit(&m->card, command, answer);
	if (m->seen.commands != m->at)
		return ERR_OK;
	if (m->fault == FAULT_PULL_AFTER)
		pull(m);
	if (m->fault == FAULT_PULL_AFTER || m->fault == FAULT_IO) {
		answer->n = before;
		return error_set(e, m->out ? ERR_CARD_REMOVED : ERR_CARD_IO, "model");
	}
	spoil(m, answer, before);
	return ERR_OK;
}

static void append_sw(struct bytes *answer, unsigned sw)
{
	bytes_append_byte(answer, (uint8_t)(sw >> 8));
	bytes_append_byte(answer, (uint8_t)sw);
}

static enum err respond(struct model *m, struct span command, struct bytes *answer, struct error *e)
{
	bool now = m->seen.commands == m->at;

	if (now && m->fault == FAULT_PULL_BEFORE)
		pull(m);
	if (m->out)
		return error_set(e, ERR_CARD_REMOVED, "model");
	if (now && m->fault == FAULT_RESET) {
		card_reset(&m->card);
		return error_set(e, ERR_CARD_RESET, "model");
	}
	if (now && m->fault == FAULT_SW) {
		append_sw(answer, m->value);
	} else if (now && m->fault == FAULT_ONE_BYTE) {
		bytes_append_byte(answer, 0x90);
	} else if (m->at && m->seen.commands >= m->at && m->fault == FAULT_MORE_FOREVER) {
		append_sw(answer, 0x6100 | m->value);
	} else if (!now || m->fault != FAULT_SILENT) {
		return carry_out(m, command, answer, e);
	}
	return ERR_OK;
}

static enum err model_transmit(
	struct reader *r, struct span command, struct bytes *answer, struct error *e)
{
	struct model *m = ((struct model_reader *)r)->m;
	size_t before = answer->n;
	unsigned sw = 0;
	enum err code;

	look(m, command);
	code = respond(m, command, answer, e);
	if (!code && answer->n >= before + 2)
		sw = (unsigned)answer->at[answer->n - 2] << 8 | answer->at[answer->n - 1];
	if (m->seen.verify_at == m->seen.commands)
		m->seen.verify_sw = sw;
	if (m->puk_at == m->seen.commands)
		m->seen.puk_sw = sw;
	return code;
}

static enum err model_begin(struct reader *r, bool *fresh, struct error *e)
{
	struct model *m = ((struct model_reader *)r)->m;

	assert_false(m->begun);
	if (m->out)
		return error_set(e, ERR_CARD_REMOVED, "model");
	if (m->insertion != r->state.events)
		return error_set(e, ERR_CARD_CHANGED, "model");
	*fresh = m->fresh;
	m->fresh = false;
	m->begun = true;
	return ERR_OK;
}

static void model_end(struct reader *r, bool reset)
{
	struct model *m = ((struct model_reader *)r)->m;

	assert_true(m->begun);
	m->begun = false;
	m->fresh = reset;
	if (reset)
		card_reset(&m->card);
}

static void model_disconnect(struct reader *r, bool reset)
{
	(void)reset;
	free(r);
}

static const struct reader_ops ops = {
	.transmit = model_transmit,
	.begin = model_begin,
	.end = model_end,
	.disconnect = model_disconnect,
};

struct reader *model_connect(struct model *m)
{
	struct model_reader *r = must_zalloc(sizeof(*r));
	struct bytes atr = {0};

	card_reset(&m->card);
	m->out = m->begun = false;
	m->fresh = true;
	m->at = 0;
	m->puk_at = 0;
	m->seen = (struct model_seen){0};
	m->state->pins[PIN_USER] = (struct pin){.tries = 3, .tries_max = 3, .value = PIN_TEST};
	m->state->pins[PIN_PUK] = (struct pin){.tries = 3, .tries_max = 3, .value = PUK_TEST};
	r->base.ops = &ops;
	r->base.trace = -1;
	r->m = m;
	r->base.state.events = (uint16_t)m->insertion;
	assert_true(hex_read(
		m->unknown_atr ? "3B8D018031C0730001C055656F6E617966" : m->profile->atr, &atr));
	memcpy(r->base.state.atr, atr.at, atr.n);
	r->base.state.atr_n = atr.n;
	bytes_free(&atr);
	return &r->base;
}

void model_fault(struct model *m, unsigned at, enum model_fault fault, unsigned value)
{
	m->at = at;
	m->fault = fault;
	m->value = value;
}

void model_reinsert(struct model *m)
{
	m->insertion++;
	card_reset(&m->card);
}

void model_other_program(struct model *m, const char *apdu)
{
	struct bytes command = {0}, answer = {0};

	assert_false(m->begun);
	assert_true(hex_read(apdu, &command));
	card_transmit(&m->card, bytes_span(&command), &answer);
	bytes_free(&command);
	bytes_free(&answer);
}

struct model_seen model_seen(const struct model *m)
{
	struct model_seen seen = m->seen;

	seen.verified = !m->out && m->card.verified[PIN_USER];
	seen.tries = m->state->pins[PIN_USER].tries;
	seen.puk_verified = !m->out && m->card.verified[PIN_PUK];
	seen.puk_tries = m->state->pins[PIN_PUK].tries;
	seen.in_transaction = m->begun;
	return seen;
}

void model_set_tries(struct model *m, unsigned tries)
{
	m->state->pins[PIN_USER].tries = (uint8_t)tries;
}

void model_set_puk_tries(struct model *m, unsigned tries)
{
	m->state->pins[PIN_PUK].tries = (uint8_t)tries;
}

bool model_pin_is(const struct model *m, const char *pin)
{
	const struct pin *is = &m->state->pins[PIN_USER];

	return strcmp(is->value, pin) == 0 && is->tries == is->tries_max;
}

/* The virtual card's command dispatcher: a byte chooses the profile, then come commands, each behind a length of two
 * bytes, high byte first. The card's state is in memory and made once; tries are given back for each input. */
#include <stdlib.h>

#include "vcard/card.h"
#include "vcard/personalise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct state state;

static void prepare(void)
{
	static bool done;
	const struct holder holder = {0};

	if (!done && personalise(&state, NULL, &holder, true, NULL, NULL))
		abort();
	done = true;
	state.pins[PIN_USER] = (struct pin){.tries = 3, .tries_max = 3, .value = PIN_TEST};
	state.pins[PIN_PUK] = (struct pin){.tries = 3, .tries_max = 3, .value = PUK_TEST};
}

/* What holds for every answer: a status word, no more data than a short command can have asked for, and PINs whose
 * tries stay within their bounds. */
static void check(struct span apdu, const struct bytes *answer)
{
	struct command c;
	bool is_extended = command_parse(apdu, &c) && c.extended;

	if (answer->n < 2 || (!is_extended && answer->n > NE_SHORT_MAX + 2))
		abort();
	for (int i = 0; i < PIN_COUNT; i++) {
		if (state.pins[i].tries > state.pins[i].tries_max)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"akis", "akis1", "iso"};
	struct span rest = span_of(data, size);
	struct bytes answer = {0};
	struct card card;

	if (size < 1)
		return 0;
	prepare();
	card_open(&card, profile_named(names[data[0] % 3]), &state,
		(struct card_contents){.directory = !(data[0] & 0x80), .more = data[0] & 0x40});
	rest = span_from(rest, 1);
	while (rest.n >= 2) {
		struct span apdu =
			span_first(span_from(rest, 2), (size_t)rest.at[0] << 8 | rest.at[1]);

		bytes_clear(&answer);
		card_transmit(&card, apdu, &answer);
		check(apdu, &answer);
		rest = span_from(rest, 2 + apdu.n);
	}
	card_close(&card);
	bytes_free(&answer);
	return 0;
}

/* The key decoder: any bytes give the same keys whole and byte by byte, and each key is well formed. */
#include <stdlib.h>
#include <string.h>

#include "tui/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check(const struct keys *k, const struct key *key)
{
	require(k->n <= sizeof(k->held));
	require(key->pressed <= PRESSED_WHEEL_DOWN);
	require(key->n < sizeof(key->text) && key->text[key->n] == '\0');
	require((key->pressed == PRESSED_CHARACTER) == (key->n > 0));
	require(key->pressed != PRESSED_FUNCTION || (key->number >= 1 && key->number <= 12));
	require(key->pressed != PRESSED_CONTROL || (key->number > 0x40 && key->number <= 0x5C));
}

static void decode(struct keys *k, struct span input, struct bytes *out)
{
	struct key key;

	while (keys_next(k, 0, &input, &key)) {
		check(k, &key);
		bytes_append(out, span_of(&key.pressed, sizeof(key.pressed)));
		bytes_append(out, span_of(&key.number, sizeof(key.number)));
		bytes_append(out, span_of(key.text, key.n));
	}
	require(input.n == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct keys whole = {0}, single = {0};
	struct bytes first = {0}, second = {0};
	struct key key;

	decode(&whole, span_of(data, size), &first);
	for (size_t i = 0; i < size; i++)
		decode(&single, span_of(data + i, 1), &second);
	require(span_equal(bytes_span(&first), bytes_span(&second)));
	if (keys_flush(&whole, KEYS_ESCAPE_MS, &key))
		require(key.pressed == PRESSED_ESCAPE);
	require(whole.n == 0);
	bytes_free(&first);
	bytes_free(&second);
	return 0;
}

#include "cli/choice.h"

#include <string.h>

#include "base/hex.h"

static bool is_reader(const struct cards *cards, unsigned index, const char *name)
{
	return !name || strcmp(cards->readers[index].name, name) == 0;
}

static bool is_id(const char *have, const char *wanted)
{
	struct bytes a = {0}, b = {0};
	bool same = !wanted || (hex_read(have, &a) && hex_read(wanted, &b) &&
				       span_equal(bytes_span(&a), bytes_span(&b)));

	bytes_free(&a);
	bytes_free(&b);
	return same;
}

/* Why no certificate is left: what the reader or card says, when one is meant. */
static enum err why_none(const struct cards *cards, const char *reader, struct error *e)
{
	const struct cards_reader *only = NULL;
	unsigned count = 0;

	for (unsigned i = 0; i < cards->reader_count; i++) {
		if (!is_reader(cards, i, reader))
			continue;
		only = &cards->readers[i];
		count++;
	}
	if (count == 0 && cards->error.code == ERR_OK)
		return error_set(e, ERR_READER_NAME, "%s", reader ? reader : "");
	if (count == 0) {
		*e = cards->error;
		return e->code;
	}
	if (count == 1 && only->state)
		return error_set(e, only->state, "%s", only->name);
	return error_set(e, ERR_NO_CERTIFICATE, "%s", count == 1 ? only->name : "");
}

enum err choice_of_pin(const struct cards *cards, const char *reader, const char *id,
	const struct cards_certificate **out, struct error *e)
{
	const struct cards_certificate *found = NULL;
	unsigned readers = 0;

	*out = NULL;
	for (unsigned i = 0; i < cards->certificate_count; i++) {
		const struct cards_certificate *c = &cards->certificates[i];

		if (!is_reader(cards, c->reader, reader) || !is_id(c->id, id) ||
			c->usable == ERR_NO_KEY)
			continue;
		readers += !found || found->reader != c->reader;
		if (!found || (found->usable && !c->usable))
			found = c;
	}
	if (readers > 1)
		return error_set(e, ERR_CERTIFICATE_CHOICE, "%u", readers);
	*out = found;
	if (found)
		return ERR_OK;
	return id && cards->certificate_count > 0 ? error_set(e, ERR_NO_CERTIFICATE, "%s", id)
						  : why_none(cards, reader, e);
}

enum err choice_of_certificate(const struct cards *cards, const char *reader, const char *id,
	const struct cards_certificate **out, struct error *e)
{
	const struct cards_certificate *unusable = NULL;
	unsigned usable = 0, found = 0;

	for (unsigned i = 0; i < cards->certificate_count; i++) {
		const struct cards_certificate *c = &cards->certificates[i];

		if (!is_reader(cards, c->reader, reader) || !is_id(c->id, id))
			continue;
		found++;
		if (c->usable) {
			unusable = c;
		} else {
			usable++;
			*out = c;
		}
	}
	if (usable == 1)
		return ERR_OK;
	*out = NULL;
	if (usable > 1)
		return error_set(e, ERR_CERTIFICATE_CHOICE, "%u", usable);
	if (found == 1)
		return error_set(e, unusable->usable, "%s", unusable->info.holder);
	if (found > 1 || (id && cards->certificate_count > 0))
		return error_set(e, ERR_NO_CERTIFICATE, "%s", id ? id : "");
	return why_none(cards, reader, e);
}

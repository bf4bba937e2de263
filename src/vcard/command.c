#include "vcard/command.h"

enum { HEADER = 4 };

static size_t number_of(struct span s, size_t at)
{
	return (size_t)s.at[at] << 8 | s.at[at + 1];
}

static void set_ne(struct command *c, size_t le, size_t most)
{
	c->ne = le ? le : most;
	c->ne_all = le == 0;
}

/* Cases 2S, 3S and 4S; body is what follows the header, not empty. */
static bool parse_short(struct span body, struct command *c)
{
	size_t lc = body.at[0];

	if (body.n == 1) {
		set_ne(c, lc, NE_SHORT_MAX);
		return true;
	}
	if (lc == 0 || (body.n != 1 + lc && body.n != 1 + lc + 1))
		return false;
	c->data = span_first(span_from(body, 1), lc);
	if (body.n == 1 + lc + 1)
		set_ne(c, body.at[1 + lc], NE_SHORT_MAX);
	return true;
}

/* Cases 2E, 3E and 4E; body starts with the 00 that marks them and has three bytes or more. */
static bool parse_extended(struct span body, struct command *c)
{
	size_t lc = number_of(body, 1);

	c->extended = true;
	if (body.n == 3) {
		set_ne(c, lc, NE_EXTENDED_MAX);
		return true;
	}
	if (lc == 0 || (body.n != 3 + lc && body.n != 3 + lc + 2))
		return false;
	c->data = span_first(span_from(body, 3), lc);
	if (body.n == 3 + lc + 2)
		set_ne(c, number_of(body, 3 + lc), NE_EXTENDED_MAX);
	return true;
}

bool command_parse(struct span apdu, struct command *c)
{
	struct span body = span_from(apdu, HEADER);

	*c = (struct command){0};
	if (apdu.n < HEADER)
		return false;
	c->cla = apdu.at[0];
	c->ins = apdu.at[1];
	c->p1 = apdu.at[2];
	c->p2 = apdu.at[3];
	if (body.n == 0)
		return true;
	if (body.at[0] == 0 && body.n >= 3)
		return parse_extended(body, c);
	return parse_short(body, c);
}

struct span command_data(struct span apdu)
{
	struct command c;

	return command_parse(apdu, &c) ? c.data : (struct span){0};
}

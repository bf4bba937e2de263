#include "vcard/trace.h"

#include "base/hex.h"
#include "vcard/command.h"

static void put_line(FILE *f, struct bytes *line)
{
	fprintf(f, "%s\n", bytes_text(line));
	fflush(f);
	bytes_free(line);
}

/* VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER with their neighbours of odd number. */
static bool carries_pin(struct span apdu)
{
	switch (apdu.n > 1 ? apdu.at[1] & 0xFE : 0) {
	case 0x20:
	case 0x24:
	case 0x2C:
		return true;
	default:
		return false;
	}
}

void trace_command(FILE *f, struct span apdu)
{
	struct span secret = {0};
	struct bytes line = {0};
	size_t at;

	if (!f)
		return;
	if (carries_pin(apdu)) {
		/* A command that cannot be parsed may still hold digits: all but its header goes.
		 */
		secret = command_data(apdu);
		if (!secret.n)
			secret = span_from(apdu, 5);
	}
	at = secret.n ? (size_t)(secret.at - apdu.at) : apdu.n;
	bytes_append_text(&line, "> ");
	hex_append(&line, span_first(apdu, at));
	for (size_t i = 0; i < secret.n; i++)
		bytes_append_text(&line, "**");
	if (secret.n)
		hex_append(&line, span_from(apdu, at + secret.n));
	put_line(f, &line);
}

void trace_response(FILE *f, struct span apdu)
{
	struct bytes line = {0};

	if (!f)
		return;
	bytes_append_text(&line, "< ");
	hex_append(&line, apdu);
	put_line(f, &line);
}

void trace_note(FILE *f, const char *note)
{
	struct bytes line = {0};

	if (!f)
		return;
	bytes_append_format(&line, "# %s", note);
	put_line(f, &line);
}

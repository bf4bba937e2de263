#include "card/file.h"

#include <string.h>

#include "card/tlv.h"

#define PIECES_MAX (FILE_SIZE_MAX / 64) /* a card that answers by drops is a broken one */

struct file_system file_system_of(struct channel *channel)
{
	return (struct file_system){.channel = channel, .by = ISO_EF, .answer = ISO_NO_ANSWER};
}

void file_system_home(struct file_system *fs)
{
	fs->away = false;
	fs->current.n = 0;
}

static enum err select_once(struct file_system *fs, enum iso_select_by by,
	enum iso_select_answer answer, struct span data, unsigned *sw, struct error *e)
{
	struct bytes fci = {0};
	enum err code = iso_select(fs->channel, by, answer, data, &fci, sw, e);

	bytes_free(&fci);
	return code;
}

/* Status words that say "not this way" and not "no such file". */
static bool is_style(unsigned sw)
{
	return sw == SW_WRONG_P1P2 || sw == SW_OUTSIDE_FILE || sw == SW_NOT_SUPPORTED ||
	       sw == SW_WRONG_LENGTH || sw == SW_WRONG_DATA;
}

/* SELECT in each style until the card understands one; what it understood is kept for the next
 * file. */
static enum err select_styled(
	struct file_system *fs, enum iso_select_by by, struct span data, struct error *e)
{
	static const enum iso_select_answer answers[] = {ISO_NO_ANSWER, ISO_FCI, ISO_FCP};
	unsigned sw = 0;
	enum err code;

	if ((code = select_once(fs, by, fs->answer, data, &sw, e)))
		return code;
	for (size_t i = 0; i < 3 && is_style(sw) && !fs->answer_known; i++) {
		if (answers[i] == fs->answer)
			continue;
		if ((code = select_once(fs, by, answers[i], data, &sw, e)))
			return code;
		if (!is_style(sw))
			fs->answer = answers[i];
	}
	if (sw == SW_OK)
		fs->answer_known = true;
	return sw == SW_OK ? ERR_OK : iso_error(e, sw, "SELECT");
}

/* An EF of the current DF. Some cards know P1=00 only. */
static enum err select_ef(struct file_system *fs, struct span id, struct error *e)
{
	enum err code = select_styled(fs, fs->by, id, e);

	if (!fs->by_known &&
		(code == ERR_CARD_REFUSED || code == ERR_ALGORITHM || code == ERR_NOT_FOUND)) {
		code = select_styled(fs, ISO_BY_ID, id, e);
		if (code == ERR_OK)
			fs->by = ISO_BY_ID;
	}
	fs->by_known = fs->by_known || code == ERR_OK;
	return code;
}

/* How cards say that the offset is behind the end of the file. */
static bool is_beyond(unsigned sw)
{
	return sw == SW_OUTSIDE_FILE || sw == SW_WRONG_P1P2 || sw == SW_FILE_NOT_FOUND;
}

static bool is_absolute(struct span path)
{
	return path.n >= 2 && path.at[0] == 0x3F && path.at[1] == 0x00;
}

static void set_current(struct file_system *fs, struct span df)
{
	fs->away = true;
	fs->current = (struct file_path){.n = df.n};
	memcpy(fs->current.at, df.at, df.n);
}

/* From the MF one step after another, for cards that do not take a path. */
static enum err walk(struct file_system *fs, struct span path, struct error *e)
{
	enum err code = ERR_OK;

	for (size_t i = 0; i + 2 < path.n && !code; i += 2)
		code = select_styled(fs, ISO_BY_ID, span_first(span_from(path, i), 2), e);
	return code ? code : select_ef(fs, span_from(path, path.n - 2), e);
}

static enum err select_absolute(struct file_system *fs, struct span path, struct error *e)
{
	struct span df = span_first(path, path.n - 2),
		    here = span_of(fs->current.at, fs->current.n);
	enum err code;

	if (!fs->away)
		here = span_of(fs->application.at, fs->application.n);
	if (here.n > 0 && span_equal(df, here))
		return select_ef(fs, span_from(path, path.n - 2), e);
	code = select_styled(fs, ISO_PATH, span_from(path, 2), e);
	if (code == ERR_CARD_REFUSED || code == ERR_ALGORITHM || code == ERR_NOT_FOUND)
		code = walk(fs, path, e);
	if (!code)
		set_current(fs, df);
	return code;
}

/* Selects an EF. ERR_NOT_FOUND, ERR_CARD_REFUSED, and the transport's errors. */
static enum err select_file(struct file_system *fs, const struct file_path *path, struct error *e)
{
	struct span p = span_of(path->at, path->n);
	struct file_path whole = fs->application;

	if (p.n < 2 || p.n % 2 || p.n > FILE_PATH_MAX)
		return error_set(e, ERR_CARD_DATA, "path of %zu bytes", p.n);
	if (is_absolute(p) && p.n > 2)
		return select_absolute(fs, p, e);
	if (p.n == 2 && !fs->away)
		return select_ef(fs, p, e);
	if (whole.n == 0 || whole.n + p.n > FILE_PATH_MAX)
		return error_set(
			e, ERR_NOT_FOUND, "relative path, application at an unknown place");
	memcpy(whole.at + whole.n, p.at, p.n);
	return select_absolute(fs, span_of(whole.at, whole.n + p.n), e);
}

/* What one READ BINARY brought. */
struct piece {
	bool end;       /* the file has no more */
	bool is_short;  /* less came than was asked for */
	unsigned count; /* pieces so far */
};

/* READ BINARY of up to ne bytes, appended to out. A card or reader that does not bear the extended
 * length that was promised is asked in short form from then on. */
static enum err read_piece(struct file_system *fs, size_t offset, unsigned ne, struct bytes *out,
	struct piece *p, struct error *e)
{
	struct bytes got = {0};
	unsigned sw = 0;
	enum err code = iso_read_binary(fs->channel, offset, ne, &got, &sw, e);

	if (ne > APDU_SHORT_NE &&
		(code == ERR_CARD_IO || (!code && sw != SW_OK && sw != SW_END_OF_FILE))) {
		channel_extend(fs->channel, 0, 0);
		ne = fs->channel->ne;
		code = iso_read_binary(fs->channel, offset, ne, &got, &sw, e);
	}
	p->end = sw != SW_OK || got.n == 0;
	p->is_short = got.n < ne;
	if (!code && sw != SW_OK && sw != SW_END_OF_FILE && (out->n == 0 || !is_beyond(sw)))
		code = iso_error(e, sw, "READ BINARY");
	if (!code)
		bytes_append(out, bytes_span(&got));
	bytes_free(&got);
	return code;
}

/* What to ask for next: the rest of the object when its length is known, else all there can be. */
static unsigned next_ne(const struct file_system *fs, size_t have, size_t want)
{
	unsigned most = channel_ne(fs->channel);

	return want > have && want - have < most ? (unsigned)(want - have) : most;
}

/* One more piece of the file of path behind what got holds; PIECES_MAX of them are one file. */
static enum err read_on(struct file_system *fs, const struct file_path *path, size_t want,
	struct bytes *got, struct piece *p, struct error *e)
{
	size_t at = path->offset + got->n;

	if (at >= FILE_SIZE_MAX || ++p->count > PIECES_MAX)
		return error_set(e, ERR_CARD_DATA, "file of more than %d bytes", FILE_SIZE_MAX);
	return read_piece(fs, at, next_ne(fs, got->n, want), got, p, e);
}

enum err file_read_object(
	struct file_system *fs, const struct file_path *path, struct bytes *out, struct error *e)
{
	struct bytes got = {0};
	size_t want = 0;
	struct piece p = {0};
	enum err code;

	if ((code = select_file(fs, path, e)))
		return code;
	do {
		code = read_on(fs, path, want ? want : path->length, &got, &p, e);
		if (!code && tlv_measure(bytes_span(&got), &want) == ERR_TLV)
			code = error_set(e, ERR_CARD_DATA, "no data object");
	} while (!code && !p.end && (want == 0 || got.n < want));
	if (!code && (want == 0 || got.n < want))
		code = error_set(e, ERR_CARD_DATA, "file ends in the middle of an object");
	if (!code)
		bytes_append(out, span_first(bytes_span(&got), want));
	bytes_free(&got);
	return code;
}

/* Bytes of s up to its filling, or up to an object that is not there whole yet (*partial). */
static size_t whole_objects(struct span s, bool *partial)
{
	size_t at = 0, n;

	*partial = false;
	while (at < s.n && s.at[at] != 0x00 && s.at[at] != 0xFF) {
		enum err code = tlv_measure(span_from(s, at), &n);

		if (code == ERR_TLV)
			return at;
		if (code == ERR_END || n > s.n - at) {
			*partial = true;
			return at;
		}
		at += n;
	}
	return at;
}

enum err file_read_objects(
	struct file_system *fs, const struct file_path *path, struct bytes *out, struct error *e)
{
	struct bytes got = {0};
	size_t whole = 0;
	bool partial = false;
	struct piece p = {0};
	enum err code;

	if ((code = select_file(fs, path, e)))
		return code;
	do {
		code = read_on(fs, path, path->length, &got, &p, e);
		whole = whole_objects(bytes_span(&got), &partial);
	} while (!code && !p.end && (partial || (whole == got.n && !p.is_short)));
	if (!code)
		bytes_append(out, span_first(bytes_span(&got), whole));
	bytes_free(&got);
	return code;
}

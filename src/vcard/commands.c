/* SELECT, READ BINARY and GET CHALLENGE (ISO 7816-4 7.1.1, 7.2.3, 7.5.3). */
#include "vcard/card.h"

#include <openssl/rand.h>

#include "vcard/ber.h"

/* P1 of SELECT. */
enum {
	SELECT_ID = 0x00,
	SELECT_CHILD_DF = 0x01,
	SELECT_CHILD_EF = 0x02,
	SELECT_PARENT = 0x03,
	SELECT_NAME = 0x04,
	SELECT_PATH_FROM_MF = 0x08,
	SELECT_PATH_FROM_DF = 0x09,
};

/* P2 of SELECT: first or only occurrence, and what is to be answered. */
enum {
	ANSWER_FCI = 0x00,
	ANSWER_FCP = 0x04,
	ANSWER_NOTHING = 0x0C,
};

enum {
	TAG_FCI = 0x6F,
	TAG_FCP = 0x62,
	DESCRIPTOR_DF = 0x38,
	DESCRIPTOR_TRANSPARENT_EF = 0x01,
	LIFE_CYCLE_ACTIVATED = 0x05,
	CHALLENGE_MAX = 128,
};

/* The file control information of f under tag (6F or 62). */
static void put_control_information(
	const struct card *c, const struct file *f, unsigned tag, struct bytes *out)
{
	size_t mark = ber_open(out, tag);

	if (!f->df)
		ber_put_u16(out, 0x80, (uint16_t)f->content.n);
	ber_put_u8(out, 0x82, f->df ? DESCRIPTOR_DF : DESCRIPTOR_TRANSPARENT_EF);
	ber_put_u16(out, 0x83, f->id);
	for (size_t i = 0; i < FILE_NAMES_MAX; i++) {
		if (f->names[i].n)
			ber_put(out, 0x84, f->names[i]);
	}
	if (f->sfi)
		ber_put_u8(out, 0x88, (uint8_t)(f->sfi << 3));
	ber_put_u8(out, 0x8A, LIFE_CYCLE_ACTIVATED);
	if (c->profile->control_information)
		c->profile->control_information(c, f, out);
	ber_close(out, mark);
}

/* P1=00: the MF, the current DF's child, its parent or a DF beside it (ISO 7816-4 7.1.1). */
static const struct file *by_id(const struct card *c, struct span data)
{
	uint16_t id = data.n == 2 ? (uint16_t)(data.at[0] << 8 | data.at[1]) : FILE_MF;
	const struct file *f;

	if (data.n != 0 && data.n != 2)
		return NULL;
	if (id == FILE_MF)
		return files_mf(&c->fs);
	f = files_child(&c->fs, c->fs.df, id);
	if (!f && c->fs.df->parent)
		f = files_child(&c->fs, c->fs.df->parent, id);
	if (f && !f->df && (c->profile->ef_by_p1_02_only || f->parent != c->fs.df))
		return NULL;
	return f;
}

static const struct file *child(const struct card *c, struct span data, bool df)
{
	const struct file *f = data.n == 2 ? files_at_path(&c->fs, c->fs.df, data) : NULL;

	return f && f->df == df ? f : NULL;
}

static const struct file *from_mf(const struct card *c, struct span path)
{
	static const uint8_t mf[] = {FILE_MF >> 8, FILE_MF & 0xFF};

	if (c->profile->path_from_mf && span_equal(span_first(path, 2), span_of(mf, 2))) {
		path = span_from(path, 2);
		if (path.n == 0)
			return files_mf(&c->fs);
	}
	return files_at_path(&c->fs, files_mf(&c->fs), path);
}

static const struct file *find(const struct card *c, const struct command *cmd, unsigned *sw)
{
	*sw = SW_FILE_NOT_FOUND;
	switch (cmd->p1) {
	case SELECT_ID:
		return by_id(c, cmd->data);
	case SELECT_CHILD_DF:
		return child(c, cmd->data, true);
	case SELECT_CHILD_EF:
		return child(c, cmd->data, false);
	case SELECT_PARENT:
		return cmd->data.n ? NULL : c->fs.df->parent;
	case SELECT_NAME:
		return files_named(&c->fs, cmd->data);
	case SELECT_PATH_FROM_MF:
		return from_mf(c, cmd->data);
	case SELECT_PATH_FROM_DF:
		return files_at_path(&c->fs, c->fs.df, cmd->data);
	default:
		*sw = SW_P1P2;
		return NULL;
	}
}

unsigned command_select(struct card *c, const struct command *cmd, struct bytes *out)
{
	const struct file *f;
	unsigned sw;

	if (cmd->p2 != ANSWER_FCI && cmd->p2 != ANSWER_FCP && cmd->p2 != ANSWER_NOTHING)
		return SW_P1P2;
	if (!(f = find(c, cmd, &sw)))
		return sw;
	files_select(&c->fs, f);
	if (c->profile->local_references && !card_in_application(c)) {
		/* Leaving the DF ends what its PINs had opened (ISO 7816-4 5.4.1). */
		c->verified[PIN_USER] = false;
		c->verified[PIN_PUK] = false;
		c->environment.set = false;
	}
	/* A command without Le wants no answer; cards with 61xx offer it all the same. */
	if (cmd->p2 != ANSWER_NOTHING && (cmd->ne || c->profile->exact_le))
		put_control_information(c, f, cmd->p2 == ANSWER_FCP ? TAG_FCP : TAG_FCI, out);
	return SW_OK;
}

/* The EF and the offset that P1 and P2 of READ BINARY name. */
static unsigned read_place(struct card *c, const struct command *cmd, size_t *offset)
{
	const struct file *f;

	*offset = (size_t)(cmd->p1 & 0x7F) << 8 | cmd->p2;
	if (!(cmd->p1 & 0x80))
		return c->fs.ef ? SW_OK : SW_NO_CURRENT_EF;
	if (cmd->p1 & 0x60)
		return SW_P1P2;
	*offset = cmd->p2;
	if (!(cmd->p1 & 0x1F)) /* short identifier 0: the current EF (ISO 7816-4 7.2) */
		return c->fs.ef ? SW_OK : SW_NO_CURRENT_EF;
	f = files_short_id(&c->fs, cmd->p1 & 0x1F);
	if (!f)
		return SW_FILE_NOT_FOUND;
	files_select(&c->fs, f);
	return SW_OK;
}

unsigned command_read_binary(struct card *c, const struct command *cmd, struct bytes *out)
{
	struct span rest;
	size_t offset, room = cmd->ne;
	unsigned sw;

	if (cmd->ne == 0 || cmd->data.n)
		return SW_LENGTH;
	if ((sw = read_place(c, cmd, &offset)) != SW_OK)
		return sw;
	if (offset >= c->fs.ef->content.n)
		return SW_OFFSET;
	if (!cmd->extended && room > c->profile->data_max)
		room = c->profile->data_max;
	rest = span_from(bytes_span(&c->fs.ef->content), offset);
	bytes_append(out, span_first(rest, room));
	return rest.n < cmd->ne && !cmd->ne_all && !c->profile->exact_le ? SW_END_OF_FILE : SW_OK;
}

unsigned command_get_challenge(struct card *c, const struct command *cmd, struct bytes *out)
{
	uint8_t challenge[CHALLENGE_MAX];
	size_t n = cmd->ne_all ? 8 : cmd->ne;

	(void)c;
	if (cmd->p1 || cmd->p2)
		return SW_P1P2;
	if (n == 0 || n > sizeof(challenge) || cmd->data.n)
		return SW_LENGTH;
	if (RAND_bytes(challenge, (int)n) != 1)
		return SW_FAILURE;
	bytes_append(out, span_of(challenge, n));
	return SW_OK;
}

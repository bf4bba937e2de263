#include "blocks.h"

#include <stdlib.h>
#include <string.h>

#include "card/reader_internal.h"

struct fuzz {
	struct reader base;
	struct span rest;
	unsigned secrets;
};

struct span blocks_next(struct span *rest)
{
	struct span block;

	if (rest->n < 2)
		return (struct span){0};
	block = span_first(span_from(*rest, 2), (size_t)rest->at[0] << 8 | rest->at[1]);
	*rest = span_from(*rest, 2 + block.n);
	return block;
}

static enum err fuzz_transmit(
	struct reader *r, struct span command, struct bytes *answer, struct error *e)
{
	struct fuzz *f = (struct fuzz *)r;
	struct span block = blocks_next(&f->rest);

	f->secrets += command.n > 5 &&
		      (command.at[1] == 0x20 || (command.at[1] == 0x2C && command.at[2] == 0x00));
	if (block.n == 0)
		return error_set(e, ERR_CARD_REMOVED, "fuzz");
	bytes_append(answer, block);
	return ERR_OK;
}

static enum err fuzz_begin(struct reader *r, bool *fresh, struct error *e)
{
	(void)r;
	(void)e;
	*fresh = false;
	return ERR_OK;
}

static void fuzz_end(struct reader *r, bool reset)
{
	(void)r;
	(void)reset;
}

static void fuzz_disconnect(struct reader *r, bool reset)
{
	(void)reset;
	free(r);
}

static const struct reader_ops ops = {
	.transmit = fuzz_transmit,
	.begin = fuzz_begin,
	.end = fuzz_end,
	.disconnect = fuzz_disconnect,
};

struct reader *blocks_reader(struct span blocks)
{
	struct fuzz *f = must_zalloc(sizeof(*f));
	struct span atr = span_first(blocks_next(&blocks), ATR_MAX);

	f->base.ops = &ops;
	f->base.trace = -1;
	f->base.t0 = atr.n > 0 && atr.at[0] == 0x3F;
	if (atr.n > 0)
		memcpy(f->base.state.atr, atr.at, atr.n);
	f->base.state.atr_n = atr.n;
	f->rest = blocks;
	return &f->base;
}

unsigned blocks_secrets(const struct reader *r)
{
	return ((const struct fuzz *)r)->secrets;
}

/* What a kind of reader implements; reader.c carries what all kinds share. Included by reader*.c
 * and by tests that bring a scripted card. */
#ifndef EONAY_CARD_READER_INTERNAL_H
#define EONAY_CARD_READER_INTERNAL_H

#include "card/reader.h"

/* The functions of reader.h, with the same meaning, for one kind. */
struct readers_ops {
	void (*close)(struct readers *r);
	int (*fd)(const struct readers *r);
	enum err (*list)(
		struct readers *r, struct reader_state *out, size_t *count, struct error *e);
	enum err (*connect)(
		struct readers *r, const char *name, struct reader **out, struct error *e);
};

struct reader_ops {
	enum err (*transmit)(
		struct reader *r, struct span command, struct bytes *answer, struct error *e);
	enum err (*begin)(struct reader *r, bool *fresh, struct error *e);
	void (*end)(struct reader *r, bool reset);
	void (*disconnect)(struct reader *r, bool reset); /* releases r */
};

/* First member of each kind's own struct. */
struct readers {
	const struct readers_ops *ops;
	int trace; /* -1: none */
};

struct reader {
	const struct reader_ops *ops;
	struct reader_state state;
	struct reader_traffic traffic;
	bool t0;
	int trace; /* -1: none; set by reader_connect() */
};

#endif

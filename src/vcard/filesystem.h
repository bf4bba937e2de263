/* The tree of dedicated (DF) and elementary (EF) files that a card carries, and what is selected in
 * it (ISO 7816-4 7.1). Files are built once and read only. */
#ifndef EONAY_VCARD_FILESYSTEM_H
#define EONAY_VCARD_FILESYSTEM_H

#include "base/bytes.h"

enum {
	FILE_MF = 0x3F00,
	FILE_DIR = 0x2F00, /* ISO 7816-4 8.2.1.1 */
	FILE_ATR = 0x2F01, /* ISO 7816-4 8.2.1.2 */
	FILES_MAX = 32, /* MF, DF, six directory files and a certificate for each key: half of it is
			   used */
	FILE_NAMES_MAX = 2, /* DF names that lead to one DF */
};

struct file {
	uint16_t id;
	uint8_t sfi; /* short identifier, 0 for none */
	bool df;
	const struct file *parent;         /* NULL for the MF */
	struct span names[FILE_NAMES_MAX]; /* of a DF; constants */
	struct bytes content;              /* of an EF */
};

struct filesystem {
	struct file files[FILES_MAX]; /* the first one is the MF */
	size_t count;
	const struct file *df; /* current, never NULL */
	const struct file *ef; /* current, NULL for none */
};

/* An MF alone, selected. fs must stay where it is. */
void files_init(struct filesystem *fs);
void files_free(struct filesystem *fs);

/* Adds a DF under the MF with its names (the second may be empty). */
const struct file *files_add_df(
	struct filesystem *fs, uint16_t id, struct span name, struct span second);

/* Adds an EF; content becomes the file system's (the caller's is emptied). */
void files_add_ef(struct filesystem *fs, const struct file *df, uint16_t id, uint8_t sfi,
	struct bytes *content);

/* Look-ups; NULL for none. The path is a row of two-byte identifiers; a short identifier is 1 to 30, of an EF in the
 * current DF. */
const struct file *files_child(const struct filesystem *fs, const struct file *df, uint16_t id);
const struct file *files_named(const struct filesystem *fs, struct span name);
const struct file *files_at_path(
	const struct filesystem *fs, const struct file *from, struct span path);
const struct file *files_short_id(const struct filesystem *fs, uint8_t sfi);
const struct file *files_mf(const struct filesystem *fs);

/* Makes file current: a DF without an EF, or an EF with the DF it lies in. */
void files_select(struct filesystem *fs, const struct file *file);

#endif

/* Files of a card: selected by path with as few commands as the card allows, read with as few as it
 * takes. */
#ifndef EONAY_CARD_FILE_H
#define EONAY_CARD_FILE_H

#include "card/iso7816.h"

#define FILE_PATH_MAX 16    /* bytes: eight levels; real cards have three */
#define FILE_SIZE_MAX 32768 /* bytes: what the 15 bits of READ BINARY's offset reach */

/* A path of file identifiers, two bytes each: absolute when it begins with 3F00, else from the
 * application's DF. */
struct file_path {
	uint8_t at[FILE_PATH_MAX];
	size_t n;
	size_t offset; /* where the object begins in the file */
	size_t length; /* of the object; 0: to be found out */
};

/* The file system of one application on one card. */
struct file_system {
	struct channel *channel;
	struct file_path application; /* absolute path of the application's DF; n 0: not known */
	struct file_path current;     /* absolute path of the DF that is current, when away */
	bool away;                    /* the current DF is not the application's own */
	/* How this card selects an EF by identifier and what it is asked to answer: a guess until known. */
	enum iso_select_by by;
	enum iso_select_answer answer;
	bool answer_known, by_known;
};

/* A file system whose application has just been selected; its style is found out with the first
 * file. */
struct file_system file_system_of(struct channel *channel);

/* The application was selected again (by its driver). */
void file_system_home(struct file_system *fs);

/* Appends the one DER object at path->offset of the file: its own header tells the length, and
 * nothing behind it is asked for once that is known. ERR_CARD_DATA when the file ends before the
 * object. */
enum err file_read_object(
	struct file_system *fs, const struct file_path *path, struct bytes *out, struct error *e);

/* Appends the data objects of a PKCS#15 directory file: up to the end of the file, or to its
 * filling of 00 or FF. */
enum err file_read_objects(
	struct file_system *fs, const struct file_path *path, struct bytes *out, struct error *e);

#endif

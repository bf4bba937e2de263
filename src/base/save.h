/* Writing a new file so that it is there whole or not at all, readable by its owner alone, and
 * never in the place of another: under a temporary name beside it first, on the disk (fsync) before
 * it gets its name. */
#ifndef EONAY_BASE_SAVE_H
#define EONAY_BASE_SAVE_H

#include "base/bytes.h"
#include "base/error.h"

#define SAVE_PATH_MAX 1024 /* bytes with the NUL: as long as anyone will type, below PATH_MAX */

/* A file being written. save_begin() fills it; save_commit() or save_abandon() ends it. */
struct save {
	int directory; /* descriptors; -1: none. file can be read back before it gets its name */
	int file;
	char temporary[32]; /* name in directory */
	char name[256];     /* the name that it shall get (NAME_MAX) */
};

/* Begins the file at path. ERR_FILE_EXISTS when the name is taken (a dangling symbolic link
 * counts), ERR_FILE_WRITE. On an error nothing is left behind and s needs no end. */
enum err save_begin(const char *path, struct save *s, struct error *e);

/* Appends. ERR_FILE_WRITE; save_abandon() is then still due. */
enum err save_write(struct save *s, struct span piece, struct error *e);

/* Makes it durable and gives it its name. Ends s also on an error (ERR_FILE_WRITE, ERR_FILE_EXISTS
 * when the name has been taken meanwhile): then no file is left behind. */
enum err save_commit(struct save *s, struct error *e);

/* Takes everything back and ends s. */
void save_abandon(struct save *s);

/* All of the above for parts that are in memory. */
enum err save_new_file(const char *path, const struct span *parts, size_t count, struct error *e);

/* Could save_begin() write at path now? Nothing is written. ERR_FILE_EXISTS, ERR_FILE_WRITE. */
enum err save_check(const char *path, struct error *e);

/* Writes the first free one of DIRECTORY/STEM.SUFFIX, DIRECTORY/STEM-2.SUFFIX, ... into out. False
 * when the path would be too long or none of the first thousand is free. */
bool save_propose(
	const char *directory, const char *stem, const char *suffix, char out[SAVE_PATH_MAX]);

#endif

#include <config.h> /* _GNU_SOURCE for renameat2() */

#include "base/save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define NUMBERS_MAX 1000 /* names tried by save_propose() */

/* Splits path into the name and the descriptor of the directory that it is in. */
static enum err open_directory(const char *path, struct save *s, struct error *e)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char directory[SAVE_PATH_MAX];

	*s = (struct save){.directory = -1, .file = -1};
	if (strlen(path) >= sizeof(directory) || strlen(name) >= sizeof(s->name) || !*name ||
		strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return error_set(e, ERR_FILE_WRITE, "%.120s", path);
	memcpy(s->name, name, strlen(name) + 1);
	snprintf(directory, sizeof(directory), "%.*s", slash ? (int)(slash - path + 1) : 2,
		slash ? path : "./");
	s->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->directory < 0)
		return error_set_errno(e, ERR_FILE_WRITE, "%.120s", directory);
	return ERR_OK;
}

static bool name_taken(const struct save *s)
{
	struct stat there;

	return fstatat(s->directory, s->name, &there, AT_SYMLINK_NOFOLLOW) == 0;
}

static void close_all(struct save *s)
{
	if (s->file >= 0)
		close(s->file);
	if (s->directory >= 0)
		close(s->directory);
	*s = (struct save){.directory = -1, .file = -1};
}

static enum err check(struct save *s, const char *path, struct error *e)
{
	if (name_taken(s))
		return error_set(e, ERR_FILE_EXISTS, "%.120s", path);
	if (faccessat(s->directory, ".", W_OK | X_OK, AT_EACCESS) != 0)
		return error_set_errno(e, ERR_FILE_WRITE, "%.120s", path);
	return ERR_OK;
}

static enum err create_temporary(struct save *s, const char *path, struct error *e)
{
	unsigned long long random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return error_set_errno(e, ERR_FILE_WRITE, "getrandom");
	snprintf(s->temporary, sizeof(s->temporary), ".eonay-%016llx", random);
	s->file = openat(s->directory, s->temporary,
		O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (s->file < 0)
		return error_set_errno(e, ERR_FILE_WRITE, "%.120s", path);
	return ERR_OK;
}

enum err save_begin(const char *path, struct save *s, struct error *e)
{
	enum err code;

	if ((code = open_directory(path, s, e)) || (code = check(s, path, e)) ||
		(code = create_temporary(s, path, e)))
		close_all(s);
	return code;
}

enum err save_write(struct save *s, struct span piece, struct error *e)
{
	while (piece.n > 0) {
		ssize_t n = write(s->file, piece.at, piece.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_set_errno(e, ERR_FILE_WRITE, "%.120s", s->name);
		piece = span_from(piece, (size_t)n);
	}
	return ERR_OK;
}

/* Gives the temporary file its name unless the name is taken. File systems that can't rename
 * without replacing can link; those without links (FAT) can rename so. */
static int take_name(struct save *s)
{
	if (renameat2(s->directory, s->temporary, s->directory, s->name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (linkat(s->directory, s->temporary, s->directory, s->name, 0) != 0)
		return -1;
	return unlinkat(s->directory, s->temporary, 0);
}

enum err save_commit(struct save *s, struct error *e)
{
	enum err code = ERR_OK;

	if (fsync(s->file) != 0)
		code = error_set_errno(e, ERR_FILE_WRITE, "%.120s", s->name);
	else if (take_name(s) != 0)
		code = error_set_errno(
			e, errno == EEXIST ? ERR_FILE_EXISTS : ERR_FILE_WRITE, "%.120s", s->name);
	if (code) {
		save_abandon(s);
		return code;
	}
	/* The file is whole and has its name. Some file systems can't sync a directory (EINVAL);
	 * that is no failure. */
	if (fsync(s->directory) != 0 && errno != EINVAL)
		code = error_set_errno(e, ERR_FILE_WRITE, "%.120s", s->name);
	close_all(s);
	return code;
}

void save_abandon(struct save *s)
{
	if (s->directory >= 0 && s->temporary[0])
		unlinkat(s->directory, s->temporary, 0);
	close_all(s);
}

enum err save_new_file(const char *path, const struct span *parts, size_t count, struct error *e)
{
	struct save s;
	enum err code = save_begin(path, &s, e);

	if (code)
		return code;
	for (size_t i = 0; i < count; i++) {
		if ((code = save_write(&s, parts[i], e))) {
			save_abandon(&s);
			return code;
		}
	}
	return save_commit(&s, e);
}

enum err save_check(const char *path, struct error *e)
{
	struct save s;
	enum err code = open_directory(path, &s, e);

	if (!code)
		code = check(&s, path, e);
	close_all(&s);
	return code;
}

bool save_propose(
	const char *directory, const char *stem, const char *suffix, char out[SAVE_PATH_MAX])
{
	const char *slash = *directory && directory[strlen(directory) - 1] == '/' ? "" : "/";
	struct stat there;

	for (int i = 1; i <= NUMBERS_MAX; i++) {
		char number[8] = "";
		int n;

		if (i > 1)
			snprintf(number, sizeof(number), "-%d", i);
		n = snprintf(
			out, SAVE_PATH_MAX, "%s%s%s%s.%s", directory, slash, stem, number, suffix);
		if (n < 0 || n >= SAVE_PATH_MAX)
			return false;
		if (lstat(out, &there) != 0)
			return true;
	}
	return false;
}

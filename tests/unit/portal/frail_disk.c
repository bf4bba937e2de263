/* The file system's own rules, as far as they are promised: a sync of a file puts all of it on the disk; the first sync of a new
 * journal or write-ahead log also puts the names of its folder there (SQLite syncs the folder then). Before that any write may be
 * missing, whatever came later, and the last one may end at a sector's boundary. */
#include "unit.h"

#include "frail_disk.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"

#define FILES_MAX 4
#define SECTOR 512

struct change {
	struct change *next;
	bool truncates; /* to at */
	size_t at, n;
	uint8_t bytes[];
};

/* A file as the processes see it is in the real file system; this is what the disk knows. */
struct file {
	char path[256];
	bool there, there_on_disk, new_log;
	uint8_t *synced;
	size_t n, room;
	struct change *first, **last;
};

struct handle {
	sqlite3_file base;
	struct file *file; /* NULL: a temporary one, which needs no disk */
	sqlite3_file *real;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct file files[FILES_MAX];
static sqlite3_vfs *real_vfs, vfs;
static long operations_left;
static unsigned chance_state;

/* 0 .. n - 1 */
static unsigned chance(unsigned n)
{
	chance_state = chance_state * 1103515245u + 12345u;
	return (chance_state >> 16) % n;
}

static void resize(struct file *f, size_t n)
{
	if (n > f->room) {
		f->room = 2 * n;
		f->synced = realloc(f->synced, f->room);
		if (!f->synced)
			abort();
	}
	if (n > f->n)
		memset(f->synced + f->n, 0, n - f->n);
	f->n = n;
}

static void carry_out(struct file *f, const struct change *c, size_t n)
{
	if (c->truncates ? f->n > c->at : f->n < c->at + n)
		resize(f, c->truncates ? c->at : c->at + n);
	if (!c->truncates)
		memcpy(f->synced + c->at, c->bytes, n);
}

static void drop_changes(struct file *f, bool carried_out)
{
	while (f->first) {
		struct change *c = f->first;

		if (carried_out)
			carry_out(f, c, c->n);
		f->first = c->next;
		free(c);
	}
	f->last = &f->first;
}

/* None, the first ones, or any of the changes have come to the disk; one in a while in part. */
static void lose_changes(struct file *f)
{
	unsigned way = chance(3), count = 0, kept;

	for (const struct change *c = f->first; c; c = c->next)
		count++;
	kept = way == 0 ? 0 : chance(count + 1);
	count = 0;
	for (const struct change *c = f->first; c; c = c->next, count++) {
		size_t n = c->n;

		if (way == 2 ? chance(2) : count >= kept)
			continue;
		if (n > SECTOR && chance(8) == 0)
			n = SECTOR * (1 + chance((unsigned)(n / SECTOR)));
		carry_out(f, c, n);
	}
}

static void write_image(const struct file *f)
{
	FILE *out;

	if (f->there ? !f->there_on_disk && chance(2) : chance(2)) {
		unlink(f->path);
		return;
	}
	out = fopen(f->path, "w");
	if (!out || fwrite(f->synced, 1, f->n, out) != f->n || fclose(out) != 0)
		abort();
}

static void fail_power(void)
{
	char shared[sizeof(files) + 8];

	for (size_t i = 0; i < FILES_MAX && *files[i].path; i++) {
		if (files[i].first || files[i].there != files[i].there_on_disk) {
			lose_changes(&files[i]);
			write_image(&files[i]);
		}
		/* The index of a log is in memory. */
		snprintf(shared, sizeof(shared), "%s-shm", files[i].path);
		unlink(shared);
	}
	_exit(FRAIL_DISK_STATUS);
}

/* One of the operations is about to happen. */
static void count_operation(void)
{
	if (--operations_left == 0)
		fail_power();
}

static struct file *find_file(const char *path)
{
	for (size_t i = 0; i < FILES_MAX; i++) {
		if (!*files[i].path) {
			snprintf(files[i].path, sizeof(files[i].path), "%s", path);
			files[i].last = &files[i].first;
			return &files[i];
		}
		if (strcmp(files[i].path, path) == 0)
			return &files[i];
	}
	abort();
}

/* A file that this process did not know: what it holds is on the disk. */
static void read_synced(struct file *f)
{
	FILE *in = fopen(f->path, "r");
	struct stat about;

	if (!in)
		return;
	f->there = f->there_on_disk = true;
	if (fstat(fileno(in), &about) != 0)
		abort();
	resize(f, (size_t)about.st_size);
	if (fread(f->synced, 1, f->n, in) != f->n)
		abort();
	fclose(in);
}

static void add_change(struct file *f, bool truncates, size_t at, const void *bytes, size_t n)
{
	struct change *c = must_alloc(sizeof(*c) + n);

	*c = (struct change){.truncates = truncates, .at = at, .n = n};
	if (n)
		memcpy(c->bytes, bytes, n);
	*f->last = c;
	f->last = &c->next;
	count_operation();
}

/* ----- what SQLite calls */

#define REAL(file) (((struct handle *)(file))->real)
#define PASS(name, parameters, ...)                                                                \
	static int pass_##name parameters                                                          \
	{                                                                                          \
		return REAL(f)->pMethods->x##name(REAL(f), ##__VA_ARGS__);                         \
	}
PASS(Read, (sqlite3_file * f, void *to, int n, sqlite3_int64 at), to, n, at)
PASS(FileSize, (sqlite3_file * f, sqlite3_int64 *n), n)
PASS(Lock, (sqlite3_file * f, int level), level)
PASS(Unlock, (sqlite3_file * f, int level), level)
PASS(CheckReservedLock, (sqlite3_file * f, int *held), held)
PASS(FileControl, (sqlite3_file * f, int what, void *with), what, with)
PASS(SectorSize, (sqlite3_file * f))
PASS(DeviceCharacteristics, (sqlite3_file * f))
PASS(ShmMap, (sqlite3_file * f, int page, int size, int extend, void volatile **out), page, size,
	extend, out)
PASS(ShmLock, (sqlite3_file * f, int first, int n, int flags), first, n, flags)
PASS(ShmUnmap, (sqlite3_file * f, int delete), delete)
PASS(Close, (sqlite3_file * f))

static void pass_ShmBarrier(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static int write_file(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 at)
{
	struct handle *h = (struct handle *)f;
	int result;

	pthread_mutex_lock(&mutex);
	if (h->file)
		add_change(h->file, false, (size_t)at, bytes, (size_t)n);
	result = h->real->pMethods->xWrite(h->real, bytes, n, at);
	pthread_mutex_unlock(&mutex);
	return result;
}

static int truncate_file(sqlite3_file *f, sqlite3_int64 n)
{
	struct handle *h = (struct handle *)f;
	int result;

	pthread_mutex_lock(&mutex);
	if (h->file)
		add_change(h->file, true, (size_t)n, NULL, 0);
	result = h->real->pMethods->xTruncate(h->real, n);
	pthread_mutex_unlock(&mutex);
	return result;
}

static void sync_names(void)
{
	for (size_t i = 0; i < FILES_MAX; i++)
		files[i].there_on_disk = files[i].there;
}

static int sync_file(sqlite3_file *f, int flags)
{
	struct handle *h = (struct handle *)f;

	(void)flags;
	if (!h->file)
		return SQLITE_OK;
	pthread_mutex_lock(&mutex);
	count_operation();
	drop_changes(h->file, true);
	if (h->file->new_log)
		sync_names();
	h->file->new_log = false;
	pthread_mutex_unlock(&mutex);
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {.iVersion = 2,
	.xClose = pass_Close,
	.xRead = pass_Read,
	.xWrite = write_file,
	.xTruncate = truncate_file,
	.xSync = sync_file,
	.xFileSize = pass_FileSize,
	.xLock = pass_Lock,
	.xUnlock = pass_Unlock,
	.xCheckReservedLock = pass_CheckReservedLock,
	.xFileControl = pass_FileControl,
	.xSectorSize = pass_SectorSize,
	.xDeviceCharacteristics = pass_DeviceCharacteristics,
	.xShmMap = pass_ShmMap,
	.xShmLock = pass_ShmLock,
	.xShmBarrier = pass_ShmBarrier,
	.xShmUnmap = pass_ShmUnmap};

static struct file *know_file(const char *path, int flags)
{
	struct file *f = find_file(path);
	bool is_log = flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL);

	if (!f->there && !f->there_on_disk)
		read_synced(f);
	if (!f->there) { /* about to be made */
		drop_changes(f, false);
		resize(f, 0);
		f->new_log = is_log;
		f->there = true;
	}
	return f;
}

static int open_file(sqlite3_vfs *v, const char *path, sqlite3_file *f, int flags, int *out)
{
	struct handle *h = (struct handle *)f;
	int result;

	(void)v;
	*h = (struct handle){.real = (sqlite3_file *)(h + 1)};
	pthread_mutex_lock(&mutex);
	if (path && flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL))
		h->file = know_file(path, flags);
	result = real_vfs->xOpen(real_vfs, path, h->real, flags, out);
	pthread_mutex_unlock(&mutex);
	h->base.pMethods = h->real->pMethods ? &methods : NULL;
	return result;
}

static int delete_file(sqlite3_vfs *v, const char *path, int sync_folder)
{
	struct file *f;
	int result;

	(void)v;
	pthread_mutex_lock(&mutex);
	f = find_file(path);
	count_operation();
	f->there = false;
	if (sync_folder)
		sync_names();
	result = real_vfs->xDelete(real_vfs, path, 0);
	pthread_mutex_unlock(&mutex);
	return result;
}

void frail_disk_begin(long operation, unsigned seed)
{
	real_vfs = sqlite3_vfs_find(NULL);
	vfs = *real_vfs;
	vfs.zName = "frail";
	vfs.szOsFile = (int)sizeof(struct handle) + real_vfs->szOsFile;
	vfs.xOpen = open_file;
	vfs.xDelete = delete_file;
	operations_left = operation;
	chance_state = seed;
	if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
		abort();
}

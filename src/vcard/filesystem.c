#include "vcard/filesystem.h"

#include <assert.h>

static struct file *add(struct filesystem *fs, const struct file *parent, uint16_t id)
{
	struct file *f;

	assert(fs->count < FILES_MAX);
	f = &fs->files[fs->count++];
	*f = (struct file){.id = id, .parent = parent};
	return f;
}

void files_init(struct filesystem *fs)
{
	*fs = (struct filesystem){0};
	add(fs, NULL, FILE_MF)->df = true;
	fs->df = &fs->files[0];
}

void files_free(struct filesystem *fs)
{
	for (size_t i = 0; i < fs->count; i++)
		bytes_free(&fs->files[i].content);
	*fs = (struct filesystem){0};
}

const struct file *files_add_df(
	struct filesystem *fs, uint16_t id, struct span name, struct span second)
{
	struct file *f = add(fs, files_mf(fs), id);

	f->df = true;
	f->names[0] = name;
	f->names[1] = second;
	return f;
}

void files_add_ef(struct filesystem *fs, const struct file *df, uint16_t id, uint8_t sfi,
	struct bytes *content)
{
	struct file *f = add(fs, df, id);

	f->sfi = sfi;
	f->content = *content;
	*content = (struct bytes){0};
}

const struct file *files_mf(const struct filesystem *fs)
{
	return &fs->files[0];
}

const struct file *files_child(const struct filesystem *fs, const struct file *df, uint16_t id)
{
	for (size_t i = 0; i < fs->count; i++) {
		if (fs->files[i].parent == df && fs->files[i].id == id)
			return &fs->files[i];
	}
	return NULL;
}

const struct file *files_named(const struct filesystem *fs, struct span name)
{
	for (size_t i = 0; i < fs->count; i++) {
		for (size_t k = 0; k < FILE_NAMES_MAX; k++) {
			struct span has = fs->files[i].names[k];

			if (has.n && span_equal(has, name))
				return &fs->files[i];
		}
	}
	return NULL;
}

const struct file *files_at_path(
	const struct filesystem *fs, const struct file *from, struct span path)
{
	if (path.n == 0 || path.n % 2)
		return NULL;
	while (from && path.n) {
		from = files_child(fs, from, (uint16_t)(path.at[0] << 8 | path.at[1]));
		path = span_from(path, 2);
	}
	return from;
}

const struct file *files_short_id(const struct filesystem *fs, uint8_t sfi)
{
	for (size_t i = 0; i < fs->count; i++) {
		if (fs->files[i].parent == fs->df && fs->files[i].sfi == sfi)
			return &fs->files[i];
	}
	return NULL;
}

void files_select(struct filesystem *fs, const struct file *file)
{
	fs->df = file->df ? file : file->parent;
	fs->ef = file->df ? NULL : file;
}

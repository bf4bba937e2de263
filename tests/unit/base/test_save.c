#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/save.h"

static char directory[64];

static const char *in_directory(const char *name)
{
	static char path[2][512];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", directory, name);
	return path[turn];
}

static int make_directory(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/eonay-save-XXXXXX");
	return mkdtemp(directory) ? 0 : -1;
}

/* Files in the directory; each is unlinked when remove. */
static int files(bool remove)
{
	DIR *d = opendir(directory);
	struct dirent *entry;
	int n = 0;

	while ((entry = readdir(d))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		n++;
		if (remove)
			unlink(in_directory(entry->d_name));
	}
	closedir(d);
	return n;
}

static int remove_directory(void **state)
{
	(void)state;
	chmod(directory, 0700);
	files(true);
	return rmdir(directory);
}

static void assert_content(const char *path, const char *content)
{
	char found[64] = "";
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(read(fd, found, sizeof(found) - 1), strlen(content));
	assert_string_equal(found, content);
	close(fd);
}

static void writes_all_parts_for_the_owner_alone(void **state)
{
	const struct span parts[] = {span_text("im"), span_text(""), span_text("za")};
	struct error e = {0};
	struct stat there;

	(void)state;
	umask(0);
	assert_int_equal(save_new_file(in_directory("a.p7s"), parts, 3, &e), ERR_OK);
	assert_content(in_directory("a.p7s"), "imza");
	assert_int_equal(stat(in_directory("a.p7s"), &there), 0);
	assert_int_equal(there.st_mode & 07777, 0600);
	assert_int_equal(files(false), 1);
}

static void never_overwrites(void **state)
{
	const struct span first = span_text("first"), second = span_text("second");
	struct error e = {0};

	(void)state;
	assert_int_equal(save_new_file(in_directory("a"), &first, 1, &e), ERR_OK);
	assert_int_equal(save_check(in_directory("a"), &e), ERR_FILE_EXISTS);
	assert_int_equal(save_new_file(in_directory("a"), &second, 1, &e), ERR_FILE_EXISTS);
	assert_content(in_directory("a"), "first");
	assert_int_equal(files(false), 1);
}

static void name_taken_while_writing_is_left_alone(void **state)
{
	const struct span other = span_text("other");
	struct error e = {0};
	struct save s;

	(void)state;
	assert_int_equal(save_begin(in_directory("a"), &s, &e), ERR_OK);
	assert_int_equal(save_write(&s, span_text("mine"), &e), ERR_OK);
	assert_int_equal(save_new_file(in_directory("a"), &other, 1, &e), ERR_OK);
	assert_int_equal(save_commit(&s, &e), ERR_FILE_EXISTS);
	assert_content(in_directory("a"), "other");
	assert_int_equal(files(false), 1);
}

static void link_is_not_followed(void **state)
{
	const struct span content = span_text("x");
	struct error e = {0};

	(void)state;
	assert_int_equal(symlink("target", in_directory("link")), 0);
	assert_int_equal(save_check(in_directory("link"), &e), ERR_FILE_EXISTS);
	assert_int_equal(save_new_file(in_directory("link"), &content, 1, &e), ERR_FILE_EXISTS);
	assert_int_equal(files(false), 1);
}

static void abandoned_leaves_nothing(void **state)
{
	struct error e = {0};
	struct save s;

	(void)state;
	assert_int_equal(save_begin(in_directory("a"), &s, &e), ERR_OK);
	assert_int_equal(save_write(&s, span_text("x"), &e), ERR_OK);
	save_abandon(&s);
	assert_int_equal(files(false), 0);
}

static void places_that_cannot_be_written(void **state)
{
	const struct span content = span_text("x");
	struct error e = {0};
	char *longest;

	(void)state;
	assert_int_equal(save_check(in_directory("none/a"), &e), ERR_FILE_WRITE);
	assert_int_equal(save_check(in_directory(""), &e), ERR_FILE_WRITE);
	assert_int_equal(save_check(in_directory(".."), &e), ERR_FILE_WRITE);
	assert_int_equal(save_check("", &e), ERR_FILE_WRITE);
	assert_int_equal(save_new_file("/proc/self/a", &content, 1, &e), ERR_FILE_WRITE);
	longest = must_zalloc(SAVE_PATH_MAX + 2);
	memset(longest, 'a', SAVE_PATH_MAX + 1);
	assert_int_equal(save_check(longest, &e), ERR_FILE_WRITE);
	free(longest);
	if (geteuid() == 0)
		return; /* root may write anywhere */
	assert_int_equal(chmod(directory, 0500), 0);
	assert_int_equal(save_check(in_directory("a"), &e), ERR_FILE_WRITE);
	assert_int_equal(save_new_file(in_directory("a"), &content, 1, &e), ERR_FILE_WRITE);
}

static void full_disk_is_told_and_leaves_nothing(void **state)
{
	struct error e = {0};
	struct save s;

	(void)state;
	assert_int_equal(save_begin(in_directory("a"), &s, &e), ERR_OK);
	close(s.file);
	s.file = open("/dev/full", O_WRONLY);
	assert_int_equal(save_write(&s, span_text("x"), &e), ERR_FILE_WRITE);
	save_abandon(&s);
	assert_int_equal(files(false), 0);
}

static void proposes_a_free_name(void **state)
{
	const struct span content = span_text("x");
	char path[SAVE_PATH_MAX];

	(void)state;
	for (int i = 1; i <= 3; i++) {
		char expected[32] = "imza.p7s";

		if (i > 1)
			snprintf(expected, sizeof(expected), "imza-%d.p7s", i);
		assert_true(save_propose(directory, "imza", "p7s", path));
		assert_string_equal(path, in_directory(expected));
		assert_int_equal(save_new_file(path, &content, 1, NULL), ERR_OK);
	}
	assert_true(save_propose("/", "a", "b", path));
	assert_string_equal(path, "/a.b");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(writes_all_parts_for_the_owner_alone),
		IN_DIRECTORY(never_overwrites),
		IN_DIRECTORY(name_taken_while_writing_is_left_alone),
		IN_DIRECTORY(link_is_not_followed),
		IN_DIRECTORY(abandoned_leaves_nothing),
		IN_DIRECTORY(places_that_cannot_be_written),
		IN_DIRECTORY(full_disk_is_told_and_leaves_nothing),
		IN_DIRECTORY(proposes_a_free_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "script.h"

#include <stdio.h>
#include <stdlib.h>

#include "card/file.h"

static const struct file_path local = {.at = {0x50, 0x31}, .n = 2};
static const struct file_path deep = {.at = {0x3F, 0x00, 0x50, 0x15, 0x44, 0x01}, .n = 6};
static const struct file_path beside = {.at = {0x3F, 0x00, 0x50, 0x15, 0x44, 0x02}, .n = 6};

typedef enum err reading(
	struct file_system *, const struct file_path *, struct bytes *, struct error *);

/* Reads the files one behind the other from the card that plays text; the last one's result. */
static enum err play(const char *text, reading *read, const struct file_path *const *paths,
	unsigned long_ne, struct bytes *out)
{
	struct reader *r = script_open(text);
	struct channel c = channel_of(r);
	struct file_system fs = file_system_of(&c);
	struct error e;
	enum err code = ERR_OK;
	bool fresh;

	if (long_ne)
		channel_extend(&c, long_ne, long_ne);
	reader_begin(r, &fresh, &e);
	for (; *paths; paths++) {
		bytes_clear(out);
		code = read(&fs, *paths, out, &e);
	}
	reader_end(r, false);
	script_close(r);
	return code;
}

static void expect(const char *text, reading *read, const struct file_path *path, unsigned long_ne,
	enum err code, size_t n)
{
	const struct file_path *const paths[] = {path, NULL};
	struct bytes out = {0};

	assert_int_equal(play(text, read, paths, long_ne, &out), code);
	assert_int_equal(out.n, n);
	bytes_free(&out);
}

/* "< ", a SEQUENCE header for size bytes in all, and as much filling as makes count bytes; then 9000. */
static char *put_piece(char *p, unsigned size, unsigned count, bool first)
{
	p += sprintf(p, "< ");
	if (first)
		p += sprintf(p, "3082%04X", size - 4);
	for (unsigned i = first ? 4 : 0; i < count; i++)
		p += sprintf(p, "AA");
	return p + sprintf(p, "9000\n");
}

static void an_object_is_read_to_its_end_and_no_further(void **state)
{
	char *text = must_zalloc(8000), *p = text;

	(void)state;
	p += sprintf(p, "> 00A4020C025031\n< 9000\n> 00B0000000\n");
	p = put_piece(p, 600, 256, true);
	p += sprintf(p, "> 00B0010000\n");
	p = put_piece(p, 600, 256, false);
	p += sprintf(p, "> 00B0020058\n");
	put_piece(p, 600, 88, false);
	expect(text, file_read_object, &local, 0, ERR_OK, 600);
	free(text);
}

static void in_one_piece_where_the_card_can(void **state)
{
	char *text = must_zalloc(8000), *p = text;

	(void)state;
	p += sprintf(p, "> 00A4020C025031\n< 9000\n> 00B00000000400\n");
	p = put_piece(p, 600, 700, true); /* filling behind the object is not ours */
	expect(text, file_read_object, &local, 1024, ERR_OK, 600);
	free(text);
}

/* A card or a reader that does not bear what was promised is asked in short form. */
static void long_form_is_given_up_when_refused(void **state)
{
	char *text = must_zalloc(8000), *p = text;

	(void)state;
	p += sprintf(p, "> 00A4020C025031\n< 9000\n> 00B00000000400\n< 6700\n> 00B0000000\n");
	p = put_piece(p, 100, 100, true);
	expect(text, file_read_object, &local, 1024, ERR_OK, 100);
	p = text;
	p += sprintf(p, "> 00A4020C025031\n< 9000\n> 00B00000000400\n! CARD_IO\n> 00B0000000\n");
	put_piece(p, 100, 100, true);
	expect(text, file_read_object, &local, 1024, ERR_OK, 100);
	free(text);
}

static void an_object_that_is_not_all_there(void **state)
{
	(void)state;
	expect("> 00A4020C025031\n< 9000\n> 00B0000000\n< 308201006282", file_read_object, &local,
		0, ERR_CARD_DATA, 0);
	expect("> 00A4020C025031\n< 9000\n> 00B0000000\n< 308201009000\n> 00B0000400\n< 6B00",
		file_read_object, &local, 0, ERR_CARD_DATA, 0);
	expect("> 00A4020C025031\n< 9000\n> 00B0000000\n< 30FF9000", file_read_object, &local, 0,
		ERR_CARD_DATA, 0);
	expect("> 00A4020C025031\n< 9000\n> 00B0000000\n< 3083FFFFFF9000\n> 00B0000500\n< 9000",
		file_read_object, &local, 0, ERR_CARD_DATA, 0);
	expect("> 00A4020C025031\n< 9000\n> 00B0000000\n< 6B00", file_read_object, &local, 0,
		ERR_NOT_FOUND, 0);
	expect("> 00A4020C025031\n< 9000\n> 00B0000000\n< 6982", file_read_object, &local, 0,
		ERR_CARD_REFUSED, 0);
}

static void objects_end_at_their_filling(void **state)
{
	(void)state;
	expect("> 00A4020C025031\n< 9000\n> 00B0000000\n< 300100300100 0000006282",
		file_read_objects, &local, 0, ERR_OK, 6);
	expect("> 00A4020C025031\n< 9000\n> 00B0000000\n< 300100FFFFFFFF9000", file_read_objects,
		&local, 0, ERR_OK, 3);
	expect("> 00A4020C025031\n< 9000\n> 00B0000000\n< 3001003005AA9000\n> 00B0000600\n< "
	       "BBBBBBBB9000",
		file_read_objects, &local, 0, ERR_OK, 10);
	expect("> 00A4020C025031\n< 9000\n> 00B0000000\n< 3001003005AA9000\n> 00B0000600\n< 6B00",
		file_read_objects, &local, 0, ERR_OK, 3);
}

static void how_a_card_selects_is_learned_once(void **state)
{
	const struct file_path *const twice[] = {&local, &local, NULL};
	struct bytes out = {0};

	(void)state;
	assert_int_equal(play("> 00A4020C025031\n< 6A86\n> 00A402000250 3100\n< 6F009000\n> "
			      "00B0000000\n< 3001009000\n"
			      "> 00A4020002503100\n< 6F009000\n> 00B0000000\n< 3001009000\n",
				 file_read_objects, twice, 0, &out),
		ERR_OK);
	assert_int_equal(play("> 00A4020C025031\n< 6A86\n> 00A4020002503100\n< 6A86\n> "
			      "00A4020402503100\n< 6A86\n"
			      "> 00A4000C025031\n< 9000\n> 00B0000000\n< 3001009000\n"
			      "> 00A4000C025031\n< 9000\n> 00B0000000\n< 3001009000\n",
				 file_read_objects, twice, 0, &out),
		ERR_OK);
	bytes_free(&out);
}

static void a_path_is_gone_once(void **state)
{
	const struct file_path *const both[] = {&deep, &beside, NULL};
	struct bytes out = {0};

	(void)state;
	assert_int_equal(play("> 00A4080C0450154401\n< 9000\n> 00B0000000\n< 3001009000\n"
			      "> 00A4020C024402\n< 9000\n> 00B0000000\n< 3001009000\n",
				 file_read_objects, both, 0, &out),
		ERR_OK);
	/* A card that takes no paths. */
	assert_int_equal(play("> 00A4080C0450154401\n< 6A86\n> 00A408000450154401 00\n< 6A86\n"
			      "> 00A4080404501544 0100\n< 6A86\n"
			      "> 00A4000C023F00\n< 9000\n> 00A4000C025015\n< 9000\n> "
			      "00A4020C024401\n< 9000\n"
			      "> 00B0000000\n< 3001009000\n"
			      "> 00A4020C024402\n< 9000\n> 00B0000000\n< 3001009000\n",
				 file_read_objects, both, 0, &out),
		ERR_OK);
	bytes_free(&out);
}

static void paths_that_cannot_be(void **state)
{
	static const struct file_path odd = {.at = {0x50}, .n = 1}, none = {.n = 0},
				      mf = {.at = {0x3F, 0x00}, .n = 2};

	(void)state;
	expect("", file_read_objects, &odd, 0, ERR_CARD_DATA, 0);
	expect("", file_read_objects, &none, 0, ERR_CARD_DATA, 0);
	expect("> 00A4020C023F00\n< 6A82\n> 00A4000C023F00\n< 9000\n> 00B0000000\n< 6986",
		file_read_objects, &mf, 0, ERR_CARD_REFUSED, 0);
}

/* A card that answers one byte at a time, without end. */
static void drops_are_not_drunk_for_ever(void **state)
{
	char *text = must_zalloc(1000 * 40), *p = text;

	(void)state;
	p += sprintf(p, "> 00A4020C025031\n< 9000\n> 00B0000000\n< 3082FFFF9000\n");
	for (unsigned at = 4; at < 4 + 511; at++)
		p += sprintf(p, "> 00B0%04X00\n< AA9000\n", at);
	expect(text, file_read_object, &local, 0, ERR_CARD_DATA, 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_object_is_read_to_its_end_and_no_further),
		cmocka_unit_test(in_one_piece_where_the_card_can),
		cmocka_unit_test(long_form_is_given_up_when_refused),
		cmocka_unit_test(an_object_that_is_not_all_there),
		cmocka_unit_test(objects_end_at_their_filling),
		cmocka_unit_test(how_a_card_selects_is_learned_once),
		cmocka_unit_test(a_path_is_gone_once),
		cmocka_unit_test(paths_that_cannot_be),
		cmocka_unit_test(drops_are_not_drunk_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

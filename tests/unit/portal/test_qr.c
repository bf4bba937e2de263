/* QR codes, read by zbarimg, which knows nothing of us. */
#include "unit.h"

#include "portal/web/qr.h"

#include <stdio.h>
#include <unistd.h>

#define SCALE 6 /* pixels of a module */
#define SIDE_MAX 64

/* The rectangles "Mx yhnv1h-nz" of a path as a picture (PGM). */
static void draw(const char *path, int size, FILE *out)
{
	static bool dark[SIDE_MAX][SIDE_MAX];
	int x, y, n, back, used = 0;

	memset(dark, 0, sizeof(dark));
	assert_in_range(size, 1, SIDE_MAX);
	for (; sscanf(path, "M%d %dh%dv1h-%dz%n", &x, &y, &n, &back, &used) == 4; path += used) {
		assert_int_equal(n, back);
		assert_in_range(y, QR_QUIET, size - QR_QUIET - 1);
		assert_in_range(x, QR_QUIET, size - QR_QUIET - n);
		for (int i = 0; i < n; i++)
			dark[y][x + i] = true;
	}
	assert_string_equal(path, "");
	fprintf(out, "P5\n%d %d\n255\n", size * SCALE, size * SCALE);
	for (y = 0; y < size * SCALE; y++)
		for (x = 0; x < size * SCALE; x++)
			fputc(dark[y / SCALE][x / SCALE] ? 0 : 255, out);
}

static void a_scanner_reads_the_digits(void **state)
{
	static const char digits[] = "01234567890123456";
	char picture[] = "/tmp/eonay-qr.XXXXXX", command[96], line[64] = "";
	struct bytes path = {0};
	FILE *out, *in;
	int size;

	(void)state;
	if (access("/usr/bin/zbarimg", X_OK) != 0)
		skip();
	assert_int_equal(qr_path(digits, &path, &size, NULL), ERR_OK);
	assert_int_equal(size, 21 + 2 * QR_QUIET); /* version 1 */
	out = fdopen(mkstemp(picture), "w");
	assert_non_null(out);
	draw(bytes_text(&path), size, out);
	fclose(out);
	snprintf(command, sizeof(command), "/usr/bin/zbarimg -q --raw PGM:%s", picture);
	in = popen(command, "r");
	assert_non_null(in);
	assert_non_null(fgets(line, sizeof(line), in));
	pclose(in);
	unlink(picture);
	line[strcspn(line, "\n")] = '\0';
	assert_string_equal(line, digits);
	bytes_free(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_scanner_reads_the_digits)};

	return cmocka_run_group_tests_name("portal qr", tests, NULL, NULL);
}

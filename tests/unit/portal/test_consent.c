#include "unit.h"

#include "portal/consent.h"

#include <stdio.h>
#include <unistd.h>

/* Seed, step 11. */
static const char official[] = "Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu "
			       "kullanabilmek için onay veriyorum.";

/* What is loaded from a file with the content. */
static enum err load(const char *content, struct texts *out)
{
	char path[] = "/tmp/eonay-consent.XXXXXX";
	int fd = mkstemp(path);
	ssize_t n = (ssize_t)strlen(content);
	enum err code;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, (size_t)n), n);
	close(fd);
	*out = (struct texts){0};
	code = consent_load(path, out, NULL);
	unlink(path);
	return code;
}

static bool says(struct texts *t, const char *text)
{
	return t->count == 1 && span_equal(bytes_span(&t->at[0]), span_text(text));
}

static void without_a_file_it_is_the_official_text(void **state)
{
	struct texts t = {0};

	(void)state;
	assert_int_equal(consent_load("", &t, NULL), ERR_OK);
	assert_true(says(&t, official));
	assert_int_equal(texts_judge(&t, NULL), ERR_OK);
	texts_free(&t);
}

static void a_file_is_taken_without_its_last_line_feed(void **state)
{
	struct texts t;

	(void)state;
	assert_int_equal(load("Onay veriyorum.\nİki satır.\n", &t), ERR_OK);
	assert_true(says(&t, "Onay veriyorum.\nİki satır."));
	texts_free(&t);
	assert_int_equal(load("Onay", &t), ERR_OK);
	assert_true(says(&t, "Onay"));
	texts_free(&t);
}

static void what_cannot_be_signed_is_refused(void **state)
{
	struct texts t;

	(void)state;
	assert_int_equal(load("", &t), ERR_TEXT_SIZE);
	texts_free(&t);
	assert_int_equal(load("\n", &t), ERR_TEXT_SIZE);
	texts_free(&t);
	assert_int_equal(load("Onay\x1B[2J", &t), ERR_TEXT_UNSAFE);
	texts_free(&t);
	t = (struct texts){0};
	assert_int_equal(consent_load("/nonexistent/text", &t, NULL), ERR_FILE_READ);
	texts_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_file_it_is_the_official_text),
		cmocka_unit_test(a_file_is_taken_without_its_last_line_feed),
		cmocka_unit_test(what_cannot_be_signed_is_refused),
	};

	return cmocka_run_group_tests_name("portal consent", tests, NULL, NULL);
}
